package io.tidecast.cli.run;

import static io.tidecast.flink.metrics.JobMetric.DEAD_LETTERS;
import static io.tidecast.flink.metrics.JobMetric.EVENT_TIME_MILLIS;
import static io.tidecast.flink.metrics.JobMetric.FALLBACK_FORECASTS;
import static io.tidecast.flink.metrics.JobMetric.FORECASTS;
import static io.tidecast.flink.metrics.JobMetric.LATEST_MILLIS;
import static io.tidecast.flink.metrics.JobMetric.MAX_SERIES;
import static io.tidecast.flink.metrics.JobMetric.PARSED_RECORDS;
import static io.tidecast.flink.metrics.JobMetric.RECORDS_READ;

import io.tidecast.cli.meter.JobFigures;
import io.tidecast.cli.meter.JobMeter;
import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.metrics.JobMetric;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Says what becomes of a job while it runs and at its end: how far it is if it ends by itself, how
 * many series it has room for, and what stands in the way of forecasts. Nothing is said twice
 * unless it has become much more, or an hour has passed. One thread uses it.
 */
final class RunProgress {

  /** The exit code of a job that came to its end, and has lost something of what it made. */
  static final int LOST = 1;

  /** The exit code of a job that came to its end, has read something, and made no forecast. */
  static final int NO_FORECAST = 3;

  private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** A job that has no forecast after this time says why. */
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private static final long SOON_NANOS = TimeUnit.MINUTES.toNanos(1);
  private static final long LONG_NANOS = TimeUnit.HOURS.toNanos(1);
  private static final int MEBIBYTE_SHIFT = 20;

  private final JobMeter meter;
  private final LossSummary losses = new LossSummary();
  private final JobConfig config;
  private final OptionalLong total;
  private final long startNanos;
  private final long startRecords;
  private final Map<String, Said> said = new HashMap<>();
  private long spokenNanos;
  private boolean blocked;

  /** When all subtasks had begun; null before. */
  private @Nullable Long begunNanos;

  /** When something was said last, and how much it was about. */
  private record Said(long nanos, long weight) {}

  /**
   * @param total records that there are to read; empty when not known
   */
  RunProgress(JobMeter meter, JobConfig config, OptionalLong total, long nowNanos) {
    this.meter = meter;
    this.config = config;
    this.total = total;
    this.startNanos = nowNanos;
    this.spokenNanos = nowNanos;
    this.startRecords = records(meter.figures());
  }

  /** Says what is new; nothing most of the time. Called every second or so. */
  List<String> lines(long nowNanos) {
    JobFigures figures = meter.figures();
    List<String> lines = new ArrayList<>();
    if (begunNanos == null && figures.size(MAX_SERIES) >= config.job().parallelism()) {
      begunNanos = nowNanos;
      lines.add(limit(figures));
    }
    losses.news(figures).ifPresent(lines::add);
    if (config.source().isBounded() && nowNanos - spokenNanos >= INTERVAL_NANOS) {
      spokenNanos = nowNanos;
      lines.add(progress(figures, nowNanos));
    }
    List<Finding> findings = findings(figures);
    if (blocked && findings.stream().noneMatch(Finding::blocking)) {
      blocked = false;
      lines.add("The first forecasts have been made.");
    }
    for (Finding finding : findings) {
      if (isNews(finding, nowNanos) && !(finding.blocking() && isEarly(nowNanos))) {
        said.put(finding.topic(), new Said(nowNanos, finding.weight()));
        blocked |= finding.blocking();
        lines.add(finding.sentence());
      }
    }
    return lines;
  }

  /** Says at the end what was done, and all that there is to say about it. */
  List<String> end(long nowNanos) {
    JobFigures figures = meter.figures();
    List<String> lines = new ArrayList<>();
    lines.add(summary(figures, nowNanos));
    findings(figures).forEach(finding -> lines.add(finding.sentence()));
    LossSummary.whole(figures).ifPresent(lines::add);
    LossSummary.repeated(figures).ifPresent(lines::add);
    return lines;
  }

