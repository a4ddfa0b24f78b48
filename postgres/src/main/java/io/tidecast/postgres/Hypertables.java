package io.tidecast.postgres;

import io.tidecast.flink.sink.PostgresSettings;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.Utils;

/**
 * What TimescaleDB does, where the database has it: large tables are kept in chunks of time, and a
 * chunk is dropped whole. Nothing is used that needs more than its Apache 2 edition.
 */
final class Hypertables {

  private Hypertables() {}

  /** Makes hypertables of the tables that are none yet, rows included. */
  static void make(Connection connection) throws SQLException {
    String schema = schema(connection);
    if (schema == null) {
      return;
    }
    for (PostgresSettings.Table table : PostgresSettings.Table.values()) {
      try (Statement statement = connection.createStatement()) {
        statement.execute(
            "select %s.create_hypertable('%s', 'time', chunk_time_interval => interval '%s', if_not_exists => true, migrate_data => true)"
                .formatted(schema, name(table), chunk(table)));
      }
    }
  }

  /**
   * Drops the chunks of a table that are older.
   *
   * @return false where the table is no hypertable, so that nothing was done
   */
  static boolean drop(Connection connection, PostgresSettings.Table table, Instant olderThan)
      throws SQLException {
    String schema = schema(connection);
    if (schema == null || !isHypertable(connection, table)) {
      return false;
    }
    // The function takes times of any type, so it must be told of which this is.
    try (PreparedStatement statement =
        connection.prepareStatement(
            "select %s.drop_chunks('%s', older_than => cast(? as timestamptz))"
                .formatted(schema, name(table)))) {
      statement.setTimestamp(1, Timestamp.from(olderThan));
      statement.execute();
    }
    return true;
  }

  /** Where TimescaleDB came after the tables, they are none before the next start. */
  private static boolean isHypertable(Connection connection, PostgresSettings.Table table)
      throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet found =
            statement.executeQuery(
                "select 1 from timescaledb_information.hypertables where format('%%I.%%I', hypertable_schema, hypertable_name) = '%s'"
                    .formatted(name(table)))) {
      return found.next();
    }
  }

  /** The name of a table of ours in the database. */
  static String name(PostgresSettings.Table table) {
    return "tidecast." + table.name().toLowerCase(Locale.ROOT);
  }

  /** So long that a chunk of a usual job is neither tiny nor larger than memory. */
  private static String chunk(PostgresSettings.Table table) {
    return switch (table) {
      case FORECASTS -> "1 day";
      case OBSERVATIONS, SCORES -> "7 days";
      case ANOMALIES, EVENTS -> "30 days";
    };
  }

  /** The schema of TimescaleDB's functions, quoted; null where it is not there. */
  private static @Nullable String schema(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet found =
            statement.executeQuery(
                "select n.nspname from pg_catalog.pg_extension e join pg_catalog.pg_namespace n on n.oid = e.extnamespace where e.extname = 'timescaledb'")) {
      return found.next() ? Utils.escapeIdentifier(null, found.getString(1)).toString() : null;
    }
  }
}
