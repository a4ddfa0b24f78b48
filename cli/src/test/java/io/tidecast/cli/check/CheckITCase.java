package io.tidecast.cli.check;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidecast.cli.TidecastCommand;
import io.tidecast.cli.embedded.EmbeddedKafka;
import io.tidecast.cli.embedded.ForecastReader;
import io.tidecast.cli.quickstart.DemandSeries;
import io.tidecast.cli.testing.Pipelines;
import io.tidecast.cli.testing.TestingRegistry;
import io.tidecast.cli.testing.Tidecast;
import io.tidecast.flink.registry.RegisteredSchema;
import io.tidecast.flink.registry.RegistrySettings;
import io.tidecast.flink.registry.RegistryWatcher;
import io.tidecast.flink.registry.SchemaKind;
import io.tidecast.flink.registry.http.HttpSchemaRegistry;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * From a topic that somebody else fills to its forecasts, with a broker that also has passwords.
 */
@Tag("cluster")
@Timeout(180)
class CheckITCase {

  private static final int ROWS = DemandSeries.WEEK + 4;

  private static EmbeddedKafka kafka;
  private static int securedPort;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path folder;

  @BeforeAll
  static void start() throws IOException {
    int plain = freePort();
    int controller = freePort();
    securedPort = freePort();
    kafka =
        EmbeddedKafka.start(
            plain,
            Map.of(
                "listeners",
                "PLAINTEXT://127.0.0.1:%d,SECURED://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d"
                    .formatted(plain, securedPort, controller),
                "advertised.listeners",
                "PLAINTEXT://127.0.0.1:%d,SECURED://127.0.0.1:%d".formatted(plain, securedPort),
                "controller.quorum.voters",
                "1@127.0.0.1:" + controller,
                "listener.security.protocol.map",
                "PLAINTEXT:PLAINTEXT,SECURED:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT",
                "listener.name.secured.sasl.enabled.mechanisms",
                "PLAIN",
                "listener.name.secured.plain.sasl.jaas.config",
                "org.apache.kafka.common.security.plain.PlainLoginModule required user_tide=\"hunter2hunter2\";"));
  }

