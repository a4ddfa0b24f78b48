package io.tidecast.flink.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.flink.metrics.JobMetrics;
import io.tidecast.flink.testing.TestingMetrics;
import io.tidecast.runtime.windows.Window;
import org.junit.jupiter.api.Test;

class CoarseSeriesTest {

  private final TestingMetrics metrics = new TestingMetrics();
  private final CoarseSeries coarse = new CoarseSeries(new JobMetrics(metrics));

  @Test
  void shouldCountWindowsThatFloatsCannotTellApart() {
    coarse.look(window(1e9, 0.25f, 0.5f, 0.75f, 1));
    coarse.look(window(1e9, 0, 10, 5, 12));
    assertThat(metrics.count("tidecast.coarseWindows")).isEqualTo(2);
  }

  @Test
  void shouldLeaveThoseThatFloatsCan() {
    coarse.look(window(1e9, 0, 1e6f, 5e5f, 2e6f));
    coarse.look(Window.of(new float[] {1, 2, 3, 4}));
    coarse.look(window(16_777_217, 0, 0, 0, 0));
    assertThat(metrics.count("tidecast.coarseWindows")).isZero();
  }

  private static Window window(double base, float... context) {
    return new Window("a", 0, 1_000, context, new float[0], new double[] {base});
  }
}
