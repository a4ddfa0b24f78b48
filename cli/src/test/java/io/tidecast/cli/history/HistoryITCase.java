package io.tidecast.cli.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidecast.cli.embedded.EmbeddedFlink;
import io.tidecast.cli.embedded.EmbeddedKafka;
import io.tidecast.cli.embedded.ForecastReader;
import io.tidecast.cli.quickstart.DemandSeries;
import io.tidecast.cli.testing.Pipelines;
import io.tidecast.cli.testing.Said;
import io.tidecast.evaluation.data.SeriesSet;
import io.tidecast.evaluation.data.TimeSeries;
import io.tidecast.flink.ForecastJob;
import io.tidecast.flink.config.JobFile;
import io.tidecast.schemas.Forecast;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
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

/** One topic of two series: one is whole, the other has gaps that a job fills, or does not. */
@Tag("cluster")
@Timeout(150)
class HistoryITCase {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int ROWS = 6 * DemandSeries.WEEK;
  private static final String SPLIT = "1344,336,336";

  /** The digits of a float that a batch of another size may change. */
  private static final double RELATIVE = 1e-5;

  private static final DemandSeries DEMAND = DemandSeries.load();

  private static EmbeddedKafka kafka;

  @TempDir private static Path folder;

  @BeforeAll
  static void start() throws IOException {
    kafka = EmbeddedKafka.start();
    for (String topic : List.of("whole", "gaps")) {
      kafka.createTopic(topic, 2, Map.of("retention.ms", "-1"));
    }
    kafka.createTopic("known", 1, Map.of("retention.ms", "-1"));
    kafka.createTopic("known-of-demand", 1, Map.of("retention.ms", "-1"));
    kafka.createTopic("empty", 1, Map.of());
    kafka.createTopic("out", 1, Map.of());
    kafka.createTopic("dlq", 1, Map.of());
    try (Producer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      List<String> csv = new ArrayList<>(List.of("date,mw"));
      for (int row = 0; row < ROWS; row++) {
        csv.add(DEMAND.time(row) + "," + value(row));
        send(producer, "whole", "demand", row);
        send(producer, "gaps", "demand", row);
        String ahead = "{\"at\": \"%s\", \"degrees\": %d}".formatted(DEMAND.time(row), row % 48);
        byte[] record = ahead.getBytes(StandardCharsets.UTF_8);
        producer.send(new ProducerRecord<>("known", record));
        producer.send(
            new ProducerRecord<>(
                "known-of-demand", "demand".getBytes(StandardCharsets.UTF_8), record));
        if (!isGap(row)) {
          send(producer, "gaps", "broken", row);
        }
      }
      Files.write(folder.resolve("demand.csv"), csv);
    }
  }

  @AfterAll
  static void stop() {
    kafka.close();
  }

  /** A few cells that are filled, and a day and a half, which are too many to be. */
  private static boolean isGap(int row) {
    return (row >= 1700 && row < 1705) || row == 1720 || (row >= 1900 && row < 1972);
  }

  /** No float has these values, which are told apart by their scale all the same. */
  private static double value(int row) {
    return DEMAND.value(row) + row % 3 / 3.0;
  }

  private static void send(
      Producer<byte[], byte[]> producer, String topic, String series, int row) {
    String value = "{\"at\": \"%s\", \"mw\": %s}".formatted(DEMAND.time(row), value(row));
    producer.send(
        new ProducerRecord<>(
            topic,
            series.getBytes(StandardCharsets.UTF_8),
            value.getBytes(StandardCharsets.UTF_8)));
  }

  private static Path job(String topic, String more) throws IOException {
    return Files.writeString(
        folder.resolve(topic + ".yaml"),
        """
        kafka:
          bootstrap-servers: %s
        source:
          topic: %s
          format: json
        %s  mapping:
            series: $key
            time: at
            time-format: iso-8601
            values: mw
        series:
          step: 30min
        model:
          path: %s
        sink:
          topic: out
        dead-letters:
          topic: dlq
        """
            .formatted(kafka.bootstrapServers(), topic, more, Pipelines.model()));
  }

  private static Said tidecast(String... arguments) {
    return Said.tidecast(arguments);
  }