  @AfterAll
  static void stop() {
    kafka.close();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Ten keys, one a line, and two commands. */
  @Test
  void shouldComeFromAForeignTopicToItsFirstForecastInTwoCommands() throws Exception {
    kafka.createTopic("homeassistant", 1, Map.of("retention.ms", "-1"));
    send("homeassistant", ROWS);
    Path job =
        Files.writeString(
            folder.resolve("job.yaml"),
            """
            kafka:
              bootstrap-servers: %s
            source:
              topic: homeassistant
              format: json
              mapping:
                series: entity_id
                time: last_updated
                time-format: iso-8601
                values: state
                allow-numeric-strings: true
            series:
              step: 30min
            model:
              path: %s
            """
                .formatted(kafka.bootstrapServers(), Pipelines.model()));

    assertThat(execute("check", "--records", "5", "--config", job.toString()))
        .as("%s %s", out, err)
        .isEqualTo(1);
    assertThat(out.toString())
        .as("the first five and the newest five")
        .contains("10 read of about 341, 9 observations of 1 series understood, 1 refused")
        .contains("homeassistant-0@1 ", "homeassistant-0@340 ")
        .doesNotContain("what was seen spans")
        .contains(
            "A series has its first forecast once it has 336 cells, 7 d.",
            "sensor.grid_demand  2000-",
            "Records of a series are 30 min apart as a rule.",
            "refused, 1: invalid-field",
            "field must be a number: state=\"warming up\"",
            "sink.topic=forecasts, dead-letters.topic=homeassistant.dlq",
            "--create-topics creates those that the job writes",
            "not ready: 1 thing is to put right");

    try (Tidecast run =
        new Tidecast(folder, "run", "--config", job.toString(), "--create-topics")) {
      run.awaitLine("Created sink.topic=forecasts, 1 partition, 1 replica");
      run.awaitLine("Forecasting homeassistant -> forecasts");
      try (ForecastReader reader =
          new ForecastReader(kafka.bootstrapServers(), "forecasts", "homeassistant.dlq")) {
        Pipelines.read(reader, ROWS - DemandSeries.WEEK + 1, 1, () -> {});
        assertThat(reader.forecasts().get(0).forecast().getSeries())
            .isEqualTo("sensor.grid_demand");
      }
      run.signal("INT");
      assertThat(run.exitCode()).isEqualTo(130);
    }
    readWhatWasWritten(job);
  }

  private void readWhatWasWritten(Path job) throws IOException {
    assertThat(execute("check", "--config", job.toString())).as("%s %s", out, err).isZero();
    assertThat(out.toString()).endsWith("ready: ./tidecast run --config %s%n".formatted(job));

    assertThat(execute("read", "forecasts", "--config", job.toString(), "--last", "1")).isZero();
    assertThat(out.toString().lines())
        .as("the plot under its title, over its times")
        .hasSize(10)
        .first()
        .asString()
        .startsWith("sensor.grid_demand  after " + DemandSeries.load().time(ROWS - 1));

    assertThat(execute("read", "forecasts", "--config", job.toString(), "--json")).isZero();
    assertThat(out.toString().lines()).hasSize(3);
    JsonNode forecast = new ObjectMapper().readTree(out.toString());
    assertThat(forecast.get("points")).hasSize(48);
    assertThat(forecast.get("points").get(0).get("value").isDouble()).isTrue();

    assertThat(execute("read", "forecasts", "--config", job.toString(), "--series", "none"))
        .isZero();
    assertThat(out.toString())
        .isEqualTo("No forecasts in forecasts of the series none.%n".formatted());

    assertThat(execute("read", "dead-letters", "--config", job.toString())).isZero();
    assertThat(out.toString())
        .contains(
            "invalid-field, 1 (docs/troubleshooting.md#invalid-field)",
            "1  field must be a number: state=\"warming up\"",
            "last homeassistant-0@0",
            "{\"entity_id\": \"sensor.grid_demand\", \"state\": \"warming up\"");
  }

  @Test
  void shouldReachASecuredBrokerWithASecretThatStandsInAFile() throws Exception {
    kafka.createTopic("secured", 1, Map.of("retention.ms", "-1"));
    send("secured", ROWS);
    Path secret = Files.writeString(folder.resolve("password"), "hunter2hunter2\n");
    Path job =
        Files.writeString(
            folder.resolve("secured.yaml"),
            """
            kafka:
              bootstrap-servers: 127.0.0.1:%d
              properties:
                security.protocol: SASL_PLAINTEXT
                sasl.mechanism: PLAIN
                sasl.jaas.config: org.apache.kafka.common.security.plain.PlainLoginModule required username="tide" password="${file:%s}";
            source:
              topic: secured
              group-id: secured
              format: json
              stop: latest
              mapping: {series: entity_id, time: last_updated, time-format: iso-8601, values: state, allow-numeric-strings: true}
            series: {step: 30min}
            model: {path: %s}
            sink: {topic: secured.out, transactional-id-prefix: secured}
            checkpoints: {interval: 300ms}
            """
                .formatted(securedPort, secret, Pipelines.model()));

    assertThat(execute("check", "--create-topics", "--config", job.toString()))
        .as("%s %s", out, err)
        .isZero();
    assertThat(out.toString())
        .contains("Created dead-letters.topic=secured.dlq, 1 partition", "ready: ");

    assertThat(execute("run", "--config", job.toString())).as("%s %s", out, err).isZero();
    assertThat(out.toString()).contains("5 forecasts").doesNotContain("hunter2");

    Files.writeString(secret, "hunter3hunter3");
    assertThat(execute("check", "--config", job.toString())).isEqualTo(1);
    assertThat(out.toString())
        .contains("Kafka must take the credentials of kafka.properties", "not ready")
        .doesNotContain("hunter3");
    Files.delete(secret);
    assertThat(execute("check", "--config", job.toString())).isEqualTo(2);
    assertThat(err.toString())
        .contains(
            "must be readable: the file %s, of kafka.properties.sasl.jaas.config"
                .formatted(secret));
  }

  @Test
  void shouldCreateTopicsAsWideAsTheWidestThatAPatternFits() throws Exception {
    kafka.createTopic("plant-a", 3, Map.of());
    kafka.createTopic("plant-b", 5, Map.of());
    kafka.createTopic("other", 7, Map.of());
    Path job = shortJob("plants", kafka.bootstrapServers());
    Files.writeString(
        job,
        Files.readString(job)
            .replace("topic: plants, group-id", "topic-pattern: plant-.*, group-id")
            .concat("dead-letters: {topic: plants.dlq}\n"));

    execute("check", "--create-topics", "--config", job.toString());

    assertThat(out.toString())
        .contains(
            "Created sink.topic=plants.out, 5 partitions",
            "Created dead-letters.topic=plants.dlq, 5 partitions");
  }

  @Test
  void shouldAnswerAsJsonOnAnEmptyTopicAndWriteNothing() throws Exception {
    for (String topic : Set.of("empty", "empty.out", "empty.dlq")) {
      kafka.createTopic(topic, 2, Map.of());
    }
    Path job = shortJob("empty", kafka.bootstrapServers());

    assertThat(execute("check", "--json", "--config", job.toString())).isZero();

    JsonNode report = new ObjectMapper().readTree(out.toString());
    assertThat(report.get("ready").booleanValue()).isTrue();
    assertThat(report.get("observations").get("read").intValue()).isZero();
    assertThat(report.get("notices").get(0).textValue())
        .isEqualTo("There is no record in empty yet; check again when there are some.");
    assertThat(report.get("topics").get(0).toString())
        .isEqualTo(
            "{\"key\":\"source.topic\",\"name\":\"empty\",\"state\":\"found\",\"partitions\":2}");
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      assertThat(admin.listGroups().all().get())
          .noneMatch(group -> group.groupId().equals("empty"));
      assertThat(admin.listTransactions().all().get())
          .noneMatch(transaction -> transaction.transactionalId().startsWith("empty"));
    }
  }

