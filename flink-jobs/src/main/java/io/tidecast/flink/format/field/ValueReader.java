package io.tidecast.flink.format.field;

import io.tidecast.flink.format.field.Mapping.MissingValues;
import io.tidecast.flink.record.Measurement;
import io.tidecast.runtime.text.NumberMarks;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Makes a value of what is found in a field. One thread uses it. */
public final class ValueReader {

  /** Matches what may be a number with other marks. */
  private static final Pattern MARKED = Pattern.compile("[+-]?\\d[\\d.,'\u2019\\s\u00A0\u202F]*");

  /** Matches a number with something behind it. */
  private static final Pattern WITH_UNIT = Pattern.compile("[+-]?\\d[\\d.,]*\\s*[^\\d\\s.,].*");

  private final MissingValues missing;
  private final boolean numericStrings;
  private final ValueSpelling spelling;
  private final NumberMarks marks;
  private final Mapping.KeyNames keys;

  public ValueReader(Mapping mapping) {
    this.missing = mapping.missing();
    this.numericStrings = mapping.numericStrings();
    this.spelling = mapping.spelling();
    this.marks = spelling.marks();
    this.keys = mapping.keys();
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
      return missing(path, null);
    }
    Number number;
    if (found instanceof Number itself) {
      number = itself;
    } else {
      String plain = numericStrings && found instanceof String text ? marks.plain(text) : null;
      if (plain == null) {
        return word(found, path);
      }
      number = Double.valueOf(plain);
    }
    if (spelling.missing().contains(number)) {
      return missing(path, found);
    }
    double value = number.doubleValue();
    if (!Measurement.isValue(value)) {
      throw RefusedException.notFinite(path.toString(), value);
    }
    return value;
  }

  private double word(Object found, FieldPath path) throws RefusedException {
    if (found instanceof String || found instanceof Boolean) {
      String text = found.toString();
      if (spelling.missing().contains(text)) {
        return missing(path, found);
      }
      Double meant = spelling.words().get(NumberMarks.strip(text));
      if (meant != null) {
        return meant;
      }
    }
    throw RefusedException.field(path, expected(found), found);
  }

  private double missing(FieldPath path, @Nullable Object found) throws RefusedException {
    if (missing == MissingValues.NAN) {
      return Double.NaN;
    }
    throw found == null
        ? RefusedException.missing(path)
        : RefusedException.missingWord(path, found, keys.of("missing-values"));
  }

  /** Ends the sentence "must be", with what to do. */
  private String expected(Object found) {
    if (!(found instanceof String written)) {
      return "a number";
    }
    String text = NumberMarks.strip(written);
    if (!numericStrings && NumberMarks.PLAIN.plain(text) != null) {
      return "a number, and not text unless %s is true".formatted(keys.of("allow-numeric-strings"));
    }
    if (MARKED.matcher(text).matches()) {
      return "a number as %s and %s say"
          .formatted(keys.of("decimal-mark"), keys.of("thousands-separator"));
    }
    if (WITH_UNIT.matcher(text).matches()) {
      return "a number with nothing behind it, such as a unit";
    }
    return "a number";
  }
}
