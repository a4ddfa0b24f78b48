package io.tidecast.flink.format.time;

import io.tidecast.flink.format.field.FieldPath;
import io.tidecast.flink.format.field.Mapping.KeyNames;
import io.tidecast.flink.format.field.Mapping.TimeField;
import io.tidecast.flink.format.field.RefusedException;
import io.tidecast.schemas.ErrorCode;

/**
 * Makes epoch milliseconds of the time of a record. What is finer is cut off. One thread uses it.
 */
public interface TimeReader {

  /**
   * Reads one time.
   *
   * @param found a {@link Number}, {@link Boolean}, {@link String}, or something with parts
   * @throws RefusedException if it is no time of the format, or one beyond a long of milliseconds
   */
  long millis(Object found) throws RefusedException;

  /**
   * Returns a reader of the times that the format describes.
   *
   * @param keys the settings that its messages name
   * @throws IllegalArgumentException if the format is neither a name nor a pattern, or the pattern
   *     leaves the date or the zone open
   */
  static TimeReader of(TimeField field, boolean numericStrings, KeyNames keys) {
    return EpochUnit.of(field.format())
        .<TimeReader>map(unit -> new EpochTime(field, unit, numericStrings))
        .orElseGet(() -> new TextTime(field, keys.timeZone()));
  }

  static RefusedException outOfRange(FieldPath path, Object found) {
    return new RefusedException(
        ErrorCode.TIME_OUT_OF_RANGE,
        "time must be one that a long of milliseconds holds: %s=%s".formatted(path, found));
  }
}
