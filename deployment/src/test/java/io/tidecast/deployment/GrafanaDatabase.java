package io.tidecast.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.postgres.PostgresCopier;
import io.tidecast.postgres.TestPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A PostgreSQL server with what a job has written to its topics in it, copied as users do. */
final class GrafanaDatabase implements AutoCloseable {
  private static final long TIMEOUT_NANOS = 120_000_000_000L;

  private final TestPostgres server;
  private final Connection connection;

  private GrafanaDatabase(TestPostgres server, Connection connection) {
    this.server = server;
    this.connection = connection;
  }

  /** Starts a server and copies what there is by now. */
  static GrafanaDatabase of(RunningJob job) throws Exception {
    TestPostgres server = TestPostgres.start(TestPostgres.Version.NEWEST);
    try {
      List<String> said = Collections.synchronizedList(new ArrayList<>());
      try (PostgresCopier copier =
          PostgresCopier.start(job.copiedTo(server.url(), server.user()), said::add)) {
        copier.finish();
        long deadline = System.nanoTime() + TIMEOUT_NANOS;
        while (!copier.isEnded()) {
          if (System.nanoTime() > deadline) {
            throw new AssertionError("all must be copied, of which was said: " + said);
          }
          Thread.sleep(50);
        }
        assertThat(copier.failure()).isEmpty();
      }
      // The server does that by itself within a minute, and plans queries badly before.
      server.execute("analyze");
      return new GrafanaDatabase(server, server.connect());
    } catch (Exception | AssertionError e) {
      server.close();
      throw e;
    }
  }

  /** The rows that a query gives, as texts; null where there is no value. */
  List<List<String>> rows(String sql) throws SQLException {
    List<List<String>> rows = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet results = statement.executeQuery(sql)) {
      int columns = results.getMetaData().getColumnCount();
      while (results.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 1; i <= columns; i++) {
          row.add(results.getString(i));
        }
        rows.add(row);
      }
    }
    return rows;
  }

  @Override
  public void close() throws SQLException {
    connection.close();
    server.close();
  }
}
