package io.tidecast.flink.format.time;

import io.tidecast.flink.grid.Spelling;
import java.util.Arrays;
import java.util.Optional;

/** A time that is a number counts one of these from 1970-01-01T00:00:00Z. */
public enum EpochUnit {
  EPOCH_DAYS,
  EPOCH_SECONDS,
  EPOCH_MILLIS,
  EPOCH_MICROS,
  EPOCH_NANOS;

  /** Returns the unit that has a name in job files, such as {@code epoch-millis}. */
  public static Optional<EpochUnit> of(String name) {
    return Arrays.stream(values()).filter(unit -> Spelling.of(unit).equals(name)).findFirst();
  }

  /** Returns the power of ten from this unit to milliseconds. There is none for days. */
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
