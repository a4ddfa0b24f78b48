package io.tidecast.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidecast.evaluation.data.DataException;
import io.tidecast.evaluation.data.TimeSeries;
import io.tidecast.runtime.manifest.ForecasterInputs;
import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.windows.Window;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class EvaluationWindowsTest {
  private static final TimeSeries SERIES =
      new TimeSeries(
          List.of("load", "price", "wind"),
          3_600_000,
          Duration.ofHours(1),
          new double[] {0, 1, 2, 10, 11, 12, 20, 21, 22, 30, 31, 32, 40, 41, 42});

  private static ForecasterSpec spec(int channels, List<Integer> targets, int covariates) {
    return new ForecasterSpec(
        "any",
        "1",
        2,
        2,
        channels,
        targets,
        new ForecasterInputs(covariates, List.of(), List.of(), 0),
        List.of());
  }

  @Test
  void shouldGiveTheActualRowsOfWhatIsKnownAhead() {
    EvaluationWindows windows =
        new EvaluationWindows(SERIES, spec(3, List.of(1), 2), List.of("wind", "load"));
    Window window = windows.window(1, 0);
    assertThat(windows.groups()).isEqualTo(1);
    assertThat(window.series()).isEqualTo("evaluation");
    assertThat(window.originMillis()).isEqualTo(7_200_000);
    assertThat(window.stepMillis()).isEqualTo(3_600_000);
    assertThat(window.context()).containsExactly(0, 1, 2, 10, 11, 12);
    assertThat(window.futureCovariates()).containsExactly(22, 20, 32, 30);
    float[] actual = new float[2];
    windows.actual(1, 0, actual);
    assertThat(actual).containsExactly(21, 31);
    assertThat(windows.targetNames()).containsExactly("price");
  }

  @Test
  void shouldMakeEachChannelASeriesOfItsOwnForAModelOfOne() {
    EvaluationWindows windows = new EvaluationWindows(SERIES, spec(1, List.of(0), 0), List.of());
    assertThat(windows.groups()).isEqualTo(3);
    assertThat(windows.targetNames()).containsExactly("load", "price", "wind");
    Window window = windows.window(2, 1);
    assertThat(window.series()).isEqualTo("evaluation/price");
    assertThat(window.context()).containsExactly(11, 21);
    assertThat(window.futureCovariates()).isEmpty();
    float[] actual = new float[2];
    windows.actual(2, 1, actual);
    assertThat(actual).containsExactly(31, 41);
  }

  @Test
  void shouldRefuseOtherChannels() {
    ForecasterSpec two = spec(2, List.of(0, 1), 0);
    assertThatThrownBy(() -> new EvaluationWindows(SERIES, two, List.of()))
        .isInstanceOf(DataException.class)
        .hasMessage("the series must have the model's 2 channels, found [load, price, wind]");
    ForecasterSpec covariate = spec(3, List.of(1), 1);
    assertThatThrownBy(() -> new EvaluationWindows(SERIES, covariate, List.of("sun")))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("1 future covariates among its channels [load, price, wind]")
        .hasMessageEndingWith("named were [sun]");
  }
}
