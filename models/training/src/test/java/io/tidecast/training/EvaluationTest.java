package io.tidecast.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidecast.runtime.ForecasterSpec;
import io.tidecast.runtime.SeasonalNaive;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EvaluationTest {
  private static final ForecasterSpec SPEC = new ForecasterSpec("any", "1", 24, 2, 1, List.of());

  /** A ramp: the value of every row is its number. */
  private static TrainingData ramp() {
    double[] values = new double[400];
    for (int row = 0; row < values.length; row++) {
      values[row] = row;
    }
    TimeSeries series = new TimeSeries(List.of("ramp"), 0, Duration.ofHours(1), values);
    return TrainingData.of(series, new Split(100, 50, 200));
  }

  @Test
  void shouldCountEveryWindowOnceAndErrorsExactly() {
    TrainingData data = ramp();
    List<Integer> origins = new ArrayList<>();
    Accuracy accuracy;
    try (SeasonalNaive last = new SeasonalNaive(SPEC, 1)) {
      accuracy =
          new Evaluation(data, Split.Part.TEST)
              .accuracy(
                  last,
                  (origin, points) -> {
                    assertThat(points).containsExactly(origin, origin);
                    origins.add(origin);
                  });
    }
    // Repeat-last is off by 1 and 2 on a ramp.
    assertThat(accuracy.windows()).isEqualTo(199);
    assertThat(accuracy.mae()).isEqualTo(1.5);
    assertThat(accuracy.mse()).isEqualTo(2.5);
    double deviation = data.scaler().deviation()[0];
    assertThat(deviation).isCloseTo(Math.sqrt((100.0 * 100 - 1) / 12), within(1e-9));
    assertThat(accuracy.scaledMae()).isCloseTo(1.5 / deviation, within(1e-12));
    assertThat(accuracy.scaledMse()).isCloseTo(2.5 / deviation / deviation, within(1e-12));
    assertThat(origins).hasSize(199).startsWith(149).endsWith(347).isSorted();
  }

  @Test
  void shouldMeasureTheBaselinesThatTheContextHasRoomFor() {
    Map<String, Accuracy> baselines = new Evaluation(ramp(), Split.Part.VALIDATION).baselines(SPEC);
    assertThat(baselines).containsOnlyKeys("repeat last", "daily seasonal naive");
    assertThat(baselines.get("daily seasonal naive").mae()).isEqualTo(24);
  }
}
