package io.tidecast.postgres;

import io.tidecast.postgres.rows.CopyText;
import io.tidecast.postgres.rows.Row;
import io.tidecast.postgres.rows.Table;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Writes rows on one connection: they are copied into a temporary table and merged from there,
 * which is one statement for thousands of them. One thread.
 */
final class RowWriter {

  private final Connection connection;
  private final CopyText text = new CopyText();

  /**
   * Prepares a connection.
   *
   * @param connection without auto-commit
   */
  RowWriter(Connection connection) throws SQLException {
    this.connection = connection;
    try (Statement statement = connection.createStatement()) {
      for (Table table : Table.values()) {
        statement.execute(table.newRows());
      }
      connection.commit();
    }
  }

  /**
   * Writes rows in the transaction of the connection.
   *
   * @return how many rows of each table are new or were changed
   */
  Map<Table, Long> write(Collection<Entry> entries) throws SQLException {
    Map<Table, Map<List<@Nullable Object>, @Nullable Object[]>> tables = new EnumMap<>(Table.class);
    for (Entry entry : entries) {
      for (Row row : entry.rows()) {
        // One statement must not meet a key twice.
        tables
            .computeIfAbsent(row.table(), none -> new LinkedHashMap<>())
            .merge(row.table().key(row.values()), row.values(), row.table()::merged);
      }
    }
    Map<Table, Long> written = new EnumMap<>(Table.class);
    for (Map.Entry<Table, Map<List<@Nullable Object>, @Nullable Object[]>> one :
        tables.entrySet()) {
      written.put(one.getKey(), write(one.getKey(), one.getValue().values()));
    }
    return written;
  }

  private long write(Table table, Collection<@Nullable Object[]> rows) throws SQLException {
    CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(table.copy());
    try {
      for (@Nullable Object[] row : rows) {
        byte[] line = text.line(row);
        copy.writeToCopy(line, 0, line.length);
      }
      copy.endCopy();
    } finally {
      if (copy.isActive()) {
        copy.cancelCopy();
      }
    }
    try (Statement statement = connection.createStatement()) {
      return statement.executeLargeUpdate(table.merge());
    }
  }
}
