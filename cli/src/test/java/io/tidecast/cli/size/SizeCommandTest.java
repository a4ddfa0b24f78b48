package io.tidecast.cli.size;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidecast.cli.TidecastCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** No broker of these job files is there. */
class SizeCommandTest {

  private static final String MODEL =
      Path.of(System.getProperty("tidecast.root"), "models/zoo/patchtst-uk-demand/1").toString();

  private static final String SMALL =
      """
      kafka:
        bootstrap-servers: no-such-broker:9092
        properties: {sasl.jaas.config: "${file:/no/such/secret}"}
      source: {topic: meters}
      series: {step: 30min}
      model: {path: MODEL}
      """
          .replace("MODEL", MODEL);

  private static final long MIB = 1L << 20;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path folder;

  /** The sums are those of docs/how-to/many-series.md and docs/memory.md, done by hand. */
  @Test
  void shouldAddUpASmallJob() throws IOException {
    JsonNode report =
        json(SMALL, "--series", "18000", "--interval", "1min", "--forecasts-per-core", "50000");

    long array = 144 + 336 * 4 + 24 * 8;
    long name = 24 + 16 + 128;
    JsonNode state = report.get("state");
    assertThat(state.get("heapOfASeries").asLong()).isEqualTo(array + name + 64);
    assertThat(state.get("diskOfASeries").asLong()).isEqualTo(array + 32 + 128);
    assertThat(state.get("heap").asDouble())
        .isCloseTo(18_000 * (array + name + 64) / .3 * 1.1, within(200.0));
    assertThat(state.get("checkpoint").asLong()).isEqualTo(18_000 * (array + 160));
    assertThat(state.get("savepoint").asLong()).isEqualTo(18_000 * (array + 160));
    assertThat(state.get("files").asLong())
        .as("more than 2 × 18,000 × (array + 160)")
        .isEqualTo(768 * MIB);
    assertThat(state.get("disk").asLong()).isEqualTo(768 * MIB);
    assertThat(state.get("nextCheckpoint").asDouble())
        .as("300 a second for 10 s")
        .isCloseTo(3_000 * 8.0 * (array + 160), within(1.0));
    assertThat(state.get("writtenASecond").asDouble()).as("nothing on the heap").isZero();

    assertThat(report.at("/demand/observationsPerSecond").asDouble()).isEqualTo(300);
    assertThat(report.at("/demand/forecastsPerSecond").asDouble()).isEqualTo(10);
    assertThat(report.at("/processors/busy").asDouble())
        .isCloseTo((10 * 20 + 300 * 4) / 1e6, within(1e-9));
    assertThat(report.at("/processors/cores").asInt()).isEqualTo(1);
    assertThat(report.at("/processors/secondsForAll").asDouble()).isCloseTo(.36, within(1e-9));

    assertThat(report.get("backend").asText()).isEqualTo("heap");
    JsonNode cluster = report.get("cluster");
    assertThat(cluster.get("taskManagers").asInt()).isEqualTo(1);
    assertThat(cluster.get("managed").asLong()).isZero();
    double others = 256 * MIB + 2 * 32 * MIB + 2 * 128 * 336 * 4;
    assertThat(cluster.get("heap").asDouble())
        .as("twice the series, and Flink, two sinks and windows under way")
        .isCloseTo(others + 2 * 18_000 * 1.1 * (array + name + 64), within(1.0 * MIB));
    assertThat(cluster.get("process").asLong())
        .isGreaterThan(cluster.get("heap").asLong() + cluster.get("offHeap").asLong() + 256 * MIB);

    JsonNode kafka = report.get("kafka");
    assertThat(kafka.get("observationBytes").asInt())
        .as("key; mark, fingerprint, series, time, a block of one value")
        .isEqualTo(16 + 2 + 8 + 17 + 6 + 1 + 1 + 8 + 1);
    assertThat(kafka.get("in").asDouble()).isEqualTo(300 * 60);
    assertThat(kafka.get("forecastBytes").asLong()).isBetween(48L * 8, 48L * 8 + 150);
    assertThat(kafka.get("out").asDouble()).isEqualTo(10.0 * kafka.get("forecastBytes").asLong());
    assertThat(report.get("postgres").isNull()).isTrue();
  }

