package io.tidecast.benchmarks.topics;

import io.tidecast.schemas.DeadLetter;
import io.tidecast.schemas.Forecast;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What became of a case.
 *
 * @param refusals why the job did not start; empty when it did
 * @param forecasts in any order
 * @param deadLetters in any order
 */
record Outcome(List<String> refusals, List<Forecast> forecasts, List<DeadLetter> deadLetters) {

  /** Matches the end of what the clock of the job allows, which is another every time. */
  private static final Pattern NOW = Pattern.compile("(?<=\\.\\.)\\d{4}-[0-9T:.-]+Z");

  static Outcome refused(List<String> problems) {
    return new Outcome(problems, List.of(), List.of());
  }

  /**
   * Returns it as lines that are the same whenever the outcome is: each forecast with its origin
   * and points, then each reason for a dead letter with their number and what the first one says.
   */
  String describe() {
    List<String> lines = new ArrayList<>();
    refusals.forEach(problem -> lines.add("refused: " + problem));
    forecasts.stream()
        .sorted(
            Comparator.comparing(Forecast::getSeries)
                .thenComparing(Forecast::getOrigin)
                .thenComparing(Forecast::getRevision))
        .map(Outcome::describe)
        .forEach(lines::add);
    Map<String, List<DeadLetter>> byReason =
        deadLetters.stream()
            .collect(
                Collectors.groupingBy(DeadLetter::getReason, TreeMap::new, Collectors.toList()));
    byReason.forEach(
        (reason, letters) ->
            lines.add(
                "dead letters: %d %s: %s"
                    .formatted(
                        letters.size(),
                        reason,
                        NOW.matcher(letters.get(0).getDetail()).replaceAll("(now)"))));
    if (lines.isEmpty()) {
      lines.add("nothing");
    }
    return String.join("\n", lines) + "\n";
  }

  private static String describe(Forecast forecast) {
    return "%s %s: %s%s%s%s"
        .formatted(
            forecast.getSeries(),
            forecast.getOrigin(),
            forecast.getPoints().stream()
                .map(point -> plain(point))
                .collect(Collectors.joining(" ")),
            forecast.getFilledCells() == 0 ? "" : ", filled " + forecast.getFilledCells(),
            forecast.getFallback() ? ", by the baseline" : "",
            forecast.getRevision() == 0 ? "" : ", revision " + forecast.getRevision());
  }

  /** Writes a number that is a 32-bit float as one, so that what was 0.1 is 0.1. */
  private static String plain(double value) {
    BigDecimal decimal =
        value == (float) value
            ? new BigDecimal(Float.toString((float) value))
            : BigDecimal.valueOf(value);
    return decimal.stripTrailingZeros().toPlainString();
  }
}
