package io.tidecast.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** The one connection of a copier, which is made when it is needed, and anew when it is broken. */
final class Database implements AutoCloseable {

  private final Connector connector;
  private boolean migrated;
  private @Nullable Open open;

  private record Open(Connection connection, RowWriter writer) {}

  Database(Connector connector) {
    this.connector = connector;
  }

  /** Names server and database for people. */
  String place() {
    return connector.place();
  }

  /** The connection, without auto-commit, with nothing begun. */
  Connection connection() throws SQLException {
    return open().connection;
  }

  /** What writes on it. */
  RowWriter writer() throws SQLException {
    return open().writer;
  }

  private Open open() throws SQLException {
    if (open == null) {
      if (!migrated) {
        Schema.migrate(connector);
        migrated = true;
      }
      Connection connection = connector.open();
      try {
        connection.setAutoCommit(false);
        open = new Open(connection, new RowWriter(connection));
      } catch (SQLException e) {
        closeQuietly(connection);
        throw e;
      }
    }
    return open;
  }

  /** Undoes what was begun; a connection that cannot do that is thrown away. */
  void rollback() {
    if (open != null) {
      try {
        open.connection.rollback();
      } catch (SQLException e) {
        close();
      }
    }
  }

  /** Throws the connection away. */
  @Override
  public void close() {
    if (open != null) {
      closeQuietly(open.connection);
      open = null;
    }
  }

  private static void closeQuietly(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      // It is of no use any more, either way.
    }
  }
}
