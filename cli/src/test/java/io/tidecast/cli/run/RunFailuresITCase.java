package io.tidecast.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.cli.TidecastCommand;
import io.tidecast.cli.embedded.EmbeddedKafka;
import io.tidecast.cli.embedded.ForecastReader;
import io.tidecast.cli.quickstart.DemandSeries;
import io.tidecast.cli.quickstart.Replay;
import io.tidecast.cli.testing.Pipelines;
import io.tidecast.cli.testing.Tidecast;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What keeps a job from writing: it goes on when that passes, and ends when it cannot. */
@Tag("cluster")
@Timeout(180)
class RunFailuresITCase {
  private static EmbeddedKafka kafka;
  private static Admin admin;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path folder;

  @BeforeAll
  static void start() {
    // Everybody may do everything but with what has rules of its own.
    kafka =
        EmbeddedKafka.start(
            EmbeddedKafka.ANY_PORT,
            Map.of(
                "authorizer.class.name",
                "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                "allow.everyone.if.no.acl.found",
                "true"));
    admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
  }

  @AfterAll
  static void stop() {
    admin.close();
    kafka.close();
  }

  @Test
  void shouldSayAtOnceWhatKafkaLacks() throws Exception {
    Path job = job("lacking");
    set("lacking.out", "max.message.bytes", "2000");
    List<AclBinding> denials = new ArrayList<>(denial(ResourceType.TOPIC, "lacking.out"));
    denials.addAll(denial(ResourceType.TRANSACTIONAL_ID, "lacking-forecasts-preflight"));
    admin.createAcls(denials).all().get();
    try {
      assertThat(run(job)).isEqualTo(1);
      assertThat(err.toString())
          .contains("Kafka lacks 3 things that the job needs:")
          .contains("must be allowed to WRITE: sink.topic=lacking.out")
          .contains(
              "lacking.out must take the 16832 bytes of one forecast of this model: max.message.bytes=2000")
          .contains("begin with lacking-: sink.transactional-id-prefix=lacking")
          .doesNotContain("\tat ");
    } finally {
      delete(denials);
    }
  }

  @Test
  void shouldSayThatBrokersTakeNoTransactionOfThatLength() throws Exception {
    Path job = job("long");
    Files.writeString(
        job, Files.readString(job).replace("sink:\n", "sink:\n  transaction-timeout: 20min\n"));

    assertThat(run(job)).isEqualTo(1);
    assertThat(err.toString())
        .contains(
            "must be no more than the brokers' transaction.max.timeout.ms=900000: sink.transaction-timeout=PT20M");
  }

  @Test
  void shouldGoOnWhenTheRightToWriteComesBack() throws Exception {
    Path job = job("denied");
    List<AclBinding> denial = denial(ResourceType.TOPIC, "denied.out");
    try (ForecastReader reader = reader("denied");
        Replay replay = replay("denied", 100);
        Tidecast tidecast = new Tidecast(folder, "run", "--config", job.toString())) {
      tidecast.awaitLine("Forecasting denied.in -> denied.out");
      replay.start();
      readUntil(reader, 100);
      admin.createAcls(denial).all().get();

      String cause = "after a failure: Not authorized to access topics: [denied.out]";
      assertThat(tidecast.awaitLine("restart 1, " + cause)).contains("WRITE sink.topic");
      tidecast.awaitLine("restart 2, " + cause);
      delete(denial);

      Pipelines.read(reader, Pipelines.FORECASTS, 0, replay::check);
      Pipelines.checkSound(reader.forecasts());
      assertThat(Pipelines.points(reader.forecasts())).isEqualTo(Pipelines.undisturbed());
    }
  }

  @Test
  void shouldEndWhenAForecastIsLargerThanTheTopicTakes() throws Exception {
    Path job = job("narrow");
    try (Replay replay = replay("narrow", 2_000);
        Tidecast tidecast = new Tidecast(folder, "run", "--config", job.toString())) {
      tidecast.awaitLine("Forecasting narrow.in -> narrow.out");
      set("narrow.out", "max.message.bytes", "200");
      replay.start();

      assertThat(tidecast.exitCode()).isEqualTo(1);
      assertThat(tidecast.output())
          .contains("the job has failed 3 times in a row by the same cause, and ends:")
          .contains("larger than the max message size the server will accept")
          .doesNotContain("\tat ");
    }
  }

  @Test
  void shouldGoOnWhenCheckpointsCanBeWrittenAgain() throws Exception {
    Path job = job("full");
    try (ForecastReader reader = reader("full");
        Replay replay = replay("full", 100);
        Tidecast tidecast = new Tidecast(folder, "run", "--config", job.toString())) {
      String where = tidecast.awaitLine("Keeping checkpoints in ");
      Path state = Path.of(where.substring("Keeping checkpoints in ".length()));
      replay.start();
      readUntil(reader, 100);
      List<Path> obstacles = obstacles(state);

      assertThat(tidecast.awaitLine("restart 1, after a failure: no checkpoint could be written"))
          .contains("checkpoints.directory=" + state.getParent().toUri())
          .contains("IO-problem detected");
      for (Path obstacle : obstacles) {
        Files.deleteIfExists(obstacle);
      }

      Pipelines.read(reader, Pipelines.FORECASTS, 0, replay::check);
      assertThat(Pipelines.points(reader.forecasts())).isEqualTo(Pipelines.undisturbed());
    }
  }

