package io.tidecast.flink.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.record.ForecastTask;
import io.tidecast.flink.record.Measurement;
import io.tidecast.flink.testing.Samples;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is asked of the past is what the operator asked when it was the present. */
class PastTest {
  private static final int CELLS = 400;
  private static final int FIRST = 1_000;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "series: {step: 1s, max-filled-cells: 2}",
        "series: {step: 1s, max-filled-cells: 0}",
        "series: {step: 1s, fill: linear, max-consecutive-filled: 1}",
        "series: {step: 1s, fill: constant, fill-constant: -3, max-filled-cells: 2}",
        "series: {step: 1s, cold-start: baseline, max-filled-cells: 3}",
      })
  void shouldAskWhatTheOperatorAsked(String job) throws Exception {
    JobConfig config = Samples.config(job);
    double[] values = values();
    Map<Long, ForecastTask> asked = asked(config, values);

    CellCloser.Past past = past(config, values);

    int tasks = 0;
    for (int cell = 0; cell < CELLS; cell++) {
      ForecastTask task = past.at(cell);
      ForecastTask then = asked.get((FIRST + cell) * 1_000L);
      if (then == null || then.baseline()) {
        assertThat(task).as("cell %d", cell).isNull();
      } else {
        assertThat(task).as("cell %d", cell).isNotNull();
        assertThat(task.originMillis()).isEqualTo(then.originMillis());
        assertThat(task.context()).as("cell %d", cell).containsExactly(then.context());
        assertThat(task.bases()).containsExactly(then.bases());
        assertThat(task.filledCells()).isEqualTo(then.filledCells());
        tasks++;
      }
    }
    assertThat(tasks).isBetween(50, CELLS - 50);
    assertThatThrownBy(() -> past.at(3)).hasMessage("must be 400 or more: cell=3");
  }

  /** Jumping to an origin is the same as going there. */
  @ParameterizedTest
  @ValueSource(strings = "series: {step: 1s, max-filled-cells: 2}")
  void shouldNotDependOnTheOriginsThatAreAskedFor(String job) {
    JobConfig config = Samples.config(job);
    double[] values = values();
    CellCloser.Past all = past(config, values);
    CellCloser.Past some = past(config, values);
    for (int cell = 0; cell < CELLS; cell++) {
      ForecastTask task = all.at(cell);
      if (cell % 7 == 0) {
        ForecastTask jumped = some.at(cell);
        assertThat(jumped == null).isEqualTo(task == null);
        if (task != null && jumped != null) {
          assertThat(jumped.context()).containsExactly(task.context());
        }
      }
    }
  }

  private static CellCloser.Past past(JobConfig config, double[] values) {
    int context = Samples.SPEC.contextLength();
    return new CellCloser.Past(
        config.series(),
        new ContextNeed(context, context, 1),
        "a",
        new CellCloser.Past.Cells(FIRST * 1_000L, values));
  }

  /** With single gaps, long ones, and a level that floats can't tell the values of. */
  private static double[] values() {
    Random random = new Random(7);
    double[] values = new double[CELLS];
    for (int cell = 0; cell < CELLS; cell++) {
      double level = cell < 300 ? 0 : 1e9;
      values[cell] = random.nextInt(5) == 0 ? Double.NaN : level + random.nextInt(1_000);
    }
    Arrays.fill(values, 100, 130, Double.NaN);
    values[0] = 1;
    return values;
  }

  private static Map<Long, ForecastTask> asked(JobConfig config, double[] values) throws Exception {
    Map<Long, ForecastTask> asked = new HashMap<>();
    WindowHarness harness = WindowHarness.start(config, Samples.SPEC, 1, null);
    for (int cell = 0; cell < CELLS; cell++) {
      if (!Double.isNaN(values[cell])) {
        harness.observe(
            new Measurement(
                Samples.measurement("a", 0, 0).source(),
                "a",
                (FIRST + cell) * 1_000L,
                new double[] {values[cell]}));
      }
    }
    harness.requests().forEach(task -> asked.put(task.originMillis(), task));
    harness.close();
    return asked;
  }
}