  @Test
  void shouldMeasureATopicLikeTheFileOfTheSameData() throws Exception {
    Path ofJob = folder.resolve("job.json");
    Path ofFile = folder.resolve("file.json");

    Said job =
        tidecast(
            "evaluate",
            "--config",
            job("whole", "").toString(),
            "--split",
            SPLIT,
            "--json",
            ofJob.toString());
    Said file =
        tidecast(
            "evaluate",
            "--data",
            folder.resolve("demand.csv").toString(),
            "--model",
            Pipelines.model().toString(),
            "--split",
            SPLIT,
            "--json",
            ofFile.toString());

    assertThat(job.err()).isEmpty();
    assertThat(file.err()).isEmpty();
    assertThat(job.out())
        .contains("Read 2,016 observations of whole up to ", "1 series, 2,016 closed cells");
    JsonNode measured = JSON.readTree(ofJob.toFile());
    assertThat(measured.path("windows").asInt()).isEqualTo(289);
    assertSame(measured.path("forecasters"), JSON.readTree(ofFile.toFile()).path("forecasters"));
    // The table of a file is made by other code, which all accuracy pages are.
    assertThat(file.out())
        .contains(
            "%.5f | ".formatted(measured.path("forecasters").path(0).path("scaledMse").asDouble()));
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      assertThat(admin.listGroups().all().get()).isEmpty();
    }
  }

  private static void assertSame(JsonNode one, JsonNode other) {
    assertThat(one.size()).isEqualTo(other.size());
    if (one.isNumber()) {
      assertThat(one.asDouble())
          .isCloseTo(other.asDouble(), within(1e-9 * Math.max(1, Math.abs(other.asDouble()))));
    } else if (one.isValueNode()) {
      assertThat(one).isEqualTo(other);
    }
    Iterator<JsonNode> others = other.iterator();
    one.forEach(child -> assertSame(child, others.next()));
  }

  @Test
  void shouldServeWhatItMeasured() throws Exception {
    Path csv = folder.resolve("forecasts.csv");
    Path page = folder.resolve("page.html");

    Said said =
        tidecast(
            "evaluate",
            "--config",
            job("gaps", "  start: earliest\n  stop: latest\n").toString(),
            "--split",
            SPLIT,
            "--forecasts",
            csv.toString(),
            "--html",
            page.toString());
    Map<String, List<Double>> served = served();

    assertThat(said.err()).isEmpty();
    // 289 windows of each, less those of a day and a half that is not filled.
    assertThat(said.out()).contains("windows with too little context or too many gaps");
    Map<String, List<Double>> measured = read(csv);
    assertThat(measured.keySet()).anyMatch(key -> key.startsWith("broken "));
    assertThat(served.keySet()).containsAll(measured.keySet());
    measured.forEach(
        (origin, points) -> {
          List<Double> its = served.get(origin);
          assertThat(its).as(origin).hasSameSizeAs(points);
          for (int step = 0; step < points.size(); step++) {
            assertThat(its.get(step))
                .as("%s, step %d", origin, step + 1)
                .isCloseTo(points.get(step), within(RELATIVE * Math.abs(points.get(step))));
          }
        });
    // What the job forecasts, and could be measured, was measured.
    Instant first = DEMAND.time(1344 + 336 - 1);
    Instant last = DEMAND.time(ROWS - 48 - 1);
    assertThat(
            served.keySet().stream()
                .filter(key -> key.startsWith("demand "))
                .map(key -> Instant.parse(key.substring("demand ".length())))
                .filter(origin -> !origin.isBefore(first) && !origin.isAfter(last))
                .map(origin -> "demand " + origin))
        .isSubsetOf(measured.keySet());
    assertThat(page).content().contains("<svg", "prefers-color-scheme", "Worst windows");
    assertThat(page).content().doesNotContain("<script", "http:", "https:", "NaN");
  }

  /** What the job forecasts from every origin. */
  private static Map<String, List<Double>> served() throws IOException {
    StreamExecutionEnvironment environment =
        StreamExecutionEnvironment.getExecutionEnvironment(new Configuration());
    ForecastJob.build(environment, JobFile.load(folder.resolve("gaps.yaml")));
    Map<String, List<Double>> points = new TreeMap<>();
    try (EmbeddedFlink flink = EmbeddedFlink.start(1, new Configuration());
        ForecastReader reader = new ForecastReader(kafka.bootstrapServers(), "out", "dlq")) {
      EmbeddedFlink.Job job = flink.submit(environment.getStreamGraph());
      while (!job.finished() || reader.poll(Duration.ofMillis(200)) > 0) {
        int unused = reader.poll(Duration.ofMillis(100));
      }
      for (ForecastReader.Received one : reader.forecasts()) {
        Forecast forecast = one.forecast();
        if (!forecast.getFallback()) {
          points.put(
              forecast.getSeries() + " " + forecast.getOrigin(),
              forecast.getPoints().stream().map(Number::doubleValue).toList());
        }
      }
    }
    return points;
  }

  private static Map<String, List<Double>> read(Path csv) throws IOException {
    Map<String, List<Double>> points = new TreeMap<>();
    List<String> lines = Files.readAllLines(csv);
    for (String line : lines.subList(1, lines.size())) {
      String[] cells = line.split(",", -1);
      points
          .computeIfAbsent(cells[0] + " " + Instant.parse(cells[1]), none -> new ArrayList<>())
          .add(Double.parseDouble(cells[3]));
    }
    return points;
  }

  @Test
  void shouldPutTheCovariatesOfATopicBesideWhatIsObserved() throws Exception {
    Path file = job("whole", "");
    Files.writeString(
        file,
        """
        covariates:
          topic: known
          keyed-by: global
          names: temperature
          format: json
          mapping:
            time: at
            time-format: iso-8601
            values: degrees
        """,
        StandardOpenOption.APPEND);
    List<String> said = new ArrayList<>();

    SeriesSet series =
        JobHistory.read(JobFile.load(file), 48, folder.resolve("cells"), said::add)
            .series(List.of("mw"), List.of("mw", "temperature"), said::add);

    assertThat(said).singleElement(STRING).startsWith("Read 2,016 observations of whole");
    assertThat(series.channels()).containsExactly("mw", "temperature");
    TimeSeries demand = series.series().get("demand");
    assertThat(demand.rows()).isEqualTo(ROWS);
    for (int row = 0; row < ROWS; row++) {
      assertThat(demand.values()[2 * row]).isEqualTo(value(row));
      assertThat(demand.values()[2 * row + 1]).isEqualTo(row % 48);
    }
  }

  /** One series has no covariate at all, which makes no difference to a model without any. */
  @Test
  void shouldLeaveOutASeriesWithoutACovariateThatIsNeeded() throws Exception {
    Path file = job("gaps", "");
    Files.writeString(
        file,
        """
        covariates:
          topic: known-of-demand
          names: temperature
          format: json
          mapping:
            key: $key
            time: at
            time-format: iso-8601
            values: degrees
        """,
        StandardOpenOption.APPEND);
    List<String> said = new ArrayList<>();
    JobHistory history =
        JobHistory.read(JobFile.load(file), 48, folder.resolve("some-cells"), none -> {});

    SeriesSet series = history.series(List.of("mw"), List.of("mw", "temperature"), said::add);
    SeriesSet all = history.series(List.of("mw"), List.of("mw"), said::add);

    assertThat(series.series().keySet()).containsExactly("demand");
    assertThat(all.series().keySet()).containsExactly("broken", "demand");
    assertThat(said).containsExactly("Series broken is left out: it has no value of temperature.");
  }

  @Test
  void shouldSayWhatIsMissingInOneSentence() throws Exception {
    assertThat(tidecast("evaluate", "--config", job("nowhere", "").toString()).err())
        .isEqualTo(
            "tidecast: there must be a topic to read the history from: source.topic=nowhere at "
                + kafka.bootstrapServers()
                + "\n");
    assertThat(tidecast("evaluate", "--config", job("empty", "").toString()).err())
        .isEqualTo(
            "tidecast: the topic must hold records, it is empty: source.topic=empty at "
                + kafka.bootstrapServers()
                + "\n");
    assertThat(tidecast("evaluate").err()).contains("one of --data and --config");
  }
}