  @Test
  void shouldSayWhyThereIsNoAnswer() throws Exception {
    Path job = shortJob("away", "127.0.0.1:1");
    assertThat(execute("check", "--config", job.toString())).isEqualTo(1);
    assertThat(out.toString())
        .contains(
            "Kafka must answer: kafka.bootstrap-servers=127.0.0.1:1: nothing answers at 127.0.0.1:1",
            "not ready");

    job = shortJob("away", "no-such-host.invalid:1");
    assertThat(execute("check", "--config", job.toString())).isEqualTo(1);
    assertThat(out.toString()).contains("there is no host no-such-host.invalid");

    Files.writeString(job, Files.readString(job).replace("step: 30min", "step: 31min"));
    assertThat(execute("check", "--json", "--config", job.toString())).isEqualTo(2);
    assertThat(new ObjectMapper().readTree(out.toString()).get("problems").get(0).textValue())
        .isEqualTo("must be the model's PT30M: series.step=PT31M");
  }

  /** As Debezium's keys are, with one among them that nobody has registered. */
  @Test
  void shouldReadKeysWithTheirSchemas() throws Exception {
    kafka.createTopic("keyed", 1, Map.of("retention.ms", "-1"));
    String schema =
        "{\"type\": \"record\", \"name\": \"Key\", \"fields\": [{\"name\": \"meter\", \"type\": \"string\"}]}";
    try (TestingRegistry registry = new TestingRegistry();
        Producer<byte[], byte[]> producer = producer()) {
      RegistrySettings settings = RegistrySettings.of(URI.create(registry.url()));
      int id =
          HttpSchemaRegistry.open(settings, RegistryWatcher.NONE)
              .register("keyed-key", RegisteredSchema.of(SchemaKind.AVRO, schema));
      byte[] value =
          "{\"t\": \"2026-05-01T10:00:00Z\", \"v\": 2.5}".getBytes(StandardCharsets.UTF_8);
      for (int one : new int[] {id, 9}) {
        // The id of the schema, then a text of two bytes.
        byte[] key = {0, 0, 0, 0, (byte) one, 4, 'm', '7'};
        var unused = producer.send(new ProducerRecord<>("keyed", key, value));
      }
      producer.flush();
      Path job = shortJob("keyed", kafka.bootstrapServers());
      String text =
          Files.readString(job)
              .replace(
                  "group-id: keyed}",
                  "group-id: keyed, format: json, mapping: {series: $key, time: t, time-format: iso-8601, values: v}}");
      Files.writeString(job, text);

      assertThat(execute("check", "--config", job.toString())).isEqualTo(1);
      assertThat(out.toString())
          .contains("set source.key-type to long if it is a number, or to avro, protobuf or json");

      Files.writeString(
          job,
          text.replace("$key", "$key.meter").replace("format: json", "format: json, key-type: avro")
              + "registry: {url: '%s'}".formatted(registry.url()));
      execute("check", "--config", job.toString());
      assertThat(out.toString())
          .contains(
              "2 read of about 2, 1 observation of 1 series understood, 1 refused",
              "m7      2026-05-01T10:00:00Z",
              "refused, 1: unknown-schema",
              "id 9 ($key.meter)");
    }
  }

  private Path shortJob(String name, String servers) throws IOException {
    return Files.writeString(
        folder.resolve(name + ".yaml"),
        """
        kafka: {bootstrap-servers: "%1$s"}
        source: {topic: %2$s, group-id: %2$s}
        series: {step: 30min}
        model: {path: %3$s}
        sink: {topic: %2$s.out, transactional-id-prefix: %2$s}
        """
            .formatted(servers, name, Pipelines.model()));
  }

  /** As a home sends them: text for numbers, words where there is none. */
  private static void send(String topic, int rows) {
    DemandSeries series = DemandSeries.load();
    try (Producer<byte[], byte[]> producer = producer()) {
      send(producer, topic, series.time(0), "warming up");
      for (int row = 0; row < rows; row++) {
        send(producer, topic, series.time(row), Double.toString(series.value(row)));
      }
    }
  }

  private static Producer<byte[], byte[]> producer() {
    return new KafkaProducer<>(
        Map.of("bootstrap.servers", kafka.bootstrapServers()),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }

  private static void send(
      Producer<byte[], byte[]> producer, String topic, Instant time, String state) {
    String record =
        """
        {"entity_id": "sensor.grid_demand", "state": "%s", "attributes": {"unit_of_measurement": "MW"}, "last_updated": "%s"}"""
            .formatted(state, time.plus(Duration.ofMillis(123)));
    var unused =
        producer.send(new ProducerRecord<>(topic, record.getBytes(StandardCharsets.UTF_8)));
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
