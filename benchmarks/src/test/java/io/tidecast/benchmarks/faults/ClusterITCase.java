package io.tidecast.benchmarks.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.benchmarks.cluster.FlinkCluster;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Rows of the fault matrix on one real Flink cluster: a job goes on from a kept savepoint, both
 * kinds of process are killed, and then the job is upgraded. Another cluster brings its job along.
 */
@Tag("cluster")
@Timeout(300)
class ClusterITCase {
  private static final List<String> FAULTS =
      List.of("kill-taskmanager", "kill-jobmanager", "blue-green");

  @TempDir private Path folder;

  @Test
  void shouldLoseNothingThroughKillsAndUpgrades() throws Exception {
    FaultCase row =
        new FaultCase(
            "cluster",
            "a job goes on from a kept savepoint; a TaskManager is killed, and then the JobManager; the job is upgraded",
            KeptJob.setup(),
            stage -> {
              KeptJob.goOn(stage);
              for (String name : FAULTS) {
                ClusterFaults.named(name).befall(stage, Stage.RECOVERED);
              }
            });

    Verdict verdict = FaultMatrix.run(row, folder, new Stage.Run(1, true));

    assertHolds(verdict);
    assertThat(verdict.recoveries())
        .extracting(Stage.Recovery::fault)
        .containsExactly(
            Stream.concat(Stream.of(KeptJob.NAME), FAULTS.stream()).toArray(String[]::new));
  }

  @Test
  void shouldForecastInApplicationMode() throws Exception {
    FaultCase row =
        new FaultCase(
            "application",
            "a cluster brings its job",
            FaultCase.Setup.cluster(
                new Surroundings(
                    1, new FlinkCluster.Layout(1, 2, false, FlinkCluster.Mode.APPLICATION), 0)),
            Stage::begin);

    assertHolds(FaultMatrix.run(row, folder, new Stage.Run(1, true)));
  }

  private static void assertHolds(Verdict verdict) {
    assertThat(verdict.problems())
        .as("%s%n%s", verdict.line(), String.join("\n", verdict.said()))
        .isEmpty();
    assertThat(verdict.account().expected()).isPositive();
    assertThat(verdict.account().once()).isEqualTo(verdict.account().expected());
  }
}
