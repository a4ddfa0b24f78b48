package io.tidecast.postgres.rows;

import java.time.Instant;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecordBase;
import org.jspecify.annotations.Nullable;

/** Takes values of records to columns, and refuses what no column can hold. */
final class Column {

  private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");
  private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999Z");

  private Column() {}

  /**
   * The value of a field, checked; null where it has none, or where the schema of this release does
   * not have the field.
   */
  static @Nullable Object of(SpecificRecordBase record, String field) {
    Schema.Field known = record.getSchema().getField(field);
    return known == null ? null : checked(field, record.get(known.pos()));
  }

  /**
   * The same of a field that must have a value.
   *
   * @param otherwise where it has none
   */
  static Object of(SpecificRecordBase record, String field, Object otherwise) {
    Object value = of(record, field);
    return value == null ? otherwise : value;
  }

  /** Checks a value of any type that records have. */
  static @Nullable Object checked(String field, @Nullable Object value) {
    if (value instanceof CharSequence text) {
      return text(field, text.toString());
    }
    if (value instanceof Instant time) {
      return time(field, time);
    }
    if (value instanceof Double number) {
      return number(field, number);
    }
    return value;
  }

  /** PostgreSQL's text has every character but the one of number 0. */
  static String text(String field, String value) {
    if (value.indexOf('\0') >= 0) {
      throw new UnstorableException(
          "text must not have the character U+0000, which PostgreSQL cannot hold: " + field);
    }
    return value;
  }

  static Instant time(String field, Instant value) {
    if (value.isBefore(EARLIEST) || value.isAfter(LATEST)) {
      throw new UnstorableException(
          "time must be in the years 1 to 9999: %s=%s".formatted(field, value));
    }
    return value;
  }

  static Double number(String field, Double value) {
    if (!Double.isFinite(value)) {
      throw new UnstorableException("number must be finite: %s=%s".formatted(field, value));
    }
    return value;
  }

  /** Part of a list of numbers. */
  static double[] numbers(String field, List<Double> values, int from, int count) {
    double[] numbers = new double[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = number(field, values.get(from + i));
    }
    return numbers;
  }
}
