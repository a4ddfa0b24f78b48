package io.tidecast.cli.broken;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.tidecast.cli.TidecastCommand;
import io.tidecast.cli.embedded.EmbeddedKafka;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/**
 * Whatever is wrong with a job or with what it finds, the command ends, says so in a line that
 * names the key and what to do, and shows no stack trace to those who did not ask for one.
 */
@Tag("cluster")
class BrokenConfigurationsITCase {

  /** Longer than any of them takes: one that hangs must not hold up the others. */
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private static final String STACK_FRAME = "(?m)^\\s+at [\\w.$]+\\(";

  @TempDir private static Path folder;

  private static EmbeddedKafka kafka;
  private static Map<String, String> names;

  /** Exit code and what was printed on standard error. */
  private record Ran(int exitCode, String err) {}

  @BeforeAll
  static void start() throws IOException {
    kafka = EmbeddedKafka.start(EmbeddedKafka.ANY_PORT, Map.of());
    for (String topic : List.of("in", "in.dlq", "out", "absent.dlq")) {
      kafka.createTopic(topic, 1, Map.of());
    }
    kafka.createTopic("commands-2", 2, Map.of());
    kafka.createTopic("model-events", 1, Map.of());
    kafka.createTopic("out-narrow", 1, Map.of("max.message.bytes", "2000"));
    kafka.createTopic("dlq-narrow", 1, Map.of("max.message.bytes", "2000"));
    Path zoo = Path.of(System.getProperty("tidecast.root"), "models", "zoo");
    layModels(zoo.resolve("patchtst-uk-demand/1"));
    names =
        Map.of(
            "KAFKA", kafka.bootstrapServers(),
            "NOWHERE", "127.0.0.1:" + freePort(),
            "FOLDER", folder.toString(),
            "MODELS", zoo.toString());
  }

  @AfterAll
  static void stop() {
    kafka.close();
  }

  static List<BrokenCase> cases() throws IOException {
    return BrokenCase.all();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void shouldEndAndSayWhatToDo(BrokenCase one) throws IOException {
    BrokenCase broken = one.with(names);
    Path job = Files.writeString(folder.resolve("job.yaml"), broken.job());
    List<String> arguments = new ArrayList<>(broken.arguments());
    if (arguments.isEmpty()) {
      arguments.addAll(List.of("run", "--config", job.toString()));
    }

    Ran ran = assertTimeoutPreemptively(PATIENCE, () -> run(arguments));

    assertThat(ran.err())
        .startsWith("tidecast: ")
        .doesNotContain("unexpected failure")
        .doesNotContainPattern(STACK_FRAME);
    assertThat(ran.err().lines())
        .as(ran.err())
        .anyMatch(line -> line.contains(broken.key()) && line.contains(broken.remedy()));
    assertThat(ran.exitCode()).isEqualTo(broken.exitCode());
  }

  @Test
  void shouldBeManyOfAllKinds() throws IOException {
    assertThat(cases()).hasSizeGreaterThanOrEqualTo(60).extracting("name").doesNotHaveDuplicates();
  }

  @Test
  void shouldShowTheCauseWithItsStackTraceToThoseWhoAsk() throws IOException {
    BrokenCase broken =
        cases().stream()
            .filter(one -> one.name().equals("brokers that are not there"))
            .findFirst()
            .orElseThrow()
            .with(names);
    Path job = Files.writeString(folder.resolve("job.yaml"), broken.job());

    Ran ran = run(List.of("run", "--debug", "--config", job.toString()));

    assertThat(ran.err())
        .startsWith("tidecast: Kafka must answer")
        .containsPattern(STACK_FRAME)
        .contains("Caused by: ");
  }

  /** In a JVM of its own, for a class that is missing stays so. */
  @ParameterizedTest
  @CsvSource({"onnxruntime-, ai.onnxruntime.OrtEnvironment", "kafka-clients-, org/apache/kafka/"})
  void shouldSayThatALibraryIsMissing(String jar, String missing) throws Exception {
    String classPath =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
            .filter(path -> !Path.of(path).getFileName().toString().startsWith(jar))
            .collect(Collectors.joining(File.pathSeparator));
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.io.tmpdir=" + folder,
                "-cp",
                classPath,
                TidecastCommand.class.getName(),
                "run",
                "--config",
                Files.writeString(folder.resolve("job.yaml"), "").toString())
            .redirectErrorStream(true);
    // The JVM would say that it has picked them up.
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    Process process = builder.start();

    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(output)
        .startsWith("tidecast: the libraries of Tidecast must be whole, ")
        .contains(missing, "unpack the archive again")
        .doesNotContainPattern(STACK_FRAME);
    assertThat(process.exitValue()).isEqualTo(1);
  }

  private static Ran run(List<String> arguments) {
    StringWriter err = new StringWriter();
    CommandLine commandLine =
        TidecastCommand.commandLine()
            .setOut(new PrintWriter(new StringWriter()))
            .setErr(new PrintWriter(err, true));
    int exitCode = commandLine.execute(arguments.toArray(String[]::new));
    return new Ran(exitCode, err.toString());
  }

  /** Folders of models with a fault each. */
  private static void layModels(Path sound) throws IOException {
    Files.createDirectories(folder.resolve("empty"));
    Path scribbled = Files.createDirectories(folder.resolve("scribbled"));
    Files.writeString(scribbled.resolve("manifest.json"), "{ no");
    Path half = Files.createDirectories(folder.resolve("half"));
    Files.copy(sound.resolve("manifest.json"), half.resolve("manifest.json"));
    Path changed = Files.createDirectories(folder.resolve("changed"));
    Files.copy(sound.resolve("manifest.json"), changed.resolve("manifest.json"));
    byte[] graph = Files.readAllBytes(sound.resolve("model.onnx"));
    graph[graph.length / 2] ^= 1;
    Files.write(changed.resolve("model.onnx"), graph);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
