package io.tidecast.benchmarks.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two rows of the fault matrix on one real Flink cluster: both kinds of process are killed. */
@Tag("cluster")
@Timeout(300)
class ClusterITCase {
  private static final List<String> KILLED = List.of("kill-taskmanager", "kill-jobmanager");

  @TempDir private Path folder;

  @Test
  void shouldLoseNothingWhenItsProcessesAreKilled() throws Exception {
    FaultCase row =
        new FaultCase(
            "cluster",
            "a TaskManager is killed, and then the JobManager",
            ClusterFaults.setup(Surroundings.CLUSTER),
            stage -> {
              ClusterFaults.prepare(stage);
              stage.begin();
              for (String name : KILLED) {
                ClusterFaults.named(name).befall(stage, Stage.RECOVERED);
              }
            });

    Verdict verdict = FaultMatrix.run(row, folder, new Stage.Run(1, true));

    assertThat(verdict.problems())
        .as("%s%n%s", verdict.line(), String.join("\n", verdict.said()))
        .isEmpty();
    assertThat(verdict.recoveries()).extracting(Stage.Recovery::fault).isEqualTo(KILLED);
    assertThat(verdict.account().expected()).isPositive();
    assertThat(verdict.account().once()).isEqualTo(verdict.account().expected());
  }
}
