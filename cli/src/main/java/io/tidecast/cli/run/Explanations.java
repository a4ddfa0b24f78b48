package io.tidecast.cli.run;

import static io.tidecast.flink.metrics.JobMetric.ACCEPTED_RECORDS;
import static io.tidecast.flink.metrics.JobMetric.CLOSED_CELLS;
import static io.tidecast.flink.metrics.JobMetric.COUNTER_RESETS;
import static io.tidecast.flink.metrics.JobMetric.DEAD_LETTERS;
import static io.tidecast.flink.metrics.JobMetric.DOUBTFUL_TIMES;
import static io.tidecast.flink.metrics.JobMetric.EARLIEST_MILLIS;
import static io.tidecast.flink.metrics.JobMetric.EMPTY_CELLS;
import static io.tidecast.flink.metrics.JobMetric.FAILED_RUNS;
import static io.tidecast.flink.metrics.JobMetric.FALLBACK_FORECASTS;
import static io.tidecast.flink.metrics.JobMetric.FORECASTS;
import static io.tidecast.flink.metrics.JobMetric.FORECAST_REQUESTS;
import static io.tidecast.flink.metrics.JobMetric.LATEST_MILLIS;
import static io.tidecast.flink.metrics.JobMetric.MISSING_COVARIATES;
import static io.tidecast.flink.metrics.JobMetric.NEEDED_CELLS;
import static io.tidecast.flink.metrics.JobMetric.OPENED_CELLS;
import static io.tidecast.flink.metrics.JobMetric.REFUSED_RECORDS;
import static io.tidecast.flink.metrics.JobMetric.REQUESTS_READ;
import static io.tidecast.flink.metrics.JobMetric.SERIES;
import static io.tidecast.flink.metrics.JobMetric.SKIPPED_MISSING_VALUES;
import static io.tidecast.flink.metrics.JobMetric.SKIPPED_VALUES;
import static io.tidecast.flink.metrics.JobMetric.SKIPPED_WINDOWS;
import static io.tidecast.flink.metrics.JobMetric.TIMED_OUT_WINDOWS;
import static io.tidecast.flink.metrics.JobMetric.WAITED_WINDOWS;

import io.tidecast.cli.job.LikelyUnit;
import io.tidecast.cli.meter.JobFigures;
import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.format.SourceFormat;
import io.tidecast.flink.format.field.FieldPath;
import io.tidecast.flink.grid.Cadence;
import io.tidecast.flink.grid.Spelling;
import io.tidecast.flink.series.Close;
import io.tidecast.runtime.context.Fill;
import io.tidecast.runtime.context.GapSettings;
import io.tidecast.schemas.ErrorCode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The sentences of a {@link Diagnosis}: what is the matter, in figures, and which key or page to
 * look at. Each ends what "No forecast: " begins.
 */
final class Explanations {

  private static final int MOST_PARTITIONS = 3;
  private static final int MOST_PATHS = 3;

  /** The place of a line, as a dead letter has it. */
  private static final Pattern PLACE_IN_FILE = Pattern.compile("-0@(\\d+): ");

  private final JobConfig config;
  private final JobFigures figures;

  Explanations(JobConfig config, JobFigures figures) {
    this.config = config;
    this.figures = figures;
  }

  /** The same as a sentence of its own. */
  String some(String reason) {
    return reason.substring(0, 1).toUpperCase(Locale.ROOT) + reason.substring(1);
  }

  String nothingRead() {
    String origin = config.source().origin();
    if (isOfFiles()) {
      return say("no line was read of %s: is there anything after the first line?", origin);
    }
    return switch (config.source().start()) {
      case EARLIEST -> say("no record was read of %s: is the topic empty?", origin);
      case LATEST ->
          say(
              "no record has come to %s since the job began; source.start: earliest reads those of before.",
              origin);
      case COMMITTED ->
          say(
              "no record was read of %s: either it is empty, or the group %s has read it already; another source.group-id reads it anew.",
              origin, config.source().groupId());
    };
  }

  String refused() {
    return say(
        "none of the %,d records that were read is a good observation; they are dead letters.",
        figures.sum(REFUSED_RECORDS));
  }

  String passedOver(PassedOverFigures passed) {
    long notAskedFor = passed.of(PassedOverFigures.NOT_ASKED_FOR);
    if (notAskedFor > 0) {
      return say(
          "%,d records, or elements of them, were read, and source.mapping.where asks for none of them: are its paths and values as in the records?",
          notAskedFor);
    }
    long noElements = passed.of(PassedOverFigures.NO_ELEMENTS);
    return noElements > 0
        ? noElements(noElements)
        : say(
            "none of what was read is an observation%s.",
            passed.described().replaceFirst(",", ":"));
  }

