package io.tidecast.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidecast.cli.TidecastCommand;
import io.tidecast.cli.embedded.EmbeddedKafka;
import io.tidecast.cli.embedded.ForecastReader;
import io.tidecast.cli.quickstart.DemandSeries;
import io.tidecast.cli.quickstart.Replay;
import io.tidecast.cli.testing.DemandFeed;
import io.tidecast.cli.testing.PageEvents;
import io.tidecast.cli.testing.Pipelines;
import io.tidecast.cli.testing.Tidecast;
import io.tidecast.runtime.mixture.MixturePlan;
import io.tidecast.runtime.mixture.Naive;
import io.tidecast.runtime.mixture.TargetMixture;
import io.tidecast.schemas.AvroCodec;
import io.tidecast.schemas.Forecast;
import io.tidecast.schemas.ForecastScore;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@Tag("cluster")
@Timeout(120)
class RunITCase {
  private static final Pattern PAGE =
      Pattern.compile("The page is at (http://127\\.0\\.0\\.1:\\d+/)");

  private static EmbeddedKafka kafka;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path folder;

  @BeforeAll
  static void start() {
    kafka = EmbeddedKafka.start();
    kafka.createTopic("in", 1, Map.of());
    kafka.createTopic("out", 1, Map.of());
    kafka.createTopic("in.dlq", 1, Map.of());
  }

  @AfterAll
  static void stop() {
    kafka.close();
  }

  @Test
  void shouldForecastUntilItIsStopped() throws Exception {
    DemandSeries series = DemandSeries.load();
    Path job = job(kafka.bootstrapServers(), "in", "out");

    try (ForecastReader reader = new ForecastReader(kafka.bootstrapServers(), "out", "in.dlq");
        Replay replay =
            new Replay(
                kafka.bootstrapServers(),
                "in",
                new Replay.Plan(series, DemandSeries.FIRST_VALIDATION_ROW, Double.MAX_VALUE))) {
      try (Tidecast tidecast = new Tidecast(folder, "run", "--config", job.toString(), "--page")) {
        tidecast.awaitLine("Forecasting in -> out at " + kafka.bootstrapServers());
        replay.start();
        Pipelines.read(reader, Pipelines.FORECASTS, 0, replay::check);
        shouldShowWhatItForecasts(tidecast);

        tidecast.signal("INT");

        assertThat(tidecast.exitCode()).isEqualTo(130);
        assertThat(tidecast.output())
            .contains("Stopped; all forecasts that were made are committed");
        assertThat(tidecast.output()).doesNotContain("Exception");
      }
      Pipelines.checkSound(reader.forecasts());
      assertThat(Pipelines.points(reader.forecasts())).isEqualTo(Pipelines.undisturbed());
    }
  }

  private static void shouldShowWhatItForecasts(Tidecast tidecast) {
    Matcher url = PAGE.matcher(tidecast.output());
    assertThat(url.find()).isTrue();
    JsonNode shown =
        PageEvents.await(url.group(1), seen -> !seen.path("series").path("fans").isEmpty());
    assertThat(shown.path("job").path("lacking").toString())
        .contains("cells.topic", "scores.topic");
  }

  @Test
  void shouldGoOnWhereItWasStoppedOrKilled() throws Exception {
    kafka.createTopic("broken.in", 1, Map.of());
    kafka.createTopic("broken.out", 1, Map.of());
    kafka.createTopic("broken.in.dlq", 1, Map.of());
    Path job = job(kafka.bootstrapServers(), "broken.in", "broken.out");
    Files.writeString(
        job,
        "  directory: %s%n".formatted(folder.resolve("state").toUri()),
        StandardOpenOption.APPEND);
    try (ForecastReader reader =
            new ForecastReader(kafka.bootstrapServers(), "broken.out", "broken.in.dlq");
        Replay replay =
            new Replay(
                kafka.bootstrapServers(),
                "broken.in",
                new Replay.Plan(DemandSeries.load(), DemandSeries.FIRST_VALIDATION_ROW, 100))) {
      replay.start();
      runUntil(job, reader, 100, "TERM");
      runUntil(job, reader, 300, "KILL");
      try (Tidecast tidecast = new Tidecast(folder, "run", "--config", job.toString())) {
        tidecast.awaitLine("Going on from " + folder.resolve("state"));
        Pipelines.read(reader, Pipelines.FORECASTS, 0, replay::check);
      }
      Pipelines.checkSound(reader.forecasts());
      assertThat(Pipelines.points(reader.forecasts())).isEqualTo(Pipelines.undisturbed());
    }
  }

