package io.tidecast.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.cli.TidecastCommand;
import io.tidecast.cli.embedded.EmbeddedKafka;
import io.tidecast.cli.embedded.ForecastReader;
import io.tidecast.cli.quickstart.DemandSeries;
import io.tidecast.cli.testing.Pipelines;
import io.tidecast.cli.testing.Tidecast;
import io.tidecast.schemas.AvroCodec;
import io.tidecast.schemas.DeadLetter;
import io.tidecast.schemas.Forecast;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
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

/** The same lines as a stream, as a topic with an end, either way round, and as a file. */
@Tag("cluster")
@Timeout(300)
class BackfillITCase {
  private static final List<String> SITES = List.of("east", "north", "south", "west");
  private static final int STEPS_LATE = 4;

  /** So many forecasts there are at least, and are waited for on a slow machine. */
  private static final int FEWEST = SITES.size() * 3_000;

  @TempDir private static Path folder;

  private static EmbeddedKafka kafka;
  private static List<String> lines;

  /** What the stream of the lines gives. */
  private static Map<String, String> forecasts;

  private static List<String> deadLetters;

  @BeforeAll
  static void stream() throws Exception {
    kafka = EmbeddedKafka.start();
    lines = lines();
    StringBuilder text = new StringBuilder("site,at,mw\n");
    lines.forEach(line -> text.append(line).append('\n'));
    Files.writeString(folder.resolve("demand.csv"), text);
    kafka.createTopic("demand", 1, Map.of("retention.ms", "-1"));
    produce();
    Path job = topicJob("stream", "never");
    try (Tidecast tidecast = new Tidecast(folder, "run", "--config", job.toString())) {
      tidecast.awaitLine("Forecasting demand -> stream.out");
      try (ForecastReader reader = reader("stream")) {
        long quiet = 0;
        while (quiet < 30) {
          quiet =
              reader.poll(Duration.ofMillis(100)) > 0 || reader.forecasts().size() < FEWEST
                  ? 0
                  : quiet + 1;
        }
        forecasts = forecasts(reader);
        deadLetters = deadLetters(reader);
      }
      tidecast.signal("TERM");
      assertThat(tidecast.exitCode()).isEqualTo(143);
    }
    assertThat(forecasts).hasSizeGreaterThan(FEWEST);
    assertThat(deadLetters).hasSize(5);
  }

  @AfterAll
  static void stop() {
    kafka.close();
  }

  @Test
  void shouldForecastATopicAsTheStreamDid() throws Exception {
    String output = run(topicJob("topic", "latest"));

    assertSame("topic");
    assertThat(output)
        .containsPattern("Done: %,d records, up to 2000-".formatted(lines.size()))
        .contains(
            "%,d forecasts, 0 of them fallbacks, 5 dead letters.".formatted(forecasts.size()));
  }

  @Test
  void shouldForecastAFileAsTheStreamDid() throws Exception {
    String output = run(fileJob("file"));

    assertSame("file");
    assertThat(output).containsPattern("Done: %,d records, up to 2000-".formatted(lines.size()));
  }

  @Test
  void shouldGoOnInATopicAfterItWasKilled() throws Exception {
    assertSurvives("broken-topic", topicJob("broken-topic", "latest"));
  }

  @Test
  void shouldGoOnInAFileAfterItWasKilled() throws Exception {
    assertSurvives("broken-file", fileJob("broken-file"));
  }

  /** Written in transactions, some of which never happened. */
  @Test
  void shouldForecastATopicThatIsNewestFirstAsTheStreamDidAlthoughItWasKilled() throws Exception {
    kafka.createTopic("backward", 1, Map.of("retention.ms", "-1"));
    produceBackward();
    assertSurvives(
        "broken-backward",
        topicJob("broken-backward", "backward", "stop: latest\n  order: newest-first"));
  }

  @Test
  void shouldStopBeforeATime() throws Exception {
    // Half of the records, whose timestamps are their numbers.
    Instant half = Instant.ofEpochMilli(lines.size() / 2);
    String output = run(topicJob("half", half.toString()));

    assertThat(output).containsPattern("Done: %,d records".formatted(lines.size() / 2));
    try (ForecastReader reader = reader("half")) {
      drain(reader);
      assertThat(forecasts).containsAllEntriesOf(forecasts(reader));
      assertThat(reader.forecasts()).hasSizeGreaterThan(forecasts.size() / 3);
    }
  }