  String noElements(long count) {
    return say(
        "%,d times there was nothing to go over at source.mapping.each=%s.",
        count,
        config.source().format() instanceof SourceFormat.Mapped mapped
            ? mapped.mapping().each()
            : "");
  }

  String unread(long count) {
    String paths =
        config.source().format() instanceof SourceFormat.Mapped mapped
            ? mapped
                .mapping()
                .fields()
                .filter(path -> path.steps().stream().anyMatch(step -> step.index() >= 0))
                .map(FieldPath::toString)
                .distinct()
                .limit(MOST_PATHS)
                .collect(Collectors.joining(", "))
            : "";
    return say(
        "%,d elements of arrays are not read, for the mapping reads others of them by number (%s): source.mapping.each goes over all.",
        count, paths);
  }

  String covariates() {
    return say(
        "%,d of %,d windows had to wait for future covariates, %,d of them in vain: has covariates.topic values as far ahead as the horizon, under the names of the series?",
        figures.sum(WAITED_WINDOWS),
        figures.sum(FORECAST_REQUESTS),
        figures.sum(MISSING_COVARIATES));
  }

  String model() {
    return say(
        "%,d windows were given to the model, and it has answered none%s.",
        figures.sum(FORECAST_REQUESTS), failures());
  }

  String requests() {
    return say(
        "forecasts are made on request alone (series.forecast-every: never), and %,d requests were read of requests.topic=%s.",
        figures.sum(REQUESTS_READ), String.valueOf(config.requests().topic()));
  }

  String late() {
    return say(
        "%,d of %,d observations came too late for their cell: is %s, or out of order by more than %sseries.allowed-lateness=%s?",
        figures.of(DEAD_LETTERS, ErrorCode.LATE.code()),
        figures.sum(ACCEPTED_RECORDS),
        isOfFiles()
            ? "the file newest first (source.order: newest-first reads it so)"
            : "the topic newest first (source.order: newest-first reads it so, up to a source.stop)",
        config.series().close() == Close.ARRIVAL
            ? ""
            : say(
                "source.max-out-of-orderness=%s and ",
                config.series().lateness().maxOutOfOrderness()),
        config.series().lateness().allowed());
  }

  String oneCell() {
    long opened = figures.sum(OPENED_CELLS);
    return say(
        "all %,d observations fell into %s of %s, up to %s: %s",
        figures.sum(ACCEPTED_RECORDS),
        opened <= 1 ? "one cell" : say("one cell each of %,d series,", opened),
        config.series().step().length(),
        latest(),
        likelyUnit().orElse("do all records have one time, or is series.step too long?"));
  }

  String gaps() {
    double skips =
        figures.of(SKIPPED_WINDOWS, "too-many-missing")
            + (double) figures.of(SKIPPED_WINDOWS, "gap-too-long");
    GapSettings gaps = config.series().gaps();
    return say(
        "%,.0f windows were skipped for their gaps, with %.0f of %.0f values missing on average, and %s: is series.step=%s right?",
        skips,
        figures.sum(SKIPPED_MISSING_VALUES) / skips,
        figures.sum(SKIPPED_VALUES) / skips,
        gaps.fill() == Fill.NONE
            ? "series.fill=none fills none"
            : say(
                "series.max-filled-cells=%d, series.max-consecutive-filled=%d",
                gaps.maxFilledCells(), gaps.maxConsecutiveFilled()),
        config.series().step().length());
  }

  String valueless() {
    return say(
        "none of the %,d observations has a value: do the paths of source.mapping.values lead to numbers?",
        figures.sum(ACCEPTED_RECORDS));
  }

  String counterResets() {
    return say(
        "%,d readings of counters were below the one before: series.counter-reset=%s says what becomes of that.",
        figures.sum(COUNTER_RESETS), Spelling.of(config.series().cells().counter().reset()));
  }

  String empty() {
    return say(
        "all %,d cells that closed are without a value: do the paths of source.mapping.values lead to numbers?",
        figures.sum(EMPTY_CELLS));
  }

  String watermark() {
    String waiting =
        say(
            "%,d of %,d cells wait for the watermark to pass them (series.close=%s)",
            figures.sum(OPENED_CELLS) - figures.sum(CLOSED_CELLS),
            figures.sum(OPENED_CELLS),
            Spelling.of(config.series().close()));
    Map<String, Long> partitions = figures.watermarks();
    long slowest = partitions.values().stream().mapToLong(Long::longValue).min().orElse(0);
    List<String> holding =
        partitions.entrySet().stream()
            .filter(one -> one.getValue() == slowest)
            .map(Map.Entry::getKey)
            .limit(MOST_PARTITIONS)
            .toList();
    if (holding.isEmpty()) {
      return waiting + "; it does once every partition has an observation after their end.";
    }
    String names = String.join(", ", holding);
    return slowest == Long.MIN_VALUE
        ? say(
            "%s, and %s without a good observation yet holds it back, for source.idle-timeout=%s at most (0s is for ever).",
            waiting, names, config.source().idleTimeout())
        : say(
            "%s, and it stands at %s, as far as the slowest partition is, %s; source.max-out-of-orderness=%s keeps it back as well.",
            waiting, Instant.ofEpochMilli(slowest), names, config.source().maxOutOfOrderness());
  }

