package io.tidecast.cli.readers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidecast.cli.TidecastCommand;
import io.tidecast.cli.embedded.EmbeddedFlink;
import io.tidecast.cli.embedded.EmbeddedKafka;
import io.tidecast.cli.quickstart.DemandSeries;
import io.tidecast.cli.testing.Pipelines;
import io.tidecast.cli.testing.TestingRegistry;
import io.tidecast.cli.testing.Tidecast;
import io.tidecast.flink.ForecastJob;
import io.tidecast.flink.config.JobBuilder;
import io.tidecast.flink.config.JobConfig;
import io.tidecast.schemas.AvroCodec;
import io.tidecast.schemas.Observation;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Forecasts of a whole job, read as the page "read forecasts" says, with the SQL of the page. */
@Tag("cluster")
@Timeout(240)
class ReadersITCase {

  private static final int FORECASTS = 3;
  private static final int HORIZON = 48;
  private static final Pattern SQL = Pattern.compile("(?s)```sql\n(.*?)```");

  private static EmbeddedKafka kafka;
  private static EmbeddedFlink flink;

  @TempDir private Path folder;

  @BeforeAll
  static void start() {
    kafka = EmbeddedKafka.start();
    kafka.createTopic("in", 1, Map.of());
    flink = EmbeddedFlink.start(1, new Configuration());
    sendObservations();
  }

  @AfterAll
  static void stop() {
    flink.close();
    kafka.close();
  }

  /** As many as three forecasts need, and a record that is none. */
  private static void sendObservations() {
    DemandSeries series = DemandSeries.load();
    AvroCodec<Observation> codec = AvroCodec.observations();
    try (Producer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (int i = 0; i < Pipelines.CONTEXT + FORECASTS - 1; i++) {
        int row = DemandSeries.FIRST_VALIDATION_ROW + i;
        Observation observation =
            new Observation(DemandSeries.NAME, series.time(row), List.of(series.value(row)));
        ProducerRecord<byte[], byte[]> record =
            new ProducerRecord<>("in", codec.encode(observation));
        record.headers().add("traceparent", trace(i).getBytes(StandardCharsets.UTF_8));
        producer.send(record);
      }
      ProducerRecord<byte[], byte[]> bad =
          new ProducerRecord<>("in", "what?".getBytes(StandardCharsets.UTF_8));
      bad.headers().add("traceparent", "00-1-2-01".getBytes(StandardCharsets.UTF_8));
      producer.send(bad);
    }
  }

  /** A trace for each observation. */
  private static String trace(int observation) {
    return "00-4bf92f3577b34da6a3ce929d0e0e4736-%016x-01".formatted(observation + 1);
  }

