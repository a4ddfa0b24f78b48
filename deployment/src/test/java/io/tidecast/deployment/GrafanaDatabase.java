package io.tidecast.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.postgres.TestPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A PostgreSQL server made as docker-compose.yml makes its own, with what a job has written to its
 * topics in it: copied by the image's program with the arguments and the job file of the copier,
 * and read as Grafana's user.
 */
final class GrafanaDatabase implements AutoCloseable {
  private static final long TIMEOUT_SECONDS = 120;

  private final TestPostgres server;
  private final Connection connection;
  private final String said;

  private GrafanaDatabase(TestPostgres server, Connection connection, String said) {
    this.server = server;
    this.connection = connection;
    this.said = said;
  }

  /**
   * Starts a server and copies what there is by now.
   *
   * @param image of Dockerfile.cli
   */
  static GrafanaDatabase of(RunningJob job, ImageFolder image) throws Exception {
    TestPostgres server = TestPostgres.start(TestPostgres.Version.NEWEST);
    try {
      Map<String, Object> environment = Compose.environment("postgres");
      String user = (String) environment.get("POSTGRES_USER");
      server.execute(
          "create user %s superuser password '%s'"
              .formatted(user, environment.get("POSTGRES_PASSWORD")));
      server.execute("create database %s owner %s".formatted(environment.get("POSTGRES_DB"), user));
      String url = server.url().replaceFirst("[^/]+$", (String) environment.get("POSTGRES_DB"));
      try (Connection owner = DriverManager.getConnection(url, user, "");
          Statement statement = owner.createStatement()) {
        statement.execute(initialisation((String) environment.get("GRAFANA_POSTGRES_PASSWORD")));
        String said = copy(image, jobFile(job, url));
        // The server does that by itself within a minute, and plans queries badly before.
        statement.execute("analyze");
        return new GrafanaDatabase(server, DriverManager.getConnection(url, "grafana", ""), said);
      }
    } catch (Exception | AssertionError e) {
      server.close();
      throw e;
    }
  }

  /** The statements that the script of the image gives to psql, which sets its variables. */
  private static String initialisation(String password) {
    String script = Repository.text("deployment/compose/grafana-user.sh");
    String statements =
        script.substring(script.indexOf("<<'SQL'\n") + 8, script.lastIndexOf("SQL\n"));
    assertThat(script).contains("--set password=\"$GRAFANA_POSTGRES_PASSWORD\"");
    return statements.replace(":'password'", "'" + password + "'");
  }

  /** The job file with the addresses of this machine, and the model where the image has none. */
  private static Path jobFile(RunningJob job, String url) throws IOException {
    String text =
        Files.readString(job.file())
            .replaceAll("(?m)^  path: .*$", "  path: /opt/tidecast/models/patchtst-uk-demand/1")
            .replaceAll("jdbc:postgresql:\\S+", url)
            .replace("0.0.0.0:", "127.0.0.1:")
            .replaceAll("(metrics-address: \\S+:)\\d+", "$1" + RunningJob.freePort());
    return Files.writeString(job.file().resolveSibling("copier.yaml"), text);
  }

  private static String copy(ImageFolder image, Path jobFile)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(image.entrypoint());
    Repository.list(Compose.service("copier").get("command"))
        .forEach(
            word ->
                command.add(
                    word.equals("/etc/tidecast/job.yaml") ? jobFile.toString() : (String) word));
    command.add("--once");
    Path log = jobFile.resolveSibling("copier.log");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    Compose.environment("copier")
        .forEach((key, value) -> builder.environment().put(key, (String) value));
    Process process = builder.start();
    if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
    String said = Files.readString(log);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }

  /** What the copier said. */
  String said() {
    return said;
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
