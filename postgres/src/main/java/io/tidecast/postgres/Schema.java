package io.tidecast.postgres;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/** The schema {@code tidecast}: makes it, and brings an earlier one to this version. */
public final class Schema {

  /** The oldest server that is tested. */
  public static final int OLDEST_SERVER = 14;

  private static final String NAME = "tidecast";

  private Schema() {}

  /**
   * Makes the schema or migrates it. Several processes may do so at once: they wait for each other.
   *
   * @throws SQLException if the server does not answer or refuses something
   * @throws UnfitServerException if trying again would not help
   */
  public static void migrate(Connector connector) throws SQLException {
    try (Connection connection = connector.open()) {
      int major = connection.getMetaData().getDatabaseMajorVersion();
      if (major < OLDEST_SERVER) {
        throw new UnfitServerException(
            "the server must be PostgreSQL %d or newer: %s has %s"
                .formatted(
                    OLDEST_SERVER,
                    connector.place(),
                    connection.getMetaData().getDatabaseProductVersion()));
      }
    }
    try {
      Flyway.configure(Schema.class.getClassLoader())
          .dataSource(new Connections(connector))
          .schemas(NAME)
          .locations("classpath:io/tidecast/postgres/migrations")
          .loggers("slf4j")
          .load()
          .migrate();
    } catch (FlywayException e) {
      for (Throwable cause = e; cause != null; cause = cause.getCause()) {
        if (cause instanceof SQLException sql) {
          throw sql;
        }
      }
      throw new UnfitServerException(
          "the schema tidecast must be one that Tidecast has made, or not be there yet: %s: %s"
              .formatted(connector.place(), e.getMessage()),
          e);
    }
    try (Connection connection = connector.open()) {
      Hypertables.make(connection);
    }
  }

  /** Connections for Flyway, which closes them. */
  private record Connections(Connector connector) implements DataSource {

    @Override
    public Connection getConnection() throws SQLException {
      return connector.open();
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
      throw new SQLFeatureNotSupportedException();
    }

    @Override
    public PrintWriter getLogWriter() throws SQLException {
      throw new SQLFeatureNotSupportedException();
    }

    @Override
    public void setLogWriter(PrintWriter out) throws SQLException {
      throw new SQLFeatureNotSupportedException();
    }

    @Override
    public void setLoginTimeout(int seconds) throws SQLException {
      throw new SQLFeatureNotSupportedException();
    }

    @Override
    public int getLoginTimeout() {
      return 0;
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
      throw new SQLFeatureNotSupportedException();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
      throw new SQLFeatureNotSupportedException();
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
      return false;
    }
  }
}