  /**
   * Says that all is committed, but for what is lost.
   *
   * @param claim without a full stop
   */
  String end(String claim) {
    return LossSummary.end(claim, meter.figures());
  }

  /**
   * The exit code of a job that has come to its end: 0, {@link #LOST} if something is lost, or
   * {@link #NO_FORECAST} if it has read something and something stood in the way of every forecast.
   */
  int exitCode() {
    JobFigures figures = meter.figures();
    if (LossSummary.whole(figures).isPresent()) {
      return LOST;
    }
    boolean blocks = findings(figures).stream().anyMatch(Finding::blocking);
    // Of this run: what was read before a checkpoint was answered then.
    return figures.hasCounted(PARSED_RECORDS) && blocks ? NO_FORECAST : 0;
  }

  private List<Finding> findings(JobFigures figures) {
    return Diagnosis.of(config, figures, System.currentTimeMillis());
  }

  private boolean isNews(Finding finding, long nowNanos) {
    Said before = said.get(finding.topic());
    if (before == null) {
      return true;
    }
    long passed = nowNanos - before.nanos;
    return passed >= LONG_NANOS || (passed >= SOON_NANOS && finding.weight() >= 2 * before.weight);
  }

  private boolean isEarly(long nowNanos) {
    return begunNanos == null || nowNanos - begunNanos < PATIENCE_NANOS;
  }

  /** Says how many series there is room for. */
  private String limit(JobFigures figures) {
    long most = figures.sum(MAX_SERIES);
    return config.series().retention().maxSeries() == null
        ? say(
            "Remembers up to %,d series, what a heap of %,d MiB has room for; observations of more are dead letters, unless series.max-series or a larger heap allows them.",
            most, Runtime.getRuntime().maxMemory() >> MEBIBYTE_SHIFT)
        : say("Remembers up to %,d series (series.max-series).", most);
  }

  private String progress(JobFigures figures, long nowNanos) {
    return say(
        "Read %s records, %s, %,d/s",
        total.isPresent()
            ? say("%,d of %,d", records(figures), total.getAsLong())
            : say("%,d", records(figures)),
        reached(figures),
        perSecond(figures, nowNanos));
  }

  private String summary(JobFigures figures, long nowNanos) {
    Duration took = Duration.ofNanos(nowNanos - startNanos);
    return say(
        "%s: %,d records, %s, in %,.1f s, %,d/s; %,d forecasts, %,d of them fallbacks, %,d dead letters%s.%s",
        config.source().isBounded() ? "Done" : "In all",
        records(figures),
        reached(figures),
        took.toMillis() / 1_000.0,
        perSecond(figures, nowNanos),
        figures.sumOfAllAttempts(FORECASTS) + figures.sumOfAllAttempts(FALLBACK_FORECASTS),
        figures.sumOfAllAttempts(FALLBACK_FORECASTS),
        figures.sumOfAllAttempts(DEAD_LETTERS),
        PassedOverFigures.of(figures).described(),
        figures.hasEarlier()
            ? " What was made again after a failure is counted again; it is committed once."
            : "");
  }

  /** Those of a job that ends by itself are counted on over its restarts. */
  private long records(JobFigures figures) {
    return config.source().isBounded()
        ? figures.sum(RECORDS_READ)
        : figures.sumOfAllAttempts(PARSED_RECORDS);
  }

  private String reached(JobFigures figures) {
    JobMetric metric = config.source().isBounded() ? EVENT_TIME_MILLIS : LATEST_MILLIS;
    long millis = figures.greatest(metric);
    return millis == Long.MIN_VALUE ? "no time" : "up to " + Instant.ofEpochMilli(millis);
  }

  private long perSecond(JobFigures figures, long nowNanos) {
    long nanos = Math.max(1, nowNanos - startNanos);
    return Math.round((records(figures) - startRecords) * 1e9 / nanos);
  }

  private static String say(String text, Object... values) {
    return String.format(Locale.ROOT, text, values);
  }
}