  @Test
  void shouldReadForeignTopicsByAPattern() throws Exception {
    // The broker deletes by the times of the records, and these are old.
    Map<String, String> kept = Map.of("retention.ms", "-1");
    kafka.createTopic("plant-1", 1, kept);
    kafka.createTopic("plant-2", 1, kept);
    kafka.createTopic("plants.rejected", 1, Map.of());
    Path job =
        Files.writeString(
            folder.resolve("foreign.yaml"),
            """
            kafka:
              bootstrap-servers: %s
            source:
              topic-pattern: plant-\\d
              format: json
              mapping:
                series: [$topic, $key, $header.line]
                time: $timestamp
                values: power.kw
            series:
              step: 30min
            model:
              path: %s
            sink:
              topic: out
            dead-letters:
              topic: plants.rejected
            checkpoints:
              interval: 300ms
            """
                .formatted(kafka.bootstrapServers(), Pipelines.model()));
    try (ForecastReader reader =
            new ForecastReader(kafka.bootstrapServers(), "none", "plants.rejected");
        Tidecast tidecast = new Tidecast(folder, "run", "--config", job.toString());
        Producer<byte[], byte[]> producer =
            new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
      tidecast.awaitLine("Forecasting plant-\\d -> out at " + kafka.bootstrapServers());
      String good = "{\"power\": {\"kw\": 7}}";
      producer.send(foreign("plant-1", "2020-01-01T00:00:00Z", good));
      // A year before is late, and says how the good one was read.
      producer.send(foreign("plant-1", "2019-01-01T00:00:00Z", good));
      producer.send(foreign("plant-2", "2020-01-01T00:00:00Z", "{\"power\": 7}"));
      producer.flush();
      while (reader.deadLetters().size() < 2) {
        reader.poll(Duration.ofMillis(100));
      }
      assertThat(reader.deadLetters())
          .extracting(
              letter ->
                  "%s %s %s".formatted(letter.getTopic(), letter.getReason(), letter.getSeries()))
          .containsExactlyInAnyOrder(
              "plant-1 late plant-1/k/north", "plant-2 invalid-field plant-2/k/north");
    }
  }

  @Test
  void shouldAnswerEveryRequestOnce() throws Exception {
    kafka.createTopic("hours", 1, Map.of("retention.ms", "-1"));
    kafka.createTopic("hours.dlq", 1, Map.of());
    kafka.createTopic("asked", 1, Map.of());
    kafka.createTopic("answers", 1, Map.of());
    Path job =
        Files.writeString(
            folder.resolve("asked.yaml"),
            """
            kafka:
              bootstrap-servers: %s
            source:
              topic: hours
              format: json
              mapping:
                series: $key
                time: $timestamp
                values: v
            series:
              step: 30min
              close: watermark
            requests:
              topic: asked
            model:
              path: %s
            sink:
              topic: answers
            checkpoints:
              interval: 300ms
            """
                .formatted(kafka.bootstrapServers(), Pipelines.model()));
    try (ForecastReader reader =
            new ForecastReader(kafka.bootstrapServers(), "answers", "hours.dlq");
        Tidecast tidecast = new Tidecast(folder, "run", "--config", job.toString());
        Producer<byte[], byte[]> producer =
            new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
      tidecast.awaitLine("Forecasting hours -> answers at " + kafka.bootstrapServers());
      Instant begin = Instant.parse("2020-01-01T00:00:00Z");
      for (int cell = 0; cell < Pipelines.CONTEXT; cell++) {
        String json = "{\"v\": %d}".formatted(30_000 + 5_000 * (cell % 48) / 48);
        producer.send(observation("a", begin.plus(Duration.ofMinutes(30L * cell)), json));
      }
      Instant last = begin.plus(Duration.ofMinutes(30L * (Pipelines.CONTEXT - 1)));
      // Ends the last cell of the other by the watermark, which the request topic must not hold.
      producer.send(observation("b", last.plus(Duration.ofMinutes(31)), "{\"v\": 1}"));
      Pipelines.read(reader, 1, 0, () -> {});

      for (String request :
          List.of(
              "{\"series\": \"a\"}",
              "{\"series\": \"a\", \"horizon\": 3}",
              "{\"series\": \"b\", \"horizon\": 3}",
              "{\"series\": \"nobody\"}",
              "{\"series\": \"a\", \"horizon\": 49}",
              "{\"series\": \"a\"")) {
        producer.send(new ProducerRecord<>("asked", bytes(request)));
      }
      producer.flush();
      Pipelines.read(reader, 3, 4, () -> {});

      List<Forecast> forecasts =
          reader.forecasts().stream().map(ForecastReader.Received::forecast).toList();
      assertThat(forecasts)
          .allSatisfy(
              forecast -> {
                assertThat(forecast.getOrigin()).isEqualTo(last);
                assertThat(forecast.getRevision()).isZero();
                assertThat(forecast.getFallback()).isFalse();
              });
      assertThat(forecasts).extracting(Forecast::getHorizon).containsExactly(48, 48, 3);
      assertThat(forecasts.get(1).getPoints()).isEqualTo(forecasts.get(0).getPoints());
      assertThat(forecasts.get(2).getPoints())
          .isEqualTo(forecasts.get(0).getPoints().subList(0, 3));
      assertThat(reader.deadLetters())
          .extracting(letter -> letter.getTopic() + " " + letter.getReason())
          .containsExactlyInAnyOrder(
              "asked too-little-context",
              "asked unknown-series",
              "asked horizon-out-of-range",
              "asked malformed");
    }
  }

