package io.tidecast.flink.format.time;

import io.tidecast.flink.grid.Spelling;
import java.util.Arrays;
import java.util.Optional;

/** Units of a time that is a number, counted from 1970-01-01T00:00:00Z. */
public enum EpochUnit {
  EPOCH_DAYS,
  EPOCH_SECONDS,
  EPOCH_MILLIS,
  EPOCH_MICROS,
  EPOCH_NANOS;

  /** The unit of that name in a job file. */
  public static Optional<EpochUnit> of(String name) {
    return Arrays.stream(values()).filter(unit -> Spelling.of(unit).equals(name)).findFirst();
  }

  /** Powers of ten from this unit to milliseconds. Of days there is none. */
  int decimals() {
    return switch (this) {
      case EPOCH_SECONDS -> 3;
      case EPOCH_MILLIS -> 0;
      case EPOCH_MICROS -> -3;
      case EPOCH_NANOS -> -6;
      case EPOCH_DAYS -> throw new IllegalStateException("days are no decimal of milliseconds");
    };
  }
}
