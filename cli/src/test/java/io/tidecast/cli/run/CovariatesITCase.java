package io.tidecast.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.cli.TidecastCommand;
import io.tidecast.cli.embedded.EmbeddedKafka;
import io.tidecast.cli.embedded.ForecastReader;
import io.tidecast.cli.testing.Pipelines;
import io.tidecast.cli.testing.Tidecast;
import io.tidecast.runtime.bundle.ModelBundle;
import io.tidecast.runtime.onnx.OnnxForecaster;
import io.tidecast.runtime.onnx.OnnxOptions;
import io.tidecast.runtime.windows.ForecastBatch;
import io.tidecast.runtime.windows.Forecaster;
import io.tidecast.runtime.windows.Window;
import io.tidecast.runtime.windows.WindowBatch;
import io.tidecast.schemas.Forecast;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

/**
 * Meters of two sites, the price of each site ahead, and a model of a graph that weighs every value
 * that it is given: windows that wait for prices, through Kafka.
 */
@Tag("cluster")
@Timeout(120)
class CovariatesITCase {
  private static final Path MODEL =
      Path.of(System.getProperty("tidecast.root"))
          .resolve("flink-jobs/src/test/resources/io/tidecast/flink/every-input");
  private static final long BEGIN = Instant.parse("2026-03-28T20:00:00Z").toEpochMilli();
  private static final long HOUR = Duration.ofHours(1).toMillis();
  private static final int CONTEXT = 6;
  private static final int HORIZON = 4;
  private static final int CELLS = 12;
  private static final Map<String, String> SITES =
      Map.of("m1", "north", "m2", "north", "m3", "south");
  private static final int FORECASTS = SITES.size() * (CELLS - CONTEXT + 1);

  private static EmbeddedKafka kafka;

  @TempDir private Path folder;

  @BeforeAll
  static void start() {
    kafka = EmbeddedKafka.start();
    kafka.createTopic("meters", 2, Map.of());
    kafka.createTopic("prices", 2, Map.of());
    kafka.createTopic("out", 1, Map.of());
    kafka.createTopic("meters.dlq", 1, Map.of());
  }

  @AfterAll
  static void stop() {
    kafka.close();
  }

  @Test
  void shouldForecastFromWhatIsKnownAhead() throws Exception {
    Path job = job("prices");
    try (ForecastReader reader = new ForecastReader(kafka.bootstrapServers(), "out", "meters.dlq");
        Tidecast tidecast = new Tidecast(folder, "run", "--config", job.toString());
        Producer<byte[], byte[]> producer =
            new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
      tidecast.awaitLine("Forecasting meters -> out");
      SITES.forEach(
          (meter, site) -> {
            for (int cell = 0; cell < CELLS; cell++) {
              send(
                  producer,
                  "meters",
                  meter,
                  "{\"meter\": \"%s\", \"site\": \"%s\", \"at\": %d, \"a\": %s, \"c\": %s}"
                      .formatted(
                          meter,
                          site,
                          BEGIN + cell * HOUR,
                          value(meter, "a", cell),
                          value(meter, "c", cell)));
            }
          });
      // Nothing can be said before the prices are there, the last of which corrects the first.
      send(producer, "prices", "north", "{\"site\": \"north\", \"at\": %d}".formatted(BEGIN));
      send(producer, "prices", "south", price("south", Long.MAX_VALUE / 2, 1));
      for (String site : List.of("north", "south")) {
        send(producer, "prices", site, price(site, BEGIN + HOUR, -1_000));
        for (int cell = 0; cell < CELLS + HORIZON; cell++) {
          send(producer, "prices", site, price(site, BEGIN + cell * HOUR, value(site, "b", cell)));
        }
      }
      producer.flush();

      Pipelines.read(reader, FORECASTS, 2, () -> {});

      assertThat(reader.deadLetters())
          .extracting(letter -> letter.getTopic() + " " + letter.getReason())
          .containsExactlyInAnyOrder("prices missing-field", "prices time-out-of-range");
      Map<String, List<Double>> points = new TreeMap<>();
      for (ForecastReader.Received received : reader.forecasts()) {
        Forecast forecast = received.forecast();
        assertThat(forecast.getFallback()).isFalse();
        assertThat(forecast.getFilledCells()).isZero();
        String name = forecast.getSeries() + " " + forecast.getOrigin();
        assertThat(points.put(name, forecast.getPoints())).as(name).isNull();
      }
      assertThat(points).isEqualTo(expected());
    }
  }