  /** A journal is kept where forecasts are more than two cells apart. */
  @Test
  void shouldTellWhatAJournalSaves() throws IOException {
    String[] options = {
      "--series", "3000000", "--interval", "30min", "--forecasts-per-core", "50000", "--slots", "1"
    };
    JsonNode without = json(SMALL, options);
    JsonNode with =
        json(SMALL.replace("{step: 30min}", "{step: 30min, forecast-every: 3}"), options);

    assertThat(without.at("/processors/observationMicros").asDouble()).isEqualTo(80);
    assertThat(with.at("/processors/observationMicros").asDouble()).isEqualTo(20);
    long bytes = without.at("/state/diskOfASeries").asLong();
    assertThat(without.at("/state/writtenOfAnObservation").asDouble()).isEqualTo(20.0 * bytes);
    assertThat(without.at("/state/writtenASecond").asDouble())
        .isCloseTo(3_000_000 / 1_800.0 * 20 * bytes, within(1.0));
    assertThat(with.at("/state/writtenOfAnObservation").asDouble()).isEqualTo(3_500);
    assertThat(without.at("/state/files").asLong()).isEqualTo(2 * 3_000_000 * bytes);
    assertThat(without.at("/state/checkpoint").asLong())
        .as("RocksDB's first checkpoint has all of its files")
        .isEqualTo(without.at("/state/files").asLong());
    assertThat(without.at("/state/largestCheckpoint").asDouble())
        .as("a core makes 1 ÷ 100 µs, for 10 s")
        .isCloseTo(1e6 / 100 * 10 * 8 * bytes, within(1.0));
    assertThat(without.get("notices").toString()).contains("series.forecast-every", "3,500 bytes");
    assertThat(with.get("notices").toString()).doesNotContain("whole series");

    JsonNode told =
        json(
            SMALL.replace("{step: 30min}", "{step: 30min, forecast-every: 3}")
                + "cells: {topic: cells}\n",
            options);
    assertThat(told.at("/state/writtenOfAnObservation").asDouble())
        .as("cells that are told at once wait in no journal")
        .isGreaterThanOrEqualTo(20.0 * bytes);
  }

  @Test
  void shouldSayWhereSubtasksDoNotShareSeriesEvenly() throws IOException {
    JsonNode uneven =
        json(
            SMALL,
            "--series",
            "200000",
            "--rate",
            "5400000",
            "--forecasts-per-core",
            "50000",
            "--slots",
            "1",
            "--backend",
            "heap");

    assertThat(uneven.at("/cluster/parallelism").asInt()).isEqualTo(48);
    assertThat(uneven.at("/cluster/seriesOfATaskManager").asLong()).isEqualTo(4_583);
    assertThat(uneven.get("notices").toString())
        .contains("48 subtasks", "1.13 times", "pipeline.max-parallelism: 480");
  }

  @Test
  void shouldCountRowsAndWhatAnswersForForecasts() throws IOException {
    JsonNode small = json(SMALL, "--series", "9000", "--forecasts-per-core", "50000");
    JsonNode wide =
        json(
            SMALL
                + """
                sink: {layout: points, format: json}
                scores: {topic: scores}
                cells: {topic: cells}
                postgres: {url: "jdbc:postgresql://no-such-server/tidecast"}
                """,
            "--series",
            "9000",
            "--forecasts-per-core",
            "50000");

    assertThat(wide.at("/postgres/rows").asDouble())
        .as("5 forecasts a second of 48 steps, and a cell for each")
        .isCloseTo(5 * 48 + 5, within(1e-6));
    assertThat(wide.at("/postgres/processes").asInt()).isEqualTo(1);
    assertThat(wide.at("/kafka/recordsOfAForecast").asInt()).isEqualTo(48);
    assertThat(wide.at("/kafka/forecastBytes").asLong())
        .isGreaterThan(4 * small.at("/kafka/forecastBytes").asLong());
    assertThat(wide.at("/state/heapOfASeries").asLong())
        .isGreaterThan(small.at("/state/heapOfASeries").asLong());
    assertThat(wide.at("/cluster/heap").asLong())
        .as("two more sinks")
        .isGreaterThanOrEqualTo(small.at("/cluster/heap").asLong() + 64 * MIB);
    assertThat(wide.get("notices").toString()).contains("scores.topic, cells.topic");
  }

