package io.tidecast.cli.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidecast.schemas.Forecast;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ComparisonTest {
  private final DemandSeries series = DemandSeries.load();

  @Test
  void shouldMeasureEveryPoint() {
    int first = 1000;
    Forecast forecast =
        Forecasts.of(
            series.time(first - 1),
            (float) series.value(first) + 3,
            (float) series.value(first + 1) - 5);

    Comparison comparison = Comparison.of(series, List.of(forecast), DemandSeries.WEEK);

    double naive0 = series.value(first - 336) - series.value(first);
    double naive1 = series.value(first - 335) - series.value(first + 1);
    assertThat(comparison.model().windows()).isEqualTo(1);
    assertThat(comparison.model().mae()).isEqualTo(4);
    assertThat(comparison.model().mse()).isEqualTo((9 + 25) / 2.0);
    assertThat(comparison.naive().mae()).isEqualTo((Math.abs(naive0) + Math.abs(naive1)) / 2);
    assertThat(comparison.naive().mse()).isEqualTo((naive0 * naive0 + naive1 * naive1) / 2);
  }

  @Test
  void shouldMeasureTheNaiveAsItself() {
    List<Forecast> forecasts = new ArrayList<>();
    for (int row = DemandSeries.FIRST_VALIDATION_ROW; row < series.rows(); row++) {
      float[] points = new float[48];
      for (int step = 0; step < points.length; step++) {
        points[step] = (float) series.value(row + 1 + step - DemandSeries.WEEK);
      }
      forecasts.add(Forecasts.of(series.time(row), points));
    }

    Comparison comparison = Comparison.of(series, forecasts, DemandSeries.FIRST_TEST_ROW);

    assertThat(comparison.model().mse()).isCloseTo(comparison.naive().mse(), within(1e-6));
    assertThat(comparison.model().mae()).isCloseTo(comparison.naive().mae(), within(1e-6));
  }

  @Test
  void shouldCountTheWindowsThatLieInTheTestWeeks() {
    List<Forecast> forecasts = new ArrayList<>();
    for (int row = DemandSeries.FIRST_VALIDATION_ROW; row < series.rows(); row++) {
      forecasts.add(Forecasts.of(series.time(row), new float[48]));
    }

    assertThat(Comparison.of(series, forecasts, DemandSeries.FIRST_TEST_ROW).model().windows())
        .isEqualTo(672 - 48 + 1);
    assertThat(
            Comparison.of(series, forecasts, DemandSeries.FIRST_VALIDATION_ROW).model().windows())
        .isEqualTo(1344 - 48);
  }

  @Test
  void shouldHaveNoErrorWithoutWindows() {
    Comparison comparison = Comparison.of(series, List.of(), DemandSeries.WEEK);

    assertThat(comparison.model().windows()).isZero();
    assertThat(comparison.model().mae()).isNaN();
  }
}
