package io.tidecast.cli.job;

import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.format.SourceFormat;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * Asks for the unit that times probably have when they come out in the first year of all: seconds
 * that are read as milliseconds are in January 1970.
 */
public final class LikelyUnit {

  private static final Instant EARLIEST_PLAUSIBLE = Instant.parse("2000-01-01T00:00:00Z");

  private static final long YEAR_MILLIS = Duration.ofDays(366).toMillis();

  private LikelyUnit() {}

  /**
   * Asks whether another unit is meant, as a sentence; empty where the times are none of that year,
   * or no unit would make sense of them.
   *
   * @param latestMillis the latest time of the observations, epoch milliseconds
   * @param nowMillis of the wall clock, epoch milliseconds
   */
  public static Optional<String> of(JobConfig config, long latestMillis, long nowMillis) {
    if (latestMillis < 0 || latestMillis > YEAR_MILLIS) {
      return Optional.empty();
    }
    Instant larger = Instant.ofEpochSecond(latestMillis);
    if (larger.isBefore(EARLIEST_PLAUSIBLE)
        || larger.isAfter(Instant.ofEpochMilli(nowMillis + YEAR_MILLIS))) {
      return Optional.empty();
    }
    return Optional.of(
        switch (timeFormat(config.source().format())) {
          case "epoch-millis" -> unit("seconds", "epoch-seconds", larger);
          case "epoch-micros" -> unit("milliseconds", "epoch-millis", larger);
          case "epoch-nanos" -> unit("microseconds", "epoch-micros", larger);
          default ->
              String.format(
                  Locale.ROOT, "is the producer's time in seconds? That would be %s.", larger);
        });
  }

  private static String unit(String name, String format, Instant time) {
    return String.format(
        Locale.ROOT,
        "is the time in %s, which would be %s? Then set source.mapping.time-format: %s.",
        name,
        time,
        format);
  }

  private static String timeFormat(SourceFormat format) {
    return format instanceof SourceFormat.Mapped mapped
        ? mapped.mapping().time().format().name()
        : "";
  }
}
