package io.tidecast.cli.job;

import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.format.SourceFormat;
import io.tidecast.runtime.time.EpochUnit;
import io.tidecast.runtime.time.Likely;
import java.util.Optional;

/**
 * Asks for the unit that times probably have when they come out in the first year of all: seconds
 * that are read as milliseconds are in January 1970.
 */
public final class LikelyUnit {

  private LikelyUnit() {}

  /**
   * Asks whether another unit is meant, as a sentence; empty where the times are none of that year,
   * or no unit would make sense of them.
   *
   * @param timeMillis a time of the observations, epoch milliseconds
   */
  public static Optional<String> of(JobConfig config, long timeMillis) {
    if (!(config.source().format() instanceof SourceFormat.Mapped mapped)) {
      return Likely.insteadOfFiner(EpochUnit.EPOCH_MILLIS, timeMillis)
          .map(
              likely ->
                  "is the producer's time in %s? That would be %s."
                      .formatted(name(likely.unit()), likely.time()));
    }
    return EpochUnit.of(mapped.mapping().time().format().name())
        .flatMap(unit -> Likely.insteadOfFiner(unit, timeMillis))
        .map(
            likely ->
                "is the time in %s, which would be %s? Then set source.mapping.time-format: %s."
                    .formatted(name(likely.unit()), likely.time(), likely.unit().label()));
  }

  private static String name(EpochUnit unit) {
    return switch (unit) {
      case EPOCH_DAYS, EXCEL_DAYS -> "days";
      case EPOCH_SECONDS -> "seconds";
      case EPOCH_MILLIS -> "milliseconds";
      case EPOCH_MICROS -> "microseconds";
      case EPOCH_NANOS -> "nanoseconds";
    };
  }
}