  @Test
  void shouldBeRowsOfJsonForAConsoleAndForFlinkSql() throws Exception {
    run("json", job -> job.set("sink.layout", "points").set("sink.key", "series-time"));

    List<ConsumerRecord<String, String>> lines = lines("json.out");
    List<ConsumerRecord<String, String>> rejected = lines("json.dlq");
    List<Row> rows =
        query(
            createTable(0, "json.out"),
            "SELECT series, origin, `time`, `lead`, `value`, fallback FROM forecasts");

    Map<Instant, List<Double>> expected = Pipelines.undisturbed();
    assertThat(lines).hasSize(FORECASTS * HORIZON);
    assertThat(rows).hasSameSizeAs(lines);
    for (int i = 0; i < lines.size(); i++) {
      JsonNode point = new ObjectMapper().readTree(lines.get(i).value());
      Instant origin = Instant.parse(point.path("origin").asText());
      int lead = 1 + i % HORIZON;
      Instant time = origin.plus(Duration.ofMinutes(30L * lead));
      double value = expected.get(origin).get(lead - 1);
      assertThat(point.path("lead").asInt()).isEqualTo(lead);
      assertThat(point.path("value").asDouble()).isEqualTo(value);
      assertThat(rows.get(i))
          .isEqualTo(Row.of(DemandSeries.NAME, origin, time, lead, value, false));
      assertThat(lines.get(i).headers().lastHeader("traceparent").value())
          .as("of the observation that brought the forecast")
          .asString()
          .isEqualTo(trace(Pipelines.CONTEXT - 1 + i / HORIZON));
      assertThat(lines.get(i).key())
          .isEqualTo(
              "{\"series\":\"%s\",\"target\":\"%s\",\"time\":\"%s\"}"
                  .formatted(DemandSeries.NAME, point.path("target").asText(), time));
    }
    assertThat(rejected).hasSize(1);
    JsonNode letter = new ObjectMapper().readTree(rejected.get(0).value());
    assertThat(letter.path("reason").asText()).isEqualTo("malformed");
    assertThat(letter.path("value").asText()).isEqualTo("what?");
    assertThat(rejected.get(0).headers().lastHeader("traceparent").value())
        .asString()
        .isEqualTo("00-1-2-01");

    Path job = jobFile("json", "layout: points, key: series-time");
    List<String> forecasts =
        read("forecasts", "--config", job.toString(), "--json").lines().toList();
    assertThat(forecasts).hasSize(FORECASTS);
    for (String forecast : forecasts) {
      JsonNode gathered = new ObjectMapper().readTree(forecast);
      assertThat(gathered.findValues("value").stream().map(JsonNode::asDouble))
          .isEqualTo(expected.get(Instant.parse(gathered.path("origin").asText())));
    }
    assertThat(read("dead-letters", "--config", job.toString()))
        .contains("malformed, 1 ", "last in-0@", "     what?");
    try (Tidecast reading =
        new Tidecast(folder, "read", "forecasts", "--config", job.toString(), "--follow")) {
      reading.awaitLine(DemandSeries.NAME + "  after ");
      sendAgain(lines.subList(lines.size() - HORIZON, lines.size()));
      assertThat(reading.awaitLine("  revision 1"))
          .contains("  48 ahead (1 d)  ")
          .doesNotContain("found");
      reading.signal("INT");
      assertThat(reading.exitCode()).isEqualTo(130);
    }
  }

