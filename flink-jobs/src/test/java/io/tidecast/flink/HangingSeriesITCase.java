package io.tidecast.flink;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.model.ForecasterFactory;
import io.tidecast.flink.model.SharedOnnxModel;
import io.tidecast.flink.record.IssuedForecast;
import io.tidecast.flink.testing.Samples;
import io.tidecast.runtime.bundle.ModelBundle;
import io.tidecast.runtime.onnx.OnnxOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Metric;
import org.apache.flink.runtime.testutils.InMemoryReporter;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A graph that one value keeps busy for ever, in a job of many series of which one has it. */
@Tag("cluster")
@Timeout(120)
class HangingSeriesITCase {

  private static final int SERIES = 40;
  private static final int CELLS = 30;
  private static final String BAD = "s7";
  private static final int BAD_CELL = 12;
  private static final int HANGING_VALUE = 6_666;
  private static final int CONTEXT = 4;

  private static final InMemoryReporter METRICS = InMemoryReporter.createWithRetainedMetrics();

  @RegisterExtension
  static final MiniClusterExtension CLUSTER =
      new MiniClusterExtension(
          new MiniClusterResourceConfiguration.Builder()
              .setConfiguration(METRICS.addToConfiguration(new Configuration()))
              .setNumberTaskManagers(1)
              .setNumberSlotsPerTaskManager(1)
              .build());

  @TempDir private Path folder;

  @Test
  void shouldForecastEverySeriesButTheOneThatHangs() throws Exception {
    writeSeries();
    JobConfig config =
        Samples.config(
            """
            source:
              format: csv
              files: %s
              mapping: {series: name, time: at, values: value}
            """
                .formatted(folder),
            "model: {path: nowhere, run-timeout: 1s, retries: 0}",
            "dead-letters: {topic: rejects}");
    Path model = Path.of(HangingSeriesITCase.class.getResource("hangs-on-a-value").toURI());
    ForecasterFactory factory =
        new SharedOnnxModel(
            ModelBundle.read(model),
            OnnxOptions.serving(1, config.inference().limits().runTimeout()),
            CONTEXT);
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    List<IssuedForecast> forecasts =
        ForecastJob.outputs(env, config, factory).forecasts().executeAndCollect("hanging", 100_000);

    assertThat(forecasts).hasSize(SERIES * (CELLS - CONTEXT + 1));
    assertThat(forecasts)
        .filteredOn(IssuedForecast::fallback)
        .isNotEmpty()
        .allMatch(forecast -> forecast.series().equals(BAD));
    assertThat(forecasts)
        .filteredOn(forecast -> forecast.series().equals(BAD))
        .filteredOn(forecast -> forecast.originMillis() < BAD_CELL * Samples.STEP)
        .as("before the value came")
        .noneMatch(IssuedForecast::fallback);
    assertThat(count("hangingWindows")).isEqualTo(1);
    assertThat(count("endedRuns")).isBetween(1L, 2L);
    assertThat(count("timedOutWindows")).isZero();
  }

  /** Every series at every time, one after the other. */
  private void writeSeries() throws Exception {
    String rows =
        IntStream.range(0, CELLS * SERIES)
            .mapToObj(
                i -> {
                  String name = "s" + i % SERIES;
                  int cell = i / SERIES;
                  boolean hangs = name.equals(BAD) && cell == BAD_CELL;
                  return "%s,%d,%d"
                      .formatted(name, cell * Samples.STEP, hangs ? HANGING_VALUE : cell);
                })
            .collect(Collectors.joining("\n", "name,at,value\n", "\n"));
    Files.writeString(folder.resolve("all.csv"), rows);
  }

  private static long count(String metric) {
    return METRICS.getMetricsByGroup().values().stream()
        .filter(metrics -> metrics.containsKey(metric))
        .mapToLong(metrics -> count(metrics.get(metric)))
        .sum();
  }

  private static long count(Metric metric) {
    return ((Counter) metric).getCount();
  }
}
