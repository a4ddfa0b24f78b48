package io.tidecast.cli.swap;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidecast.cli.TidecastCommand;
import io.tidecast.cli.embedded.EmbeddedFlink;
import io.tidecast.cli.embedded.EmbeddedKafka;
import io.tidecast.cli.embedded.ForecastReader;
import io.tidecast.cli.testing.Pipelines;
import io.tidecast.flink.ForecastJob;
import io.tidecast.flink.config.JobFile;
import io.tidecast.schemas.DeadLetter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Commands by the command line and by hand, over a broker. */
@Tag("cluster")
@Timeout(180)
class ModelCommandsITCase {

  private static final Duration POLL = Duration.ofMillis(100);

  private static EmbeddedKafka kafka;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path folder;

  @BeforeAll
  static void start() {
    kafka = EmbeddedKafka.start();
  }

  @AfterAll
  static void stop() {
    kafka.close();
  }

  /** Takes one command, as a job of two subtasks would, and says how it went. */
  private static final class OtherSide extends Thread {

    private final String name;
    private final List<String> events;
    private final Producer<byte[], byte[]> producer = producer();
    private volatile @Nullable ConsumerRecord<byte[], byte[]> command;

    /**
     * @param events with the id of the command to be filled in
     */
    OtherSide(String name, String... events) {
      this.name = name;
      this.events = List.of(events);
      start();
    }

    @Override
    public void run() {
      try (producer;
          Consumer<byte[], byte[]> consumer =
              new KafkaConsumer<>(
                  Map.of("bootstrap.servers", kafka.bootstrapServers()),
                  new ByteArrayDeserializer(),
                  new ByteArrayDeserializer())) {
        TopicPartition only = new TopicPartition(name, 0);
        consumer.assign(List.of(only));
        consumer.seekToBeginning(List.of(only));
        while (command == null) {
          for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
            command = record;
          }
        }
        String id = json(command.value()).get("id").textValue();
        for (String event : events) {
          var unused =
              producer.send(new ProducerRecord<>(name + ".events", utf8(event.formatted(id))));
        }
      }
    }