  /** As a job does that makes a forecast anew. */
  private static void sendAgain(List<ConsumerRecord<String, String>> points) {
    try (Producer<String, String> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers()),
            new StringSerializer(),
            new StringSerializer())) {
      for (ConsumerRecord<String, String> one : points) {
        assertThat(one.value()).contains("\"revision\":0");
        producer.send(
            new ProducerRecord<>(
                one.topic(), one.key(), one.value().replace("\"revision\":0", "\"revision\":1")));
      }
    }
  }

  /** The job file of what was run. */
  private Path jobFile(String format, String sink) throws IOException {
    return Files.writeString(
        folder.resolve(format + ".yaml"),
        """
        kafka: {bootstrap-servers: "%1$s"}
        source: {topic: in, group-id: %2$s}
        series: {step: 30min}
        model: {path: %3$s}
        sink: {topic: %2$s.out, transactional-id-prefix: %2$s, format: %2$s, %4$s}
        dead-letters: {topic: %2$s.dlq}
        """
            .formatted(kafka.bootstrapServers(), format, Pipelines.model(), sink));
  }

  private static String read(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine command =
        TidecastCommand.commandLine()
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true));
    List<String> all = new ArrayList<>(List.of("read"));
    all.addAll(List.of(arguments));
    assertThat(command.execute(all.toArray(String[]::new))).as("%s", err).isZero();
    assertThat(err.toString()).isEmpty();
    return out.toString();
  }

  @Test
  void shouldBeForecastsOfAvroWithARegistryForFlinkSql() throws Exception {
    try (TestingRegistry registry = new TestingRegistry()) {
      run(
          "avro",
          job ->
              job.set("sink.framing", "confluent")
                  .set("sink.register-schemas", true)
                  .set("registry.url", registry.url()));
      List<Row> rows =
          query(
              createTable(1, "avro.out").replace("http://registry-1:8081", registry.url()),
              "SELECT series, origin, horizon, points, fallback FROM forecasts");

      Map<Instant, List<Double>> expected = Pipelines.undisturbed();
      assertThat(rows).hasSize(FORECASTS);
      for (Row row : rows) {
        assertThat(row.getField("series")).isEqualTo(DemandSeries.NAME);
        assertThat(row.getField("horizon")).isEqualTo(HORIZON);
        assertThat(row.<Double[]>getFieldAs("points"))
            .containsExactlyElementsOf(
                expected.get(row.<LocalDateTime>getFieldAs("origin").toInstant(ZoneOffset.UTC)));
      }

      Path job =
          Files.writeString(
              jobFile("avro", "framing: confluent, register-schemas: true"),
              "registry: {url: \"%s\"}%n".formatted(registry.url()),
              StandardOpenOption.APPEND);
      assertThat(read("forecasts", "--config", job.toString(), "--json").lines())
          .hasSize(FORECASTS)
          .allMatch(line -> line.contains("\"horizon\":48,"));
      assertThat(read("dead-letters", "--config", job.toString())).contains("malformed, 1 ");
    }
  }

  /** Changes a job. */
  @FunctionalInterface
  private interface Change {
    JobBuilder apply(JobBuilder job);
  }

  /** Runs a job over what there is to its end. */
  private static void run(String format, Change change) throws Exception {
    kafka.createTopic(format + ".out", 1, Map.of());
    kafka.createTopic(format + ".dlq", 1, Map.of());
    JobConfig config =
        change
            .apply(
                JobConfig.builder()
                    .set("kafka.bootstrap-servers", kafka.bootstrapServers())
                    .set("source.topic", "in")
                    .set("source.start", "earliest")
                    .set("source.stop", "latest")
                    .set("source.group-id", format)
                    .set("series.step", "PT30M")
                    .set("model.path", Pipelines.model())
                    .set("sink.topic", format + ".out")
                    .set("sink.format", format)
                    .set("sink.transactional-id-prefix", format)
                    .set("dead-letters.topic", format + ".dlq")
                    .set("checkpoints.interval", Duration.ofMillis(300)))
            .build();
    StreamExecutionEnvironment environment =
        StreamExecutionEnvironment.getExecutionEnvironment(new Configuration());
    ForecastJob.build(environment, config);
    EmbeddedFlink.Job job = flink.submit(environment.getStreamGraph());
    while (!job.finished()) {
      job.check();
      Thread.sleep(50);
    }
  }

  /** What a console shows of a topic. */
  private static List<ConsumerRecord<String, String>> lines(String topic) {
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers", kafka.bootstrapServers(), "isolation.level", "read_committed"),
            new StringDeserializer(),
            new StringDeserializer())) {
      TopicPartition partition = new TopicPartition(topic, 0);
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      long end = consumer.endOffsets(List.of(partition)).get(partition);
      List<ConsumerRecord<String, String>> lines = new ArrayList<>();
      while (consumer.position(partition) < end) {
        consumer.poll(Duration.ofMillis(100)).forEach(lines::add);
      }
      return lines;
    }
  }

  /**
   * A statement of the page, over a topic here and up to its end.
   *
   * @param number from 0
   */
  private static String createTable(int number, String topic) throws IOException {
    Path page = Path.of(System.getProperty("tidecast.root"), "docs/how-to/read-forecasts.md");
    Matcher statement = SQL.matcher(Files.readString(page));
    for (int i = 0; i <= number; i++) {
      assertThat(statement.find()).isTrue();
    }
    String start = "'scan.startup.mode' = 'earliest-offset'";
    assertThat(statement.group(1)).contains("'meter-forecasts'", "'broker-1:9092'", start);
    return statement
        .group(1)
        .replace("'meter-forecasts'", "'" + topic + "'")
        .replace("'broker-1:9092'", "'" + kafka.bootstrapServers() + "'")
        .replace(start, start + ", 'scan.bounded.mode' = 'latest-offset'");
  }

  @SuppressWarnings("try") // The iterator's own close says that it may be interrupted.
  private static List<Row> query(String table, String query) throws Exception {
    TableEnvironment tables =
        TableEnvironment.create(EnvironmentSettings.newInstance().inStreamingMode().build());
    tables.getConfig().set("parallelism.default", "1");
    tables.executeSql(table);
    List<Row> rows = new ArrayList<>();
    try (CloseableIterator<Row> found = tables.executeSql(query).collect()) {
      found.forEachRemaining(rows::add);
    }
    return rows;
  }
}
