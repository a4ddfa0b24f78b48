package io.tidecast.flink.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.flink.metrics.JobMetrics;
import io.tidecast.flink.record.ForecastTask;
import io.tidecast.flink.testing.TestingMetrics;
import org.junit.jupiter.api.Test;

class CoarseSeriesTest {

  private final TestingMetrics metrics = new TestingMetrics();
  private final CoarseSeries coarse = new CoarseSeries(new JobMetrics(metrics));

  @Test
  void shouldCountWindowsThatFloatsCannotTellApart() {
    coarse.look(task(1e9, 0.25f, 0.5f, 0.75f, 1));
    coarse.look(task(1e9, 0, 10, 5, 12));
    assertThat(metrics.count("tidecast.coarseWindows")).isEqualTo(2);
  }

  @Test
  void shouldLeaveThoseThatFloatsCan() {
    coarse.look(task(1e9, 0, 1e6f, 5e5f, 2e6f));
    coarse.look(new ForecastTask("a", 0, new float[] {1, 2, 3, 4}, 0, 0));
    coarse.look(task(16_777_217, 0, 0, 0, 0));
    assertThat(metrics.count("tidecast.coarseWindows")).isZero();
  }

  private static ForecastTask task(double base, float... context) {
    return new ForecastTask(
        "a", 0, context, 0, 0, false, null, null, new float[0], new double[] {base}, null);
  }
}
