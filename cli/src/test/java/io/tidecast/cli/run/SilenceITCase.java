package io.tidecast.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.cli.TidecastCommand;
import io.tidecast.cli.embedded.EmbeddedKafka;
import io.tidecast.cli.testing.Pipelines;
import io.tidecast.cli.testing.Tidecast;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.IntFunction;
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

/** Jobs that run well and forecast nothing: they say why, and what to look at. */
@Tag("cluster")
@Timeout(180)
class SilenceITCase {

  private static final Instant BEGIN = Instant.parse("2024-05-01T00:00:00Z");

  private static EmbeddedKafka kafka;

  @TempDir private Path folder;

  @BeforeAll
  static void start() {
    kafka = EmbeddedKafka.start();
  }

  @AfterAll
  static void stop() {
    kafka.close();
  }

  @Test
  void shouldAskForTheUnitOfTimesThatFallIntoOneCellOf1970() throws Exception {
    topic("seconds", 400, i -> "\"t\": %d".formatted(halfHour(i).getEpochSecond()));
    Path job = job("seconds", "topic: seconds, stop: latest", "time-format: epoch-millis");

    StringWriter out = new StringWriter();
    int code =
        TidecastCommand.commandLine()
            .setOut(new PrintWriter(out, true))
            .execute("run", "--config", job.toString());

    assertThat(out.toString())
        .contains("Done: 400 records", "; 0 forecasts, 0 of them fallbacks, 0 dead letters.")
        .contains(
            "No forecast: all 400 observations fell into one cell of PT30M, up to 1970-01-20T")
        .contains("is the time in seconds, which would be 2024-05-09T07:30:00Z?")
        .contains("set source.mapping.time-format: epoch-seconds.");
    assertThat(code).isEqualTo(RunProgress.NO_FORECAST);
  }

  @Test
  void shouldAskWhetherAFileIsNewestFirst() throws Exception {
    kafka.createTopic("file-out", 1, Map.of());
    kafka.createTopic("file.dlq", 1, Map.of());
    StringBuilder lines = new StringBuilder("t,v\n");
    for (int i = 799; i >= 0; i--) {
      lines.append(halfHour(i)).append(",30000\n");
    }
    Path file = Files.writeString(folder.resolve("newest-first.csv"), lines);
    Path job = job("file", "files: " + file, "time-format: iso-8601");

    StringWriter out = new StringWriter();
    int code =
        TidecastCommand.commandLine()
            .setOut(new PrintWriter(out, true))
            .execute("run", "--config", job.toString());

    assertThat(out.toString())
        .contains(
            "No forecast: 464 of 800 observations came too late for their cell: is the file newest first")
        .contains("464 dead letters, late, such as " + file + " line 338: time must not be before");
    assertThat(code).isEqualTo(RunProgress.NO_FORECAST);
  }

  @Test
  void shouldSayWhileItRunsThatEveryRecordIsRefused() throws Exception {
    topic(
        "spaces", 20, i -> "\"t\": \"%s\"".formatted(halfHour(i).toString().replace("T", " at ")));
    Path job = job("spaces", "topic: spaces", "time-format: iso-8601");

    try (Tidecast tidecast = new Tidecast(folder, "run", "--config", job.toString())) {
      assertThat(tidecast.awaitLine("20 dead letters"))
          .startsWith("20 dead letters, invalid-field, such as spaces-0@0: field must be a time")
          .endsWith("t=\"2024-05-01 at 00:00:00Z\" (docs/troubleshooting.md#invalid-field).");
      // Said before, where the first dead letters were told while others were still being written.
      tidecast.awaitSaid(
          "No forecast: none of the 20 records that were read is a good observation");
      tidecast.signal("TERM");
      tidecast.exitCode();
      assertThat(tidecast.output())
          .contains("In all: 20 records, no time", "; 0 forecasts, 0 of them fallbacks, 20 dead");
    }
  }

  private static Instant halfHour(int number) {
    return BEGIN.plus(Duration.ofMinutes(30L * number));
  }

  private static void topic(String name, int records, IntFunction<String> time) {
    kafka.createTopic(name, 1, Map.of("retention.ms", "-1"));
    kafka.createTopic(name + "-out", 1, Map.of());
    kafka.createTopic(name + ".dlq", 1, Map.of());
    try (Producer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (int i = 0; i < records; i++) {
        String json = "{\"s\": \"a\", %s, \"v\": 30000}".formatted(time.apply(i));
        producer.send(new ProducerRecord<>(name, json.getBytes(StandardCharsets.UTF_8)));
      }
    }
  }

  private Path job(String name, String source, String timeFormat) throws IOException {
    boolean csv = source.startsWith("files");
    return Files.writeString(
        folder.resolve(name + ".yaml"),
        """
        kafka: {bootstrap-servers: "%s"}
        source:
          {%s, format: %s,
           mapping: {series: %s, time: t, %s, values: v}}
        series: {step: 30min}
        model: {path: "%s"}
        sink: {topic: %s-out, transactional-id-prefix: %s}
        dead-letters: {topic: %s.dlq}
        checkpoints: {interval: 300ms}
        """
            .formatted(
                kafka.bootstrapServers(),
                csv ? source : "%s, group-id: %s, start: earliest".formatted(source, name),
                csv ? "csv" : "json",
                csv ? "$file" : "s",
                timeFormat,
                Pipelines.model(),
                name,
                name,
                name));
  }
}
