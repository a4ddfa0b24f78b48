package io.tidecast.postgres;

import io.tidecast.flink.sink.PostgresSettings;
import io.tidecast.postgres.rows.Table;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/**
 * A real PostgreSQL server on loopback, in processes of its own: it can be stopped and started
 * again with what it holds.
 */
public class PostgresServer implements AutoCloseable {

  private static final Path SERVERS =
      Path.of(System.getProperty("tidecast.root", "..")).resolve("postgres/target/servers");

  private static final int FIRST_PORT = 15_000;
  private static final int LAST_PORT = 32_000;
  private static final int COPY_BYTES = 1 << 16;

  /** The servers that there are. */
  public enum Version {
    OLDEST,
    NEWEST;

    private Path jar() {
      return SERVERS.resolve(name().toLowerCase(Locale.ROOT) + ".jar");
    }
  }

  private final Version version;
  private final Map<String, String> settings;
  private final Path folder;
  private final int port;
  private EmbeddedPostgres server;

  /**
   * Starts an empty server.
   *
   * @param settings as of {@code postgresql.conf}, beyond those that it has here
   */
  public PostgresServer(Version version, Map<String, String> settings) {
    this.version = version;
    this.settings = Map.copyOf(settings);
    try {
      this.folder = Files.createTempDirectory("tidecast-postgres-");
      this.port = freePort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    startAgain();
  }

  /**
   * A free port below those that the system gives to whoever connects: while the server is away,
   * who asks for it again and again would in time be given its very port, and keep it.
   */
  private static int freePort() throws IOException {
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(FIRST_PORT, LAST_PORT);
      try (ServerSocket trial = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return trial.getLocalPort();
      } catch (BindException e) {
        // Somebody has it.
      }
    }
  }

  /** Why such a server cannot run here; empty where it can. */
  public static Optional<String> obstacle(Version version) {
    String system = System.getProperty("os.name") + " on " + System.getProperty("os.arch");
    if (!system.equals("Linux on amd64")) {
      return Optional.of(
          "PostgreSQL's servers for tests are for Linux on amd64: this is " + system);
    }
    if (!Files.exists(version.jar())) {
      return Optional.of(
          "the server must be there, which 'mvn generate-test-resources -pl postgres' copies: "
              + version.jar());
    }
    if ("root".equals(System.getProperty("user.name")) && !mayUnshare()) {
      return Optional.of(
          "PostgreSQL does not run as root, and 'unshare -U' does not work here: run this as another user");
    }
    return Optional.empty();
  }

  /** As root the server is started as another user of a namespace of its own. */
  private static boolean mayUnshare() {
    try {
      return new ProcessBuilder("unshare", "-U", "id", "-u").start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Starts the server again, with what it held. */
  public final void startAgain() {
    try {
      EmbeddedPostgres.Builder builder =
          EmbeddedPostgres.builder()
              .setPgBinaryResolver((os, machine) -> binary())
              .setOverrideWorkingDirectory(workingFolder())
              .setDataDirectory(folder.resolve("data"))
              .setCleanDataDirectory(false)
              .setPort(port)
              .setServerConfig("listen_addresses", "127.0.0.1")
              .setPGStartupWait(Duration.ofSeconds(60));
      settings.forEach(builder::setServerConfig);
      server = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where the programs of the server are unpacked to, once for all tests of a build. */
  private static File workingFolder() {
    return SERVERS.resolve("unpacked").toFile();
  }

  private InputStream binary() throws IOException {
    JarFile jar = new JarFile(version.jar().toFile());
    return jar.stream()
        .filter(entry -> entry.getName().endsWith(".txz"))
        .findFirst()
        .map(
            entry -> {
              try {
                return jar.getInputStream(entry);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            })
        .orElseThrow(() -> new FileNotFoundException("no server in " + version.jar()));
  }

  /** Stops the server; what it holds stays. */
  public void stop() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The URL of its database. */
  public String url() {
    return "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
  }

  /** The user of {@link #url}, who may do anything. */
  public String user() {
    return "postgres";
  }

  /** The folder of its programs and shared files. */
  Path installed() throws IOException {
    try (Stream<Path> all = Files.walk(workingFolder().toPath(), 6)) {
      String number;
      try {
        number = text("show server_version").split("\\.")[0];
      } catch (SQLException e) {
        throw new IOException(e);
      }
      for (Path initdb :
          all.filter(one -> one.endsWith(Path.of("bin", "postgres"))).sorted().toList()) {
        Process version =
            new ProcessBuilder("unshare", "-U", initdb.toString(), "--version").start();
        if (new String(version.getInputStream().readAllBytes()).contains(" " + number + ".")) {
          return initdb.getParent().getParent();
        }
      }
    }
    throw new FileNotFoundException("no server in " + workingFolder());
  }

  /** Settings that copy into this server. */
  PostgresSettings settings(int batchRows, Map<PostgresSettings.Table, Duration> retention) {
    return new PostgresSettings(
        url(),
        user(),
        null,
        "group",
        new PostgresSettings.Batch(batchRows, Duration.ZERO),
        retention,
        null,
        null);
  }

  /** A connection, which is the caller's to close. */
  public Connection connect() throws SQLException {
    return DriverManager.getConnection(url(), user(), "");
  }

  /** Does something. */
  public void execute(String sql) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** What a query finds: each row as its values, with a bar in between. */
  public List<String> rows(String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute("set timezone to 'UTC'");
      try (ResultSet found = statement.executeQuery(sql)) {
        int columns = found.getMetaData().getColumnCount();
        while (found.next()) {
          List<String> row = new ArrayList<>();
          for (int i = 1; i <= columns; i++) {
            row.add(String.valueOf(found.getString(i)));
          }
          rows.add(String.join("|", row));
        }
      }
    }
    return rows;
  }

  /** The one value that a query finds. */
  public String text(String sql) throws SQLException {
    return rows(sql).get(0);
  }

  /**
   * Copies rows into a table or out of one, by a statement that begins with {@code copy}.
   *
   * @param file of the rows, as the statement has them
   * @return how many rows
   */
  public long copy(String sql, Path file) throws SQLException, IOException {
    try (Connection connection = connect()) {
      CopyManager copies = connection.unwrap(PGConnection.class).getCopyAPI();
      if (sql.endsWith("from stdin")) {
        try (InputStream rows = Files.newInputStream(file)) {
          return copies.copyIn(sql, rows, COPY_BYTES);
        }
      }
      try (OutputStream rows = Files.newOutputStream(file)) {
        return copies.copyOut(sql, rows);
      }
    }
  }

  /** Every row of every table but those that say when something was written. */
  public String everything() throws SQLException {
    StringBuilder all = new StringBuilder();
    for (Table table : Table.values()) {
      all.append(table.id()).append('\n');
      rows("select * from tidecast.%s t order by t::text".formatted(table.id()))
          .forEach(row -> all.append(row).append('\n'));
    }
    return all.toString();
  }

  @Override
  public void close() {
    stop();
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
