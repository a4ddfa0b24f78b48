package io.tidecast.flink;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.model.ForecasterFactory;
import io.tidecast.flink.model.ModelSlots;
import io.tidecast.flink.record.ForecastTask;
import io.tidecast.flink.testing.Notebook;
import io.tidecast.flink.testing.Samples;
import io.tidecast.flink.testing.TestingModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** CSV files through the job, up to its sinks, in a cluster in this JVM. */
@Tag("cluster")
@Timeout(120)
class CsvJobITCase {

  private static final int CELLS = 2_000;
  private static final List<String> SERIES = List.of("a", "b", "c");

  @RegisterExtension
  static final MiniClusterExtension CLUSTER =
      new MiniClusterExtension(
          new MiniClusterResourceConfiguration.Builder()
              .setNumberTaskManagers(1)
              .setNumberSlotsPerTaskManager(2)
              .build());

  // Static, because everything given to the cluster is serialized.
  private static final AtomicInteger RUNS = new AtomicInteger();
  private static final AtomicBoolean TO_FAIL = new AtomicBoolean();

  @TempDir private Path folder;

  @BeforeEach
  void reset() {
    RUNS.set(0);
    TO_FAIL.set(false);
  }

  @Test
  void shouldCutWhatANotebookCutsAndLeaveTheLastCellsOpen() throws Exception {
    Random random = new Random(1);
    Map<String, List<Notebook.Row>> rows = new TreeMap<>();
    for (String series : SERIES) {
      StringBuilder text = new StringBuilder("at,value\n");
      List<Notebook.Row> ofSeries = new ArrayList<>();
      for (int i = 0; i < 2 * CELLS; i++) {
        // Two a cell, up to three seconds late.
        long time = Math.max(0, i * 500L - random.nextInt(3_000));
        int value = random.nextInt(1_000);
        text.append(time).append(',').append(value).append('\n');
        ofSeries.add(new Notebook.Row(time, i, new float[] {value}));
      }
      rows.put(series, ofSeries);
      Files.writeString(folder.resolve(series + ".csv"), text);
    }
    JobConfig config = config();
    Notebook notebook = new Notebook(config, Samples.SPEC.contextLength(), 1);
    List<String> expected = new ArrayList<>();
    long end =
        rows.values().stream()
            .flatMap(List::stream)
            .mapToLong(Notebook.Row::timeMillis)
            .max()
            .orElseThrow();
    rows.forEach(
        (series, ofSeries) -> {
          for (ForecastTask request : notebook.requests(series, ofSeries)) {
            // The watermark ends three seconds behind the latest.
            if (request.originMillis() + Samples.STEP <= end - 3_000) {
              float last = request.context()[request.context().length - 1];
              expected.add(
                  "%s %d %s %d"
                      .formatted(series, request.originMillis(), last + 1, request.filledCells()));
            }
          }
        });
    assertThat(expected).hasSizeGreaterThan(SERIES.size() * CELLS / 2);

    assertThat(run(config, "undisturbed")).containsExactlyInAnyOrderElementsOf(expected);

    TO_FAIL.set(true);
    assertThat(run(config, "failing")).containsExactlyInAnyOrderElementsOf(expected);
    assertThat(TO_FAIL).as("failed").isFalse();
  }

  private JobConfig config() {
    return Samples.config(
        """
        source:
          format: csv
          files: %s
          max-out-of-orderness: 3s
          mapping: {series: $file, time: at, values: value}
        """
            .formatted(folder),
        "series: {step: 1s, close: watermark, aggregate: sum, max-filled-cells: 2}",
        "dead-letters: {topic: rejects}");
  }

  private static List<String> run(JobConfig config, String name) throws Exception {
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    Configuration settings = new Configuration();
    settings.set(PipelineOptions.GENERIC_TYPES, false);
    settings.set(PipelineOptions.OBJECT_REUSE, true);
    settings.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
    settings.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 1);
    settings.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ZERO);
    env.configure(settings);
    env.setParallelism(2);
    env.enableCheckpointing(20);
    ForecasterFactory model =
        new TestingModel(
            windows -> {
              if (RUNS.incrementAndGet() > 200 && TO_FAIL.compareAndSet(true, false)) {
                throw new AssertionError("injected");
              }
            });
    ForecastJob.Outputs outputs =
        new Topology(config, ModelSlots.of(model), () -> Samples.NOW)
            .outputs(env, ForecastJob.files(config));
    DataStream<String> all =
        outputs
            .forecasts()
            .map(
                forecast ->
                    "%s %d %s %d"
                        .formatted(
                            forecast.series(),
                            forecast.originMillis(),
                            forecast.points()[0],
                            forecast.filledCells()))
            .returns(Types.STRING)
            .union(
                outputs
                    .rejections()
                    .map(r -> r.code().code() + " " + r.source().offset())
                    .returns(Types.STRING));
    return all.executeAndCollect(name, 100_000);
  }
}
