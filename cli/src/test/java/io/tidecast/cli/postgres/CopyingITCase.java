package io.tidecast.cli.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidecast.cli.TidecastCommand;
import io.tidecast.cli.embedded.EmbeddedKafka;
import io.tidecast.cli.testing.DemandFeed;
import io.tidecast.cli.testing.Pipelines;
import io.tidecast.cli.testing.Tidecast;
import io.tidecast.postgres.TestPostgres;
import io.tidecast.schemas.AvroCodec;
import io.tidecast.schemas.Forecast;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** A whole job with a real database beside it: what is there is what the topics say. */
@Tag("cluster")
@Timeout(240)
class CopyingITCase {

  private static final Duration STEP = Duration.ofMinutes(30);
  private static final int HORIZON = 48;

  private static TestPostgres server;
  private static EmbeddedKafka kafka;

  @TempDir private Path folder;

  @BeforeAll
  static void start() {
    server = TestPostgres.start(TestPostgres.Version.NEWEST);
    kafka = EmbeddedKafka.start();
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      kafka.close();
      server.close();
    }
  }

  @BeforeEach
  void empty() throws SQLException {
    server.execute("drop schema if exists tidecast cascade");
  }

  @Test
  void shouldCopyEverythingOnceWhileTheServerComesAndGoes() throws Exception {
    kafka.createTopic("live.in", 1, Map.of());
    Path job = job("live", "commands: {topic: live.commands}");
    try (DemandFeed feed = new DemandFeed(kafka.bootstrapServers(), "live.in");
        Tidecast tidecast =
            new Tidecast(folder, "run", "--config", job.toString(), "--create-topics")) {
      tidecast.awaitLine("Copying live.cells, live.out");
      feed.send(Pipelines.CONTEXT + 99);
      await("count(distinct origin) from tidecast.forecasts", count -> count == 100);

      send("live.commands", "{\"id\": \"back\", \"action\": \"roll-back\"}");
      await("count(*) from tidecast.events", count -> count > 0);

      server.stop();
      feed.send(100);
      tidecast.awaitLine("does not do what is needed to copy to PostgreSQL");
      // Forecasts do not wait for the copy.
      awaitRecords("live.out", 200);

      server.startAgain();
      feed.send(20);
      await("count(distinct origin) from tidecast.forecasts", count -> count == 220);
      await("count(*) from tidecast.observations", count -> count == Pipelines.CONTEXT + 219);
      tidecast.signal("INT");
      assertThat(tidecast.exitCode()).isEqualTo(130);
      assertThat(tidecast.output())
          .contains("Copying to PostgreSQL goes on after", "Copied ", "rows new or changed.")
          .doesNotContain("Exception");
    }
    assertThat(
            server.rows(
                "select origin, time, lead, round(value::numeric, 9) from tidecast.forecasts order by 1, 2"))
        .isEqualTo(expectedForecasts("live.out"));
    assertThat(server.text("select count(*) || ' ' || count(value) from tidecast.observations"))
        .isEqualTo("555 555");
    int cells = records("live.cells").size();
    assertThat(cells).isEqualTo(Pipelines.CONTEXT + 219);
    assertThat(server.text("select count(*) from tidecast.observations")).isEqualTo("" + cells);
    assertThat(server.text("select min(value) > 0 from tidecast.observations")).isEqualTo("t");
    assertThat(server.text("select count(*) from tidecast.scores"))
        .isEqualTo("" + records("live.scores").size())
        .isNotEqualTo("0");
    assertThat(server.rows("select distinct kind, command_id from tidecast.events"))
        .containsExactly("refused|back");
    assertThat(server.rows("select model_id from tidecast.models order by first_seen"))
        .contains("patchtst-uk-demand");
    // Series and target are spelled alike everywhere, or nothing could be joined.
    assertThat(server.rows("select distinct series, target from tidecast.outcomes"))
        .isEqualTo(server.rows("select series, target from tidecast.series"))
        .isEqualTo(server.rows("select distinct series, target from tidecast.scores"))
        .hasSize(1);
    assertThat(server.text("select count(*) > 5000 from tidecast.outcomes")).isEqualTo("t");
  }

  @Test
  void shouldCopyAJobThatEndsAndChangeNothingWhenItIsReadAgain() throws Exception {
    kafka.createTopic("past.in", 1, Map.of());
    try (DemandFeed feed = new DemandFeed(kafka.bootstrapServers(), "past.in")) {
      feed.send(Pipelines.CONTEXT + 9);
    }
    Path job =
        job(
            "past",
            "source.stop: latest",
            "sink: {topic: past.out, format: json, layout: points, key: series-origin-time}");

    String said = run(0, "run", "--config", job.toString(), "--create-topics");

    // 346 cells, 10 forecasts of 48 points, and their scores.
    assertThat(said)
        .contains("Copied ")
        .contains(" records to PostgreSQL")
        .doesNotContain("Not all");
    List<ConsumerRecord<byte[], byte[]>> points = records("past.out");
    assertThat(points).hasSize(10 * HORIZON);
    List<String> expected = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : points) {
      JsonNode point = new ObjectMapper().readTree(record.value());
      expected.add(
          "%s|%s|%s|%s"
              .formatted(
                  point.path("series").asText(),
                  Instant.parse(point.path("origin").asText()).getEpochSecond(),
                  Instant.parse(point.path("time").asText()).getEpochSecond(),
                  point.path("lead").asInt()));
    }
    assertThat(
            server.rows(
                "select series, extract(epoch from origin)::bigint, extract(epoch from time)::bigint, lead from tidecast.forecasts"))
        .containsExactlyInAnyOrderElementsOf(expected);
    assertThat(server.text("select count(*) from tidecast.observations"))
        .isEqualTo("" + (Pipelines.CONTEXT + 9));

    String before = server.everything();
    Files.writeString(
        job, Files.readString(job).replace("batch-rows", "group-id: again\n  batch-rows"));
    said = run(0, "postgres", "--config", job.toString(), "--once");
    assertThat(said).contains("Copied ").contains(" records to PostgreSQL, 0 rows new or changed.");
    assertThat(server.everything()).isEqualTo(before);
  }

  @Test
  void shouldPutAsideWhatItCannotCopy() throws Exception {
    for (String topic : List.of("bad.in", "bad.out", "bad.cells", "bad.scores", "bad.in.dlq")) {
      kafka.createTopic(topic, 1, Map.of());
    }
    send("bad.out", "what?");

    String said = run(0, "postgres", "--config", job("bad").toString(), "--once");

    assertThat(said)
        .contains(
            "A record of bad.out-0 cannot be copied to PostgreSQL and is a dead letter: ",
            "Copied 1 records to PostgreSQL, 0 rows new or changed, 1 dead letters.");
    assertThat(records("bad.in.dlq"))
        .singleElement()
        .satisfies(
            record -> {
              var letter = AvroCodec.deadLetters().decode(record.value());
              assertThat(letter.getReason()).isEqualTo("malformed");
              assertThat(letter.getTopic()).isEqualTo("bad.out");
              assertThat(letter.getOffset()).isZero();
            });
  }

  @Test
  void shouldSayThatThereIsNothingToCopyTo() throws Exception {
    Path job = job("none");
    String yaml = Files.readString(job);
    Files.writeString(job, yaml.substring(0, yaml.indexOf("postgres:")));

    assertThat(run(2, "postgres", "--config", job.toString()))
        .contains("must be given, for it says where to copy to: postgres.url");
  }

  /** A job whose topics begin with a name, with more lines. */
  private Path job(String name, String... more) throws IOException {
    StringBuilder lines = new StringBuilder();
    boolean sink = false;
    String stop = "";
    for (String line : more) {
      if (line.startsWith("source.")) {
        stop = ", " + line.substring("source.".length());
      } else {
        sink |= line.startsWith("sink:");
        lines.append(line).append('\n');
      }
    }
    return Files.writeString(
        folder.resolve(name + ".yaml"),
        """
        kafka: {bootstrap-servers: "%1$s"}
        source: {topic: %2$s.in%3$s}
        series: {step: 30min}
        model: {path: %4$s}
        cells: {topic: %2$s.cells}
        scores: {topic: %2$s.scores, every: 10}
        checkpoints: {interval: 300ms}
        job: {name: %2$s}
        %5$s%6$spostgres:
          url: %7$s
          user: %8$s
          batch-rows: 1000
          batch-delay: 100ms
        """
            .formatted(
                kafka.bootstrapServers(),
                name,
                stop,
                Pipelines.model(),
                sink ? "" : "sink: {topic: %s.out}\n".formatted(name),
                lines,
                server.url(),
                server.user()));
  }

  private static void send(String topic, String text) {
    try (Producer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer.send(new ProducerRecord<>(topic, text.getBytes(StandardCharsets.UTF_8)));
    }
  }

  private static String run(int exitCode, String... arguments) {
    StringWriter out = new StringWriter();
    CommandLine command = TidecastCommand.commandLine();
    command.setOut(new PrintWriter(out, true));
    command.setErr(new PrintWriter(out, true));
    assertThat(command.execute(arguments)).as(out::toString).isEqualTo(exitCode);
    return out.toString();
  }

  private static void await(String of, Predicate<Long> enough) throws Exception {
    long deadline = System.nanoTime() + Duration.ofSeconds(100).toNanos();
    long count = 0;
    while (System.nanoTime() < deadline) {
      if (server.text("select to_regclass('tidecast.forecasts') is not null").equals("t")) {
        count = Long.parseLong(server.text("select " + of));
        if (enough.test(count)) {
          return;
        }
      }
      Thread.sleep(100);
    }
    throw new AssertionError("still %d: %s".formatted(count, of));
  }

  private static void awaitRecords(String topic, int count) throws Exception {
    long deadline = System.nanoTime() + Duration.ofSeconds(100).toNanos();
    while (records(topic).size() < count) {
      assertThat(System.nanoTime()).as(topic).isLessThan(deadline);
      Thread.sleep(200);
    }
  }

  /** As the rows of a query, in the order of origins and times. */
  private static List<String> expectedForecasts(String topic) throws Exception {
    Set<String> rows = new HashSet<>();
    List<String> ordered = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : records(topic)) {
      Forecast forecast = AvroCodec.forecasts().decode(record.value());
      for (int i = 0; i < HORIZON; i++) {
        Instant time = forecast.getOrigin().plus(STEP.multipliedBy(i + 1));
        String row =
            "%s|%s|%d|%s"
                .formatted(
                    shown(forecast.getOrigin()),
                    shown(time),
                    i + 1,
                    new BigDecimal(forecast.getPoints().get(i))
                        .setScale(9, RoundingMode.HALF_UP)
                        .toPlainString());
        assertThat(rows.add(row)).isTrue();
        ordered.add(row);
      }
    }
    return ordered;
  }

  private static String shown(Instant time) {
    return time.toString().replace('T', ' ').replace("Z", "+00");
  }

  private static List<ConsumerRecord<byte[], byte[]>> records(String topic) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers", kafka.bootstrapServers(), "isolation.level", "read_committed"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      TopicPartition partition = new TopicPartition(topic, 0);
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      long end = consumer.endOffsets(List.of(partition)).get(partition);
      while (consumer.position(partition) < end) {
        consumer.poll(Duration.ofMillis(100)).forEach(records::add);
      }
    }
    return records;
  }
}