  /**
   * The same arithmetic without Kafka and Flink: each cell closes, and then it is forecast from.
   */
  @Test
  void shouldMixAndCalibrateAsTheArithmeticDoes() throws Exception {
    int forecasts = 300;
    for (String topic : List.of("mixed.in", "mixed.out", "mixed.scores", "mixed.in.dlq")) {
      kafka.createTopic(topic, 1, Map.of("retention.ms", "-1"));
    }
    try (DemandFeed feed = new DemandFeed(kafka.bootstrapServers(), "mixed.in")) {
      feed.send(Pipelines.CONTEXT - 1 + forecasts);
    }
    Path job = job(kafka.bootstrapServers(), "mixed.in\n  stop: latest", "mixed.out");
    Files.writeString(
        job,
        """
        mixture: {members: [model, seasonal-naive-1d, seasonal-naive-7d, repeat-last, linear]}
        calibration: {levels: [0.05, 0.25, 0.5, 0.75, 0.95]}
        scores: {topic: mixed.scores, every: 50}
        """,
        StandardOpenOption.APPEND);

    assertThat(run(job)).as(err::toString).isZero();

    Mixed expected = Mixed.of(forecasts);
    try (ForecastReader reader =
        new ForecastReader(kafka.bootstrapServers(), "mixed.out", "mixed.in.dlq")) {
      Pipelines.read(reader, forecasts, 0, () -> {});
      assertThat(Pipelines.points(reader.forecasts())).isEqualTo(expected.points);
      assertThat(reader.forecasts())
          .extracting(ForecastReader.Received::forecast)
          .allSatisfy(
              forecast -> {
                assertThat(forecast.getModelId()).isEqualTo("mixture");
                assertThat(forecast.getQuantileLevels()).containsExactly(.05, .25, .5, .75, .95);
                assertThat(forecast.getQuantiles())
                    .isEqualTo(expected.quantiles.get(forecast.getOrigin()));
              });
    }
    assertThat(scores())
        .allSatisfy(
            score -> {
              if (score.getRole().equals("primary")) {
                assertThat(score.getWeight()).isNull();
              } else {
                assertThat(score.getWeight()).isBetween(0.0, 1.0);
              }
            })
        .extracting(score -> score.getRole() + " " + score.getModelId())
        .contains(
            "primary mixture",
            "member patchtst-uk-demand",
            "member seasonal-naive-1d",
            "member seasonal-naive-7d",
            "member repeat-last",
            "member linear");
  }

