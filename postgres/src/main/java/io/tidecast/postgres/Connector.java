package io.tidecast.postgres;

import static java.util.Objects.requireNonNull;

import io.tidecast.flink.secret.Secrets;
import io.tidecast.flink.secret.UnresolvedException;
import io.tidecast.flink.sink.PostgresSettings;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/** Connects to the database, as its settings say. Any thread. */
public final class Connector {

  /** What the URL does not say. Without a limit a dead connection would be waited for for ever. */
  private static final int CONNECT_SECONDS = 10;

  private static final int ANSWER_SECONDS = 120;

  private final PostgresSettings settings;
  private final Secrets secrets;

  /** Makes connections with the secrets of this process. */
  public Connector(PostgresSettings settings) {
    this(settings, Secrets.ofThisProcess());
  }

  Connector(PostgresSettings settings, Secrets secrets) {
    this.settings = requireNonNull(settings, "settings is null");
    this.secrets = requireNonNull(secrets, "secrets is null");
  }

  /**
   * Makes a connection, which is the caller's to close.
   *
   * @throws SQLException if the database does not let us in, or a reference has nothing behind it
   */
  public Connection open() throws SQLException {
    Properties properties = new Properties();
    PGProperty.CONNECT_TIMEOUT.set(properties, CONNECT_SECONDS);
    PGProperty.SOCKET_TIMEOUT.set(properties, ANSWER_SECONDS);
    PGProperty.TCP_KEEP_ALIVE.set(properties, true);
    PGProperty.APPLICATION_NAME.set(properties, "tidecast");
    put(properties, PGProperty.USER, settings.user(), "postgres.user");
    put(properties, PGProperty.PASSWORD, settings.password(), "postgres.password");
    Connection connection = new Driver().connect(url(), properties);
    if (connection == null) {
      throw new SQLException("must be a URL of PostgreSQL: postgres.url");
    }
    return connection;
  }

  private void put(Properties properties, PGProperty property, @Nullable String text, String path)
      throws SQLException {
    if (text != null) {
      property.set(properties, resolved(text, path));
    }
  }

  private String url() throws SQLException {
    return resolved(settings.url(), "postgres.url");
  }

  private String resolved(String text, String path) throws SQLException {
    try {
      return secrets.resolve(text);
    } catch (UnresolvedException | IllegalArgumentException e) {
      throw new SQLException(e.getMessage() + ", of " + path, e);
    }
  }

  /** Names server and database for people, without the parameters of the URL. */
  public String place() {
    try {
      Properties parsed = Driver.parseURL(url(), null);
      return parsed == null
          ? "the database of postgres.url"
          : "%s:%s/%s"
              .formatted(
                  PGProperty.PG_HOST.getOrDefault(parsed),
                  PGProperty.PG_PORT.getOrDefault(parsed),
                  PGProperty.PG_DBNAME.getOrDefault(parsed));
    } catch (SQLException e) {
      return "the database of postgres.url";
    }
  }
}
