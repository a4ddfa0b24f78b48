package io.tidecast.cli.run;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/** Says how far a job is that ends by itself. One thread uses it. */
final class RunProgress {

  private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final JobMeter meter;
  private final OptionalLong total;
  private final long startNanos;
  private final long startRecords;
  private long spokenNanos;

  /**
   * @param total records that there are to read; empty when not known
   */
  RunProgress(JobMeter meter, OptionalLong total, long nowNanos) {
    this.meter = meter;
    this.total = total;
    this.startNanos = nowNanos;
    this.spokenNanos = nowNanos;
    this.startRecords = meter.count("recordsRead");
  }

  /** Says how far the job is; nothing when that was said a moment ago. */
  Optional<String> line(long nowNanos) {
    if (nowNanos - spokenNanos < INTERVAL_NANOS) {
      return Optional.empty();
    }
    spokenNanos = nowNanos;
    return Optional.of(
        String.format(
            Locale.ROOT,
            "Read %s records, %s, %,d/s",
            total.isPresent()
                ? String.format(Locale.ROOT, "%,d of %,d", records(), total.getAsLong())
                : String.format(Locale.ROOT, "%,d", records()),
            reached(),
            perSecond(nowNanos)));
  }

  /** Says at the end what was done. */
  String summary(long nowNanos) {
    Duration took = Duration.ofNanos(nowNanos - startNanos);
    return String.format(
        Locale.ROOT,
        "Done: %,d records, %s, in %,.1f s, %,d/s; %,d forecasts, %,d of them fallbacks, %,d dead letters.",
        records(),
        reached(),
        took.toMillis() / 1_000.0,
        perSecond(nowNanos),
        meter.count("forecasts") + meter.count("fallbackForecasts"),
        meter.count("fallbackForecasts"),
        meter.count("deadLetters"));
  }

  private long records() {
    return meter.count("recordsRead");
  }

  private String reached() {
    long millis = meter.greatest("eventTimeMillis");
    return millis == Long.MIN_VALUE ? "no time" : "up to " + Instant.ofEpochMilli(millis);
  }

  private long perSecond(long nowNanos) {
    long nanos = Math.max(1, nowNanos - startNanos);
    return Math.round((records() - startRecords) * 1e9 / nanos);
  }
}