  /** A model of months and a job of months, over the file that the model was trained on. */
  @Test
  void shouldForecastMonthsAsTheirModelWasMeasuredOnThem() throws Exception {
    Path months =
        Path.of(
            System.getProperty("tidecast.root"),
            "models/evaluation/src/test/resources/io/tidecast/evaluation/data/cases/first-of-months.csv");
    Path model = folder.resolve("monthly");
    Path measured = folder.resolve("measured.csv");
    assertThat(
            command(
                "train --architecture linear --context 24 --horizon 6 --data %s --out %s",
                months, model))
        .isZero();
    assertThat(command("evaluate --model %s --data %s --forecasts %s", model, months, measured))
        .isZero();
    kafka.createTopic("months.out", 1, Map.of());
    kafka.createTopic("months.rejects", 1, Map.of());
    Path job =
        Files.writeString(
            folder.resolve("months.yaml"),
            """
            kafka:
              bootstrap-servers: %s
            source:
              format: csv
              files: %s
              mapping:
                series: $file
                time: date
                time-format: yyyy-MM-dd
                time-zone: UTC
                values: passengers
            series:
              step: P1M
              close: arrival
            model:
              path: %s
            sink:
              topic: months.out
              delivery: at-least-once
            dead-letters:
              topic: months.rejects
            checkpoints:
              directory: %s
            """
                .formatted(
                    kafka.bootstrapServers(), months, model, folder.resolve("months").toUri()));
    run(job);
    Map<String, Float> expected = new TreeMap<>();
    for (String line : Files.readAllLines(measured).subList(1, 1 + 23 * 6)) {
      String[] fields = line.split(",");
      expected.put(fields[0] + " " + fields[1], Float.parseFloat(fields[2]));
    }
    Map<String, Float> served = new TreeMap<>();
    try (ForecastReader reader = reader("months")) {
      drain(reader);
      for (ForecastReader.Received received : reader.forecasts()) {
        Forecast forecast = received.forecast();
        for (int step = 0; step < forecast.getPoints().size(); step++) {
          served.put(
              forecast.getOrigin() + " " + (step + 1), forecast.getPoints().get(step).floatValue());
        }
      }
    }
    assertThat(expected).hasSize(23 * 6);
    assertThat(served).hasSizeGreaterThan(100 * 6).containsAllEntriesOf(expected);
  }

  private static int command(String words, Object... paths) {
    return TidecastCommand.commandLine().execute(words.formatted(paths).split(" "));
  }

  private static void assertSurvives(String name, Path job) throws Exception {
    try (Tidecast tidecast = new Tidecast(folder, "run", "--config", job.toString());
        ForecastReader reader = reader(name)) {
      while (reader.forecasts().isEmpty()) {
        reader.poll(Duration.ofMillis(50));
      }
      tidecast.signal("KILL");
      tidecast.exitCode();
    }
    try (Tidecast tidecast = new Tidecast(folder, "run", "--config", job.toString())) {
      tidecast.awaitLine("Going on from ");
      assertThat(tidecast.exitCode()).as(tidecast.output()).isZero();
      assertThat(tidecast.output()).containsPattern("Done: %,d records".formatted(lines.size()));
    }
    assertSame(name);
  }

  private static void assertSame(String name) {
    try (ForecastReader reader = reader(name)) {
      drain(reader);
      assertThat(reader.forecasts()).hasSize(forecasts.size());
      assertThat(forecasts(reader).equals(forecasts)).as("the same bytes").isTrue();
      assertThat(deadLetters(reader)).containsExactlyInAnyOrderElementsOf(deadLetters);
    }
  }

  private static String run(Path job) throws Exception {
    try (Tidecast tidecast = new Tidecast(folder, "run", "--config", job.toString())) {
      assertThat(tidecast.exitCode()).as(tidecast.output()).isZero();
      return tidecast.output();
    }
  }

  private static void drain(ForecastReader reader) {
    int quiet = 0;
    while (quiet < 20) {
      quiet = reader.poll(Duration.ofMillis(100)) > 0 ? 0 : quiet + 1;
    }
  }

  private static ForecastReader reader(String name) {
    return new ForecastReader(kafka.bootstrapServers(), name + ".out", name + ".rejects");
  }

  /** Their bytes but for when they were issued, by series and origin. */
  private static Map<String, String> forecasts(ForecastReader reader) {
    Map<String, String> bytes = new TreeMap<>();
    for (ForecastReader.Received received : reader.forecasts()) {
      Forecast forecast =
          Forecast.newBuilder(received.forecast()).setIssuedAt(Instant.EPOCH).build();
      bytes.put(
          forecast.getSeries() + " " + forecast.getOrigin(),
          HexFormat.of().formatHex(AvroCodec.forecasts().encode(forecast)));
    }
    assertThat(bytes).hasSameSizeAs(reader.forecasts());
    return bytes;
  }

