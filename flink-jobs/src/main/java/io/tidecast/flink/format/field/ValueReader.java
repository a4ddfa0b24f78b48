package io.tidecast.flink.format.field;

import io.tidecast.flink.format.field.Mapping.MissingValues;
import io.tidecast.flink.record.Measurement;
import org.jspecify.annotations.Nullable;

/** Makes a value of what is found in a field. One thread uses it. */
public final class ValueReader {

  private final MissingValues missing;
  private final boolean numericStrings;

  public ValueReader(Mapping mapping) {
    this.missing = mapping.missing();
    this.numericStrings = mapping.numericStrings();
  }

  /**
   * Returns the value.
   *
   * @param found a {@link Number}, {@link Boolean}, {@link String}, something with parts, or null
   *     where there is nothing
   * @param path of the field, for messages
   * @return NaN where the value is missing, else a number that is finite as a 32-bit float
   * @throws RefusedException if it is no value
   */
  public double value(@Nullable Object found, FieldPath path) throws RefusedException {
    if (found == null) {
      if (missing == MissingValues.NAN) {
        return Double.NaN;
      }
      throw RefusedException.missing(path);
    }
    Number number = NumericText.number(found, numericStrings);
    if (number == null) {
      throw RefusedException.field(path, "a number", found);
    }
    double value = number.doubleValue();
    if (!Measurement.isValue(value)) {
      throw RefusedException.notFinite(path.toString(), value);
    }
    return value;
  }
}