  @Test
  void shouldTakeMoreForMore() throws IOException {
    List<String> grows =
        List.of(
            "/state/heap",
            "/state/checkpoint",
            "/state/nextCheckpoint",
            "/processors/busy",
            "/kafka/in",
            "/kafka/out",
            "/kafka/shuffled");
    List<String> doesNotShrink =
        List.of(
            "/state/files",
            "/state/disk",
            "/processors/cores",
            "/cluster/taskManagers",
            "/cluster/parallelism");
    JsonNode before = null;
    List<String> backends = new ArrayList<>();
    for (long series = 10_000; series <= 100_000_000; series *= 10) {
      JsonNode now =
          json(SMALL, "--series", Long.toString(series), "--forecasts-per-core", "50000");
      backends.add(now.get("backend").asText());
      if (before != null) {
        for (String figure : grows) {
          assertThat(now.at(figure).asDouble())
              .as(figure)
              .isGreaterThan(before.at(figure).asDouble());
        }
        for (String figure : doesNotShrink) {
          assertThat(now.at(figure).asDouble())
              .as(figure)
              .isGreaterThanOrEqualTo(before.at(figure).asDouble());
        }
      }
      before = now;
    }
    assertThat(backends).containsExactly("heap", "heap", "rocksdb", "rocksdb", "rocksdb");
  }

  @Test
  void shouldMeasureTheModelAndSaySo() throws IOException {
    assertThat(execute(SMALL, "--series", "1000")).as("%s", err).isZero();

    assertThat(out.toString())
        .contains("1,000 series", "measured here in batches of 128", "A forecast takes 6.3 µs")
        .contains("taskmanager.memory.process.size", "or in one process");
    if (ResidentMemory.bytes().isPresent()) {
      assertThat(out.toString())
          .contains("MB of memory off the heap, by which this process grew")
          .doesNotContain("for its arena");
    }
  }

  @Test
  void shouldSayThatTheJobFileIsInTheWay() throws IOException {
    JsonNode report =
        json(
            SMALL.replace("{step: 30min}", "{step: 30min, max-series: 400, forecast-every: 48}"),
            "--series",
            "1000",
            "--rate",
            "10",
            "--forecasts-per-core",
            "50000",
            "--observation-bytes",
            "100");

    assertThat(report.get("notices").toString())
        .contains("series.max-series=400", "600 series would be dead letters", "leave it out");
    assertThat(report.at("/kafka/in").asDouble()).isEqualTo(1_000);
    assertThat(report.at("/demand/forecastsPerSecond").asDouble())
        .isCloseTo(1_000 / 86_400.0, within(1e-9));
  }

  @ParameterizedTest
  @CsvSource({
    "--series 0, --series must be 1 to",
    "--series 10 --interval soon, --interval must be a duration",
    "--series 10 --interval 0s, --interval must be a duration",
    "--series 10 --rate 0, --rate must be more than 0",
    "--series 10 --rate 1 --interval 1s, --interval and --rate say the same",
    "--series 10 --slots 0, --slots must be 1 to 128",
    "--series 10 --observation-bytes 0, --observation-bytes must be positive",
    "--series 10 --forecasts-per-core NaN, NaN' is not a number",
    "--series 10 --backend tape, --backend",
    "--interval 1s, --series",
  })
  void shouldRefuseAWrongOption(String options, String complaint) throws IOException {
    assertThat(execute(SMALL, options.split(" "))).isEqualTo(2);
    assertThat(err.toString()).contains(complaint);
  }

  @Test
  void shouldNameTheKeyOfAModelThatIsNotThere() throws IOException {
    assertThat(execute(SMALL.replace(MODEL, "/no/such/model"), "--series", "10")).isEqualTo(2);
    assertThat(err.toString()).contains("model.path=/no/such/model");
  }

  private JsonNode json(String job, String... arguments) throws IOException {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--json");
    out.getBuffer().setLength(0);
    assertThat(execute(job, all.toArray(String[]::new))).as("%s", err).isZero();
    return new ObjectMapper().readTree(out.toString());
  }

  private int execute(String job, String... arguments) throws IOException {
    Path file = Files.writeString(folder.resolve("job.yaml"), job);
    List<String> all = new ArrayList<>(List.of("size", "--config", file.toString()));
    all.addAll(List.of(arguments));
    CommandLine commandLine =
        TidecastCommand.commandLine()
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true));
    return commandLine.execute(all.toArray(String[]::new));
  }
}