  private static List<String> deadLetters(ForecastReader reader) {
    return reader.deadLetters().stream().map(DeadLetter::getReason).sorted().toList();
  }

  /** Weeks of demand, out of order, some twice, some missing and some of no use. */
  private static List<String> lines() {
    DemandSeries series = DemandSeries.load();
    Random random = new Random(11);
    record Line(double key, String text) {}
    List<Line> lines = new ArrayList<>();
    for (int row = 0; row < series.rows(); row++) {
      for (int site = 0; site < SITES.size(); site++) {
        String text =
            String.format(
                Locale.ROOT,
                "%s,%s,%.1f",
                SITES.get(site),
                series.time(row),
                series.value(row) + 10 * site);
        double key = row + random.nextDouble() * STEPS_LATE;
        if (random.nextInt(100) > 0) {
          lines.add(new Line(key, text));
        }
        if (random.nextInt(50) == 0) {
          lines.add(new Line(key + 0.1, text));
        }
      }
      if (row % 1_000 == 500) {
        lines.add(new Line(row, "east,%s,high".formatted(series.time(row))));
      }
    }
    lines.sort(Comparator.comparingDouble(Line::key));
    List<String> texts = new ArrayList<>(lines.stream().map(Line::text).toList());
    texts.add("west,2000-01-01T00:00:00Z,1");
    return Collections.unmodifiableList(texts);
  }

  private static void produce() {
    try (Producer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (int i = 0; i < lines.size(); i++) {
        producer.send(new ProducerRecord<>("demand", 0, (long) i, null, json(lines.get(i))));
      }
      producer.flush();
    }
  }

  private static void produceBackward() {
    Map<String, Object> properties =
        Map.of("bootstrap.servers", kafka.bootstrapServers(), "transactional.id", "backward");
    try (Producer<byte[], byte[]> producer =
        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
      producer.initTransactions();
      producer.beginTransaction();
      for (int i = lines.size() - 1; i >= 0; i--) {
        if (i % 1_000 == 0) {
          producer.commitTransaction();
          producer.beginTransaction();
        } else if (i % 1_000 == 500) {
          producer.commitTransaction();
          producer.beginTransaction();
          for (int never = 0; never < 50; never++) {
            producer.send(new ProducerRecord<>("backward", 0, null, json("east,2000-01-01,never")));
          }
          producer.flush();
          producer.abortTransaction();
          producer.beginTransaction();
        }
        producer.send(new ProducerRecord<>("backward", 0, null, json(lines.get(i))));
      }
      producer.commitTransaction();
    }
  }

  private static byte[] json(String line) {
    return "{\"site\": \"%s\", \"at\": \"%s\", \"mw\": \"%s\"}"
        .formatted((Object[]) line.split(","))
        .getBytes(StandardCharsets.UTF_8);
  }

  private static Path topicJob(String name, String stop) throws IOException {
    return topicJob(name, "demand", "stop: \"%s\"\n  start: earliest".formatted(stop));
  }

  private static Path topicJob(String name, String topic, String bounds) throws IOException {
    return job(
        name,
        """
          topic: %s
          group-id: %s
          %s
          format: json
        """
            .formatted(topic, name, bounds),
        "    allow-numeric-strings: true\n");
  }

  private static Path fileJob(String name) throws IOException {
    return job(
        name,
        """
          format: csv
          files: %s
        """
            .formatted(folder.resolve("demand.csv")),
        "");
  }

  private static Path job(String name, String source, String mapping) throws IOException {
    kafka.createTopic(name + ".out", 1, Map.of());
    kafka.createTopic(name + ".rejects", 1, Map.of());
    return Files.writeString(
        folder.resolve(name + ".yaml"),
        """
        kafka:
          bootstrap-servers: %1$s
        source:
        %2$s  max-out-of-orderness: 2h
          mapping:
            series: site
            time: at
            time-format: iso-8601
            values: mw
        %3$sseries:
          step: 30min
          close: watermark
        model:
          path: %4$s
        sink:
          topic: %5$s.out
          transactional-id-prefix: %5$s
        dead-letters:
          topic: %5$s.rejects
        checkpoints:
          interval: 300ms
          directory: %6$s
        job:
          name: %5$s
        """
            .formatted(
                kafka.bootstrapServers(),
                source,
                mapping,
                Pipelines.model(),
                name,
                folder.resolve("state").toUri()));
  }
}