  String coldStart() {
    if (figures.goesOn()) {
      return say(
          "%,d times a series had not the %,d cells yet from which on the model is asked (series.min-context)%s",
          figures.of(SKIPPED_WINDOWS, "cold-start"),
          figures.greatest(NEEDED_CELLS),
          likelyUnit().map(unit -> ": " + unit).orElse("."));
    }
    return say(
        "%,d series have %.1f cells of %s on average, up to %s, and the model is asked once a series has %,d (series.min-context)%s",
        series(),
        (double) figures.sum(OPENED_CELLS) / series(),
        config.series().step().length(),
        latest(),
        figures.greatest(NEEDED_CELLS),
        likelyUnit().map(unit -> ": " + unit).orElse("."));
  }

  String notDue() {
    Cadence cadence = config.series().cadence();
    return say(
        "none was due at the %,d cells that closed (%s).",
        figures.sum(CLOSED_CELLS),
        cadence.at().isEmpty()
            ? "series.forecast-every=" + cadence.every()
            : say("series.forecast-at=%s in series.zone=%s", cadence.at(), cadence.zone()));
  }

  String underWay() {
    return say(
        "%,d observations were read, up to %s, and none has come to a forecast yet.",
        figures.sum(ACCEPTED_RECORDS), latest());
  }

  /** Whether all times are of the year 1970, and would be of this century in a larger unit. */
  boolean isUnitOfAllDoubtful() {
    return likelyUnit().isPresent();
  }

  /** That times make no sense, of all observations or of some; empty where they do. */
  Optional<String> unit() {
    Optional<String> ofAll =
        likelyUnit()
            .map(
                unit -> say("The observations are of the year 1970, up to %s: %s", latest(), unit));
    long doubtful = figures.sum(DOUBTFUL_TIMES);
    if (ofAll.isPresent() || doubtful == 0) {
      return ofAll;
    }
    long earliest = figures.least(EARLIEST_MILLIS);
    return Optional.of(
        say(
            "%,d of %,d observations are of the first days of 1970, from %s on: %s",
            doubtful,
            figures.sum(ACCEPTED_RECORDS),
            Instant.ofEpochMilli(earliest),
            LikelyUnit.of(config, earliest)
                .orElse("is the time of some producers in another unit?")));
  }

  String fallbacks() {
    long fallbacks = figures.sum(FALLBACK_FORECASTS);
    long lacking = figures.sum(MISSING_COVARIATES);
    return say(
        "%,d of %,d forecasts are the baseline's and not the model's%s%s.",
        fallbacks,
        figures.sum(FORECASTS) + fallbacks,
        failures(),
        lacking == 0 ? "" : say("; %,d windows lacked future covariates", lacking));
  }

  String deadLetters(String reason, long count) {
    String example = figures.examples().get(reason);
    return say(
        "%,d dead letter%s, %s%s (docs/troubleshooting.md#%s).",
        count,
        count == 1 ? "" : "s",
        reason,
        example == null ? "" : ", such as " + place(example),
        reason);
  }

  /** How many series there are, at least one. */
  long series() {
    return Math.max(1, figures.sum(SERIES));
  }

  private String failures() {
    List<String> failures = new ArrayList<>();
    long failed = figures.sum(FAILED_RUNS);
    if (failed > 0) {
      failures.add(say("%,d of its runs failed, the first as --debug shows", failed));
    }
    long late = figures.sum(TIMED_OUT_WINDOWS);
    if (late > 0) {
      failures.add(
          say(
              "%,d windows had no answer within model.timeout=%s",
              late, config.inference().timeout()));
    }
    return failures.isEmpty() ? "" : ": " + String.join("; ", failures);
  }

  private Optional<String> likelyUnit() {
    return LikelyUnit.of(config, figures.greatest(LATEST_MILLIS));
  }

  private String place(String example) {
    return isOfFiles() ? PLACE_IN_FILE.matcher(example).replaceFirst(" line $1: ") : example;
  }

  private Instant latest() {
    return Instant.ofEpochMilli(figures.greatest(LATEST_MILLIS));
  }

  private boolean isOfFiles() {
    return config.source().format() instanceof SourceFormat.Csv;
  }

  private static String say(String text, Object... values) {
    return String.format(Locale.ROOT, text, values);
  }
}