  private static List<ForecastScore> scores() throws Exception {
    List<ForecastScore> scores = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers", kafka.bootstrapServers(), "isolation.level", "read_committed"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      TopicPartition partition = new TopicPartition("mixed.scores", 0);
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      long end = consumer.endOffsets(List.of(partition)).get(partition);
      while (consumer.position(partition) < end) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
          scores.add(AvroCodec.forecastScores().decode(record.value()));
        }
      }
    }
    return scores;
  }

  /** What is forecast from each origin: points by step, and quantiles by step and level. */
  private record Mixed(Map<Instant, List<Double>> points, Map<Instant, List<Double>> quantiles) {

    private static final int HORIZON = 48;
    private static final double[] LEVELS = {.05, .25, .5, .75, .95};

    static Mixed of(int forecasts) {
      DemandSeries series = DemandSeries.load();
      Map<Instant, List<Double>> models = Pipelines.undisturbed();
      TargetMixture mixture =
          new MixturePlan(
                  1,
                  List.of(
                      Naive.season("day", HORIZON),
                      Naive.season("week", DemandSeries.WEEK),
                      Naive.last("last"),
                      Naive.line("line", Pipelines.CONTEXT)),
                  LEVELS,
                  0)
              .begin();
      Mixed mixed = new Mixed(new TreeMap<>(), new TreeMap<>());
      for (int cell = 0; cell < Pipelines.CONTEXT - 1 + forecasts; cell++) {
        int row = DemandSeries.FIRST_VALIDATION_ROW + cell;
        mixture.close(cell, series.value(row));
        if (cell >= Pipelines.CONTEXT - 1) {
          List<Double> model = models.get(series.time(row));
          TargetMixture.Said said =
              new TargetMixture.Said(
                  new float[5][HORIZON],
                  new float[HORIZON],
                  new float[HORIZON],
                  new float[HORIZON * LEVELS.length],
                  new double[5]);
          for (int step = 0; step < HORIZON; step++) {
            said.points()[0][step] = model.get(step).floatValue();
          }
          mixture.forecast(cell, 0, said);
          mixed.points.put(series.time(row), doubles(said.mixed()));
          mixed.quantiles.put(series.time(row), doubles(said.quantiles()));
        }
      }
      return mixed;
    }

    private static List<Double> doubles(float[] values) {
      List<Double> doubles = new ArrayList<>();
      for (float value : values) {
        doubles.add((double) value);
      }
      return doubles;
    }
  }

  private static ProducerRecord<byte[], byte[]> observation(
      String series, Instant time, String json) {
    return new ProducerRecord<>("hours", 0, time.toEpochMilli(), bytes(series), bytes(json));
  }

  private static ProducerRecord<byte[], byte[]> foreign(String topic, String time, String json) {
    Headers headers = new RecordHeaders().add("line", bytes("north"));
    long timestamp = Instant.parse(time).toEpochMilli();
    return new ProducerRecord<>(topic, 0, timestamp, bytes("k"), bytes(json), headers);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private void runUntil(Path job, ForecastReader reader, int forecasts, String signal)
      throws Exception {
    try (Tidecast tidecast = new Tidecast(folder, "run", "--config", job.toString())) {
      tidecast.awaitLine("Forecasting broken.in -> broken.out");
      while (reader.forecasts().size() < forecasts) {
        reader.poll(Duration.ofMillis(100));
      }
      tidecast.signal(signal);
      tidecast.exitCode();
    }
  }

  @Test
  void shouldNameEveryTopicThatIsMissing() throws IOException {
    Path job = job(kafka.bootstrapServers(), "absent", "out");
    Files.writeString(job, "requests: {topic: unasked}\n", StandardOpenOption.APPEND);
    assertThat(run(job)).isEqualTo(1);
    assertThat(err.toString())
        .contains("topics must exist", "source.topic=absent", "dead-letters.topic=absent.dlq")
        .contains("requests.topic=unasked")
        .doesNotContain("sink.topic", "\tat ");
  }

  @Test
  void shouldSayThatTheDeadLetterTopicIsTooNarrow() throws IOException {
    kafka.createTopic("narrow", 1, Map.of());
    kafka.createTopic("narrow.dlq", 1, Map.of("max.message.bytes", "500000"));

    assertThat(run(job(kafka.bootstrapServers(), "narrow", "out"))).isEqualTo(1);
    assertThat(err.toString())
        .contains("narrow.dlq must take records of 916384 bytes: max.message.bytes=500000")
        .doesNotContain("\tat ");
  }

  @Test
  void shouldSayThatKafkaDoesNotAnswer() throws IOException {
    String nobody;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      nobody = "127.0.0.1:" + free.getLocalPort();
    }

    assertThat(run(job(nobody, "in", "out"))).isEqualTo(1);
    assertThat(err.toString())
        .contains("Kafka must answer: kafka.bootstrap-servers=" + nobody)
        .doesNotContain("\tat ");
  }

  private int run(Path job) {
    CommandLine commandLine =
        TidecastCommand.commandLine()
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true));
    return commandLine.execute("run", "--config", job.toString());
  }

  private Path job(String bootstrapServers, String source, String sink) throws IOException {
    Path file = Files.createDirectories(folder.resolve("jobs")).resolve("job.yaml");
    return Files.writeString(
        file,
        """
        kafka:
          bootstrap-servers: %s
        source:
          topic: %s
        series:
          step: 30min
        model:
          path: %s
        sink:
          topic: %s
        checkpoints:
          interval: 300ms
        """
            .formatted(bootstrapServers, source, Pipelines.model(), sink));
  }
}
