package io.tidecast.benchmarks.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The most telling rows of the fault matrix, in their short form. */
@Tag("cluster")
@Timeout(300)
class FaultsITCase {
  private static final long SEED = 1;

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"outage-after-checkpoint", "two-processes", "write-denied"})
  void shouldLoseNothingUntold(String name) throws Exception {
    Verdict verdict = FaultMatrix.run(Cases.named(name), folder, new Stage.Run(SEED, true));

    assertThat(verdict.account().expected()).isPositive();
    assertThat(verdict.problems())
        .as("%s%n%s", verdict.line(), String.join("\n", verdict.said()))
        .isEmpty();
  }
}