  @Test
  void shouldLetOneProcessRunAJobAndAnotherTakeOver() throws Exception {
    Path job = job("shared");
    try (ForecastReader reader = reader("shared");
        Replay replay = replay("shared", 100);
        Tidecast first = new Tidecast(folder, "run", "--config", job.toString())) {
      String holder = "process %d on ".formatted(first.pid());
      first.awaitLine("Forecasting shared.in -> shared.out");
      replay.start();
      readUntil(reader, 100);
      assertThat(run(job)).isEqualTo(1);
      assertThat(err.toString())
          .contains("another process has this job: " + holder, "--take-over")
          .doesNotContain("\tat ");

      try (Tidecast second =
          new Tidecast(folder, "run", "--take-over", "--config", job.toString())) {
        second.awaitLine("Standing by: " + holder);
        first.signal("KILL");

        second.awaitLine("Taking over.");
        second.awaitLine("Going on from " + folder.resolve(".tidecast"));
        try (Tidecast third = new Tidecast(folder, "run", "--config", "no-such-job.yaml")) {
          assertThat(third.exitCode()).isEqualTo(2);
        }
        // What the killed one left is gone, what the living one has is not.
        assertThat(temporaryFolders()).hasSize(2);
        Pipelines.read(reader, Pipelines.FORECASTS, 0, replay::check);
        assertThat(Pipelines.points(reader.forecasts())).isEqualTo(Pipelines.undisturbed());
      }
    }
  }

  private List<String> temporaryFolders() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.matches("tidecast-(flink|onnxruntime)-.*"))
          .toList();
    }
  }

  /** Files where Flink would make the folders of the checkpoints to come. */
  private static List<Path> obstacles(Path state) throws IOException {
    List<Path> obstacles = new ArrayList<>();
    int next;
    try (Stream<Path> children = Files.list(state)) {
      next =
          2
              + children
                  .map(child -> child.getFileName().toString())
                  .filter(name -> name.startsWith("chk-"))
                  .mapToInt(name -> Integer.parseInt(name.substring("chk-".length())))
                  .max()
                  .orElseThrow();
    }
    for (int number = next; number < next + 200; number++) {
      obstacles.add(Files.createFile(state.resolve("chk-" + number)));
    }
    return obstacles;
  }

  private static void readUntil(ForecastReader reader, int forecasts) {
    while (reader.forecasts().size() < forecasts) {
      reader.poll(Duration.ofMillis(100));
    }
  }

  private static void set(String topic, String name, String value) throws Exception {
    AlterConfigOp change =
        new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET);
    admin
        .incrementalAlterConfigs(
            Map.of(new ConfigResource(ConfigResource.Type.TOPIC, topic), List.of(change)))
        .all()
        .get();
  }

  /** Lets nobody write, and everybody do the rest. */
  private static List<AclBinding> denial(ResourceType type, String name) {
    ResourcePattern resource = new ResourcePattern(type, name, PatternType.LITERAL);
    return List.of(
        new AclBinding(
            resource,
            new AccessControlEntry("User:*", "*", AclOperation.WRITE, AclPermissionType.DENY)),
        new AclBinding(
            resource,
            new AccessControlEntry("User:*", "*", AclOperation.ALL, AclPermissionType.ALLOW)));
  }

  private static void delete(List<AclBinding> rules) throws Exception {
    admin.deleteAcls(rules.stream().map(AclBinding::toFilter).toList()).all().get();
  }

  private static ForecastReader reader(String name) {
    return new ForecastReader(kafka.bootstrapServers(), name + ".out", name + ".in.dlq");
  }

  private static Replay replay(String name, double observationsPerSecond) {
    return new Replay(
        kafka.bootstrapServers(),
        name + ".in",
        new Replay.Plan(
            DemandSeries.load(), DemandSeries.FIRST_VALIDATION_ROW, observationsPerSecond));
  }

  private int run(Path job) {
    CommandLine commandLine =
        TidecastCommand.commandLine()
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true));
    return commandLine.execute("run", "--config", job.toString());
  }

  /** Makes the topics of a job, and its file. */
  private Path job(String name) throws IOException {
    kafka.createTopic(name + ".in", 1, Map.of());
    kafka.createTopic(name + ".out", 1, Map.of());
    kafka.createTopic(name + ".in.dlq", 1, Map.of());
    return Files.writeString(
        folder.resolve(name + ".yaml"),
        """
        kafka:
          bootstrap-servers: %1$s
        source:
          topic: %2$s.in
        series:
          step: 30min
        model:
          path: %3$s
        sink:
          topic: %2$s.out
          transactional-id-prefix: %2$s
        checkpoints:
          interval: 300ms
        """
            .formatted(kafka.bootstrapServers(), name, Pipelines.model()));
  }
}