    ConsumerRecord<byte[], byte[]> command() throws InterruptedException {
      join();
      return command;
    }
  }

  @Test
  void shouldSendACommandAndWaitUntilEverySubtaskHasFollowedIt() throws Exception {
    OtherSide job =
        new OtherSide(
            topics("activated"),
            event("switched", 0, "another", "\"2026-11-30T00:00:00Z\"", "null", "null"),
            event("ready", 0, "%s", "null", "null", "null"),
            event("switched", 0, "%s", "\"2026-11-30T00:00:00Z\"", "null", "null"),
            event("switched", 1, "%s", "\"2026-11-30T00:30:00Z\"", "null", "null"));

    assertThat(
            execute(
                "model",
                "activate",
                "--config",
                jobFile("activated"),
                "--path",
                "no/such/model",
                "--slot",
                "heat",
                "--from",
                "2026-11-30T00:00:00Z"))
        .as("%s %s", out, err)
        .isZero();

    ConsumerRecord<byte[], byte[]> sent = job.command();
    JsonNode command = json(sent.value());
    String place = Path.of("no/such/model").toAbsolutePath().toString();
    assertThat(new String(sent.key(), StandardCharsets.UTF_8)).isEqualTo("heat");
    assertThat(command.get("action").textValue()).isEqualTo("activate");
    assertThat(command.get("slot").textValue()).isEqualTo("heat");
    assertThat(command.get("path").textValue()).isEqualTo(place);
    assertThat(command.get("fromOrigin").textValue()).isEqualTo("2026-11-30T00:00:00Z");
    assertThat(err.toString())
        .startsWith("This machine has no manifest.json and model.onnx in " + place);
    assertThat(out.toString().lines().skip(1))
        .containsExactly(
            "subtask 1 of 2: demand, version 3, is ready",
            "subtask 1 of 2: demand, version 3, answers from origin 2026-11-30T00:00:00Z",
            "subtask 2 of 2: demand, version 3, answers from origin 2026-11-30T00:30:00Z",
            "Done: all 2 subtasks have followed it.");
  }

  @Test
  void shouldFailWithTheReasonOfTheJob() throws Exception {
    OtherSide job =
        new OtherSide(
            topics("failed"),
            event("failed", 1, "%s", "null", "\"fit\"", "\"must be the model's 3\""));

    assertThat(
            execute(
                "model", "load", "--config", jobFile("failed"), "--path", "s3://models/demand/3"))
        .isEqualTo(1);

    assertThat(job.command().key()).isEqualTo(utf8("default"));
    assertThat(out.toString())
        .contains("subtask 2 of 2: demand, version 3, failed at fit: must be the model's 3");
    assertThat(err.toString()).contains("what answered before goes on answering");
  }

  @Test
  void shouldSayThatNobodyHasAnsweredInTime() {
    topics("silent");
    assertThat(execute("model", "roll-back", "--config", jobFile("silent"), "--wait", "100ms"))
        .isEqualTo(1);
    assertThat(err.toString())
        .contains("after 100 ms, no subtask of the job has said anything", "silent.events")
        .contains("checkpoints.interval=10 s");
    assertThat(execute("model", "roll-back", "--config", jobFile("silent"), "--wait", "0s"))
        .as("%s %s", out, err)
        .isZero();
    assertThat(out.toString())
        .startsWith("Sent roll-back of slot default to silent, offset 1, as ");
  }

  @Test
  void shouldHaveTopicsOfOnePartition() {
    kafka.createTopic("wide", 3, Map.of());
    kafka.createTopic("wide.commands", 3, Map.of());
    String job = jobFile("wide.commands", "wide");

    assertThat(execute("check", "--create-topics", "--config", job)).isEqualTo(1);
    assertThat(out.toString())
        .contains("Created sink.topic=wide.commands.out, 3 partitions")
        .contains("Created commands.events-topic=wide.commands.events, 1 partition")
        .contains(
            "must have one partition, or commands are followed in another order than they were sent: commands.topic=wide.commands, partitions=3");

    assertThat(execute("model", "roll-back", "--config", job, "--wait", "0s")).isZero();
    assertThat(err.toString())
        .contains("commands.topic=wide.commands has 3 partitions", "Let the topic have one");
  }

  @Test
  void shouldSayThatThereIsNoTopic() {
    assertThat(execute("model", "roll-back", "--config", jobFile("missing"))).isEqualTo(1);
    assertThat(err.toString()).contains("commands.topic=missing", "--create-topics");
  }

  @Test
  void shouldMakeDeadLettersOfWhatIsNoCommandAndFollowNoneOfBeforeTheJob() throws Exception {
    topics("told");
    kafka.createTopic("observed", 1, Map.of());
    kafka.createTopic("told.out", 1, Map.of());
    kafka.createTopic("told.bad", 1, Map.of());
    send("told", "{\"action\": \"of a job that was here before\"}");
    StreamExecutionEnvironment environment =
        StreamExecutionEnvironment.getExecutionEnvironment(new Configuration());
    ForecastJob.build(environment, JobFile.load(Path.of(jobFile("told"))));
    try (EmbeddedFlink flink = EmbeddedFlink.start(1, new Configuration())) {
      EmbeddedFlink.Job job = flink.submit(environment.getStreamGraph());
      send("told", "{\"action\": \"activate\", \"place\": \"/m/2\"}");
      try (ForecastReader reader =
          new ForecastReader(kafka.bootstrapServers(), "told.out", "told.bad")) {
        Pipelines.read(reader, 0, 1, job::check);
        DeadLetter letter = reader.deadLetters().get(0);
        assertThat(letter.getTopic()).isEqualTo("told");
        assertThat(letter.getOffset()).isEqualTo(1);
        assertThat(letter.getReason()).isEqualTo("invalid-field");
        assertThat(letter.getDetail()).contains("place");
      }
      assertThat(job.restarts()).isZero();
    }
  }

  /** Makes both topics. */
  private static String topics(String name) {
    kafka.createTopic(name, 1, Map.of());
    kafka.createTopic(name + ".events", 1, Map.of());
    return name;
  }

  private String jobFile(String name) {
    return jobFile(name, "observed");
  }

  private String jobFile(String name, String source) {
    try {
      return Files.writeString(
              folder.resolve(name + ".yaml"),
              """
              kafka: {bootstrap-servers: "%1$s"}
              source: {topic: %5$s, group-id: %2$s}
              series: {step: 30min}
              model: {path: %3$s}
              commands: {topic: %2$s, events-topic: %2$s.events}
              sink: {topic: %2$s.out, transactional-id-prefix: %2$s}
              dead-letters: {topic: %2$s.bad}
              checkpoints: {interval: %4$s}
              """
                  .formatted(
                      kafka.bootstrapServers(),
                      name,
                      Pipelines.model(),
                      name.equals("told") ? "300ms" : "10s",
                      source))
          .toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String event(
      String kind, int subtask, String id, String origin, String stage, String reason) {
    return """
        {"time": "2026-11-30T00:00:00Z", "kind": "%s", "slot": "heat", "commandId": "%s", "path": "/m/3", "modelId": "demand", "modelVersion": "3", "sha256": null, "fromOrigin": %s, "stage": %s, "reason": %s, "subtask": %d, "parallelism": 2}"""
        .formatted(kind, id, origin, stage, reason, subtask);
  }

  private static void send(String topic, String json) throws Exception {
    try (Producer<byte[], byte[]> producer = producer()) {
      var unused = producer.send(new ProducerRecord<>(topic, utf8(json))).get();
    }
  }

  private static Producer<byte[], byte[]> producer() {
    return new KafkaProducer<>(
        Map.of("bootstrap.servers", kafka.bootstrapServers()),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static JsonNode json(byte[] value) {
    try {
      return new ObjectMapper().readTree(value);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private int execute(String... arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    CommandLine command = TidecastCommand.commandLine();
    command.setOut(new PrintWriter(out));
    command.setErr(new PrintWriter(err));
    return command.execute(arguments);
  }
}