  @Test
  void shouldNameTheTopicOfCovariatesThatIsMissing() throws Exception {
    StringWriter err = new StringWriter();
    int exitCode =
        TidecastCommand.commandLine()
            .setErr(new PrintWriter(err, true))
            .execute("run", "--config", job("absent").toString());
    assertThat(exitCode).isEqualTo(1);
    assertThat(err.toString()).contains("covariates.topic=absent").doesNotContain("sink.topic");
  }

  /** From the rows themselves, with nothing between them and the model. */
  private static Map<String, List<Double>> expected() {
    Map<String, List<Double>> expected = new TreeMap<>();
    try (Forecaster forecaster =
        OnnxForecaster.open(ModelBundle.read(MODEL), OnnxOptions.defaults())) {
      WindowBatch windows = new WindowBatch(forecaster.spec(), 1);
      ForecastBatch forecasts = new ForecastBatch(forecaster.spec(), 1);
      float[] point = new float[HORIZON * 2];
      SITES.forEach(
          (meter, site) -> {
            for (int origin = CONTEXT - 1; origin < CELLS; origin++) {
              float[] context = new float[CONTEXT * 3];
              for (int i = 0; i < CONTEXT; i++) {
                int cell = origin - CONTEXT + 1 + i;
                context[i * 3] = value(meter, "a", cell);
                context[i * 3 + 1] = value(site, "b", cell);
                context[i * 3 + 2] = value(meter, "c", cell);
              }
              float[] ahead = new float[HORIZON];
              for (int i = 0; i < HORIZON; i++) {
                ahead[i] = value(site, "b", origin + 1 + i);
              }
              windows.clear();
              windows.add(new Window(meter, BEGIN + origin * HOUR, HOUR, context, ahead));
              forecaster.forecast(windows, forecasts);
              forecasts.points(0, point);
              List<Double> values = new ArrayList<>();
              for (float one : point) {
                values.add((double) one);
              }
              expected.put(meter + " " + Instant.ofEpochMilli(BEGIN + origin * HOUR), values);
            }
          });
    }
    return expected;
  }

  /** Another for each series or site, channel and cell. */
  private static float value(String whose, String channel, int cell) {
    return (whose.hashCode() % 17) + channel.charAt(0) * 0.5f + cell * cell * 0.25f;
  }

  private static String price(String site, long timeMillis, float value) {
    return "{\"site\": \"%s\", \"at\": %d, \"cents\": %s}".formatted(site, timeMillis, value);
  }

  private static void send(
      Producer<byte[], byte[]> producer, String topic, String key, String json) {
    producer.send(
        new ProducerRecord<>(
            topic, key.getBytes(StandardCharsets.UTF_8), json.getBytes(StandardCharsets.UTF_8)));
  }

  private Path job(String covariates) throws Exception {
    return Files.writeString(
        folder.resolve("job.yaml"),
        """
        kafka:
          bootstrap-servers: %s
        source:
          topic: meters
          format: json
          mapping:
            series: meter
            group: site
            time: at
            values: [a, c]
        series:
          step: 1h
          channels: 2
        covariates:
          topic: %s
          keyed-by: group
          names: b
          wait: 1h
          format: json
          mapping:
            key: site
            time: at
            values: cents
        model:
          path: %s
        sink:
          topic: out
        checkpoints:
          interval: 300ms
        """
            .formatted(kafka.bootstrapServers(), covariates, MODEL));
  }
}
