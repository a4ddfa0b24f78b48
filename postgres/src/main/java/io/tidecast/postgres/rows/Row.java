package io.tidecast.postgres.rows;

import org.jspecify.annotations.Nullable;

/**
 * A row for a table.
 *
 * @param values in the order of the table's columns: texts, numbers, flags, instants, uuids and
 *     arrays of doubles; not copied
 */
public record Row(Table table, @Nullable Object[] values) {

  public Row {
    if (values.length != table.columns().size()) {
      throw new IllegalArgumentException(
          "must be one for each column of %s: values=%d".formatted(table.id(), values.length));
    }
  }

  public static Row of(Table table, @Nullable Object... values) {
    return new Row(table, values);
  }
}
