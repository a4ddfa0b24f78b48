package io.tidecast.benchmarks.scaling;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The benchmark of scaling in its shortest form: no time is held to a limit. */
@Tag("cluster")
@Timeout(300)
class ScalingITCase {

  private static final String TIME = "processor time of an observation";

  @TempDir private Path folder;

  @Test
  void shouldLiveWithWhatIsPredicted() throws Exception {
    SizedRun run =
        new SizedRun(
            new SizedRun.Wanted(
                4_000,
                1,
                // So many that the job is not done before anybody looks.
                30,
                Map.of("checkpoints.interval", "1h"),
                List.of("--backend", "rocksdb")));
    Prediction prediction = run.prediction(folder);

    SizedRun.Outcome outcome = run.run(folder, prediction);

    List<Row> rows = outcome.rows().stream().filter(row -> !row.name().equals(TIME)).toList();
    assertThat(rows).hasSize(10).allMatch(Row::holds);
    assertThat(ratio(rows, "a series in a savepoint")).isBetween(0.8, 1.0);
    assertThat(ratio(rows, "an observation in Kafka")).isBetween(0.8, 1.0);
    assertThat(ratio(rows, "a forecast in Kafka")).isBetween(0.8, 1.0);
    assertThat(ratio(rows, "an observation between subtasks")).isBetween(0.8, 1.0);
    assertThat(ratio(rows, "heap in use with all series")).isPositive();
    assertThat(ratio(rows, "resident memory of the process, at its most")).isPositive();
    assertThat(outcome.rows()).hasSize(11);
  }

  private static double ratio(List<Row> rows, String name) {
    return rows.stream()
        .filter(row -> row.name().equals(name))
        .mapToDouble(row -> row.found() / row.predicted())
        .findFirst()
        .orElseThrow(() -> new AssertionError(name));
  }
}
