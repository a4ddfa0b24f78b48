package io.tidecast.flink.testing;

import io.tidecast.flink.registry.RegistryException;
import io.tidecast.flink.registry.RegistrySettings;
import io.tidecast.flink.registry.RegistrySettings.Auth;
import io.tidecast.flink.registry.RegistrySettings.Tls;
import io.tidecast.flink.registry.RegistryWatcher;
import io.tidecast.flink.registry.http.HttpSchemaRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A registry of Apicurio in a process of its own on loopback, with its schemas in memory. It is
 * there where the local Maven repository has its distribution, and the machine a JDK that is new
 * enough; {@link #missing} says what is not.
 */
public final class RealRegistry implements AutoCloseable {

  private static final String VERSION = "3.3.3";
  private static final String ARTIFACT =
      "io.apicurio:apicurio-registry-app:" + VERSION + ":tar.gz:all";
  private static final int OLDEST_JAVA = 21;

  private final Process process;
  private final URI url;

  private RealRegistry(Process process, URI url) {
    this.process = process;
    this.url = url;
  }

  /** Says what is missing to start one, and what to do about it; empty when nothing is. */
  public static Optional<String> missing() {
    if (!Files.isRegularFile(archive())) {
      return Optional.of(
          "a real schema registry is not in the local Maven repository; this brings it: mvn dependency:get -Dtransitive=false -Dartifact="
              + ARTIFACT);
    }
    return java().isEmpty()
        ? Optional.of(
            "a real schema registry needs Java %d or newer: set TIDECAST_REGISTRY_JAVA_HOME"
                .formatted(OLDEST_JAVA))
        : Optional.empty();
  }

  private static Path archive() {
    String repository =
        System.getProperty("maven.repo.local", System.getProperty("user.home") + "/.m2/repository");
    return Path.of(
        repository,
        "io/apicurio/apicurio-registry-app",
        VERSION,
        "apicurio-registry-app-%s-all.tar.gz".formatted(VERSION));
  }

  private static Optional<Path> java() {
    String given = System.getenv("TIDECAST_REGISTRY_JAVA_HOME");
    if (given != null) {
      return Optional.of(Path.of(given, "bin/java"));
    }
    if (Runtime.version().feature() >= OLDEST_JAVA) {
      return Optional.of(Path.of(System.getProperty("java.home"), "bin/java"));
    }
    Path beside = Path.of(System.getProperty("java.home")).toAbsolutePath().getParent();
    try (Stream<Path> others = Files.list(beside)) {
      return others
          .filter(home -> feature(home) >= OLDEST_JAVA)
          .map(home -> home.resolve("bin/java"))
          .filter(Files::isExecutable)
          .min(Comparator.naturalOrder());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Reads {@code JAVA_VERSION="25.0.1"} of a JDK; 0 of anything else. */
  private static int feature(Path home) {
    try (Stream<String> lines = Files.lines(home.resolve("release"))) {
      return lines
          .filter(line -> line.startsWith("JAVA_VERSION=\""))
          .map(line -> line.replaceAll("\\D*(\\d+).*", "$1"))
          .mapToInt(Integer::parseInt)
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      return 0;
    }
  }

  /** Starts one and waits until it answers. */
  public static RealRegistry start(Path folder) throws IOException, InterruptedException {
    Process unpacked =
        new ProcessBuilder("tar", "-xzf", archive().toString(), "-C", folder.toString())
            .inheritIO()
            .start();
    if (unpacked.waitFor() != 0) {
      throw new IOException("tar has failed");
    }
    int port = freePort();
    Process process =
        new ProcessBuilder(
                java().orElseThrow().toString(),
                "-Xmx512m",
                "-Dquarkus.http.host=127.0.0.1",
                "-Dquarkus.http.port=" + port,
                "-Dquarkus.management.host=127.0.0.1",
                "-Dquarkus.management.port=" + freePort(),
                "-jar",
                folder.resolve("quarkus-run.jar").toString())
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("registry.log").toFile())
            .start();
    RealRegistry registry =
        new RealRegistry(
            process, URI.create("http://127.0.0.1:%d/apis/ccompat/v7".formatted(port)));
    try {
      HttpSchemaRegistry.open(registry.patient(), RegistryWatcher.NONE).ping();
    } catch (RegistryException e) {
      registry.close();
      throw new IOException(Files.readString(folder.resolve("registry.log")), e);
    }
    return registry;
  }

  private RegistrySettings patient() {
    return new RegistrySettings(
        List.of(url), new Auth.None(), Tls.DEFAULT, Duration.ofSeconds(10), Duration.ofMinutes(2));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  public URI url() {
    return url;
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
