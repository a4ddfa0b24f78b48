package io.tidecast.cli.check;

import io.tidecast.cli.check.CheckReport.Records;
import io.tidecast.cli.check.CheckReport.Refusal;
import io.tidecast.cli.check.CheckReport.Understood;
import io.tidecast.cli.console.Durations;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Prints a report for people, the verdict at its end. */
final class CheckText {

  private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm");
  private static final DateTimeFormatter DAY_AND_SECOND =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSS");

  private static final int MOST_CHARS_OF_A_CELL = 48;

  private final PrintWriter out;
  private final ZoneId zone;

  /**
   * @param zone that cells are shown in
   */
  CheckText(PrintWriter out, ZoneId zone) {
    this.out = out;
    this.zone = zone;
  }

  void print(CheckReport report) {
    say(
        "Job      %s: %s -> %s at %s",
        report.config(), report.from(), report.to(), report.servers());
    CheckReport.Model model = report.model();
    if (model != null) {
      print("", model);
    }
    report.others().forEach(other -> print(of(other), other.model()));
    if (!report.topics().isEmpty()) {
      say("");
      print(
          report.topics().stream()
              .map(
                  topic ->
                      List.of(
                          topic.key(),
                          topic.name(),
                          topic.partitions() == null
                              ? topic.state()
                              : topic.partitions()
                                  + (topic.partitions() == 1 ? " partition" : " partitions")))
              .toList());
    }
    report.created().forEach(line -> say(line));
    print(report.observations(), "Records");
    print(report.covariates(), "Covariates");
    list("Look at", report.notices());
    list("To put right", report.problems());
    say("");
    say(verdict(report));
    out.flush();
  }

  private static String verdict(CheckReport report) {
    int count = report.problems().size();
    return report.ready()
        ? "ready: ./tidecast run --config " + report.config()
        : "not ready: %d thing%s to put right, as said above"
            .formatted(count, count == 1 ? " is" : "s are");
  }

  /** Says which series a model is for, and what it does there. */
  private static String of(CheckReport.Other other) {
    return "%s, %s of %s%s: "
        .formatted(
            other.name(),
            other.role(),
            other.series() == null ? "all series" : "series " + other.series(),
            other.group() == null ? "" : " in groups " + other.group());
  }

  private void print(String whose, CheckReport.Model model) {
    Duration step = Duration.parse(model.step());
    say(
        "Model    %s%s %s: from %,d cells of %s (%s), %,d ahead (%s)%s",
        whose,
        model.id(),
        model.version(),
        model.contextCells(),
        Durations.rounded(step),
        Durations.rounded(step.multipliedBy(model.contextCells())),
        model.horizon(),
        Durations.rounded(step.multipliedBy(model.horizon())),
        model.quantileLevels().isEmpty() ? "" : ", quantiles " + model.quantileLevels());
    say(
        "         A series has its first forecast once it has %,d cells, %s.%s%s",
        model.neededCells(),
        Durations.rounded(Duration.parse(model.neededTime())),
        model.channels().isEmpty() ? "" : " Channels: %s.".formatted(join(model.channels())),
        model.futureCovariates().isEmpty()
            ? ""
            : " Known ahead must be: %s.".formatted(join(model.futureCovariates())));
    if (model.device() != null) {
      say("         %s", model.device());
    }
  }

  private static String join(List<String> names) {
    return String.join(", ", names);
  }

  private void print(@Nullable Records records, String title) {
    if (records == null) {
      return;
    }
    say("");
    say(
        "%s of %s: %,d read%s, %,d observation%s of %,d series understood, %,d refused%s",
        title,
        records.origin(),
        records.read(),
        records.available() == null ? "" : format(" of about %,d", records.available()),
        records.understood(),
        records.understood() == 1 ? "" : "s",
        records.series(),
        records.refused(),
        records.passedOver() == 0 ? "" : format(", %,d passed over", records.passedOver()));
    if (!records.shown().isEmpty()) {
      List<List<String>> rows = new ArrayList<>();
      rows.add(
          List.of(
              "place",
              "series",
              "time",
              "cell (" + (ZoneOffset.UTC.equals(zone.normalized()) ? "UTC" : zone) + ")",
              "values"));
      records.shown().forEach(one -> rows.add(row(one)));
      print(rows);
    }
    if (records.apart() != null) {
      say("  Records of a series are %s apart as a rule.", apart(records.apart()));
    }
    for (Refusal refusal : records.refusals()) {
      say("  refused, %,d: %s", refusal.count(), refusal.reason());
      refusal.details().forEach(detail -> say("      %s", detail));
      say("      such as %s  %s", refusal.place(), refusal.value());
    }
  }

  private static String apart(String duration) {
    return Durations.rounded(Duration.parse(duration));
  }

  private List<String> row(Understood one) {
    return List.of(
        one.place(),
        one.series().isEmpty() ? "(all)" : one.series(),
        one.time(),
        cell(Instant.parse(one.cellStart()), Instant.parse(one.cellEnd())),
        one.values().entrySet().stream().map(CheckText::value).collect(Collectors.joining(", ")));
  }

  private static String value(Map.Entry<String, @Nullable Double> entry) {
    Double number = entry.getValue();
    String text = number == null ? "missing" : number.toString().replaceFirst("\\.0$", "");
    return entry.getKey().equals("value") ? text : entry.getKey() + "=" + text;
  }

  /** From when to when; the date comes once where it is the same. */
  private String cell(Instant start, Instant end) {
    ZonedDateTime from = start.atZone(zone);
    ZonedDateTime to = end.atZone(zone);
    boolean whole = start.toEpochMilli() % 60_000 == 0 && end.toEpochMilli() % 60_000 == 0;
    DateTimeFormatter format = whole ? DAY : DAY_AND_SECOND;
    String last = format.format(to);
    return format.format(from)
        + " - "
        + (from.toLocalDate().equals(to.toLocalDate()) ? last.substring(11) : last);
  }

  /** Rows in columns as wide as what is in them. */
  private void print(List<List<String>> rows) {
    int columns = rows.get(0).size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], cut(row.get(i)).length());
      }
    }
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder(" ");
      for (int i = 0; i < columns; i++) {
        String cell = i == columns - 1 ? row.get(i) : cut(row.get(i));
        line.append(' ')
            .append(cell)
            .append(" ".repeat(Math.max(0, widths[i] - cell.length()) + 1));
      }
      out.println(line.toString().stripTrailing());
    }
  }

  private static String cut(String text) {
    return text.length() <= MOST_CHARS_OF_A_CELL
        ? text
        : text.substring(0, MOST_CHARS_OF_A_CELL - 3) + "...";
  }

  private void list(String title, List<String> sentences) {
    if (!sentences.isEmpty()) {
      out.println();
      out.println(title);
      sentences.forEach(sentence -> out.println("  - " + sentence));
    }
  }

  private void say(String text, Object... values) {
    out.println(format(text, values));
  }

  private static String format(String text, Object... values) {
    return values.length == 0 ? text : String.format(Locale.ROOT, text, values);
  }
}
