package io.tidecast.runtime.measures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidecast.runtime.grid.GridStep;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MeasuresTest {
  private static final double EXACT = 1e-12;

  @Test
  void shouldTakeTheMeansOfPointErrors() {
    PointErrors errors = new PointErrors();
    errors.add(3);
    errors.add(-1);
    errors.add(0);
    assertThat(errors.count()).isEqualTo(3);
    assertThat(errors.meanSquare()).isCloseTo(10 / 3.0, within(EXACT));
    assertThat(errors.meanAbsolute()).isCloseTo(4 / 3.0, within(EXACT));
    assertThat(errors.sumOfAbsolutes()).isEqualTo(4);
  }

  @Test
  void shouldHaveNoMeanOfNothing() {
    assertThat(new PointErrors().meanSquare()).isNaN();
    assertThat(new PointErrors().meanAbsolute()).isNaN();
    assertThat(new QuantileErrors(List.of(0.1, 0.9)).coverage()).isNaN();
    assertThat(new QuantileErrors(List.of()).weightedSum()).isNaN();
  }

  @ParameterizedTest
  @CsvSource({"0.9,10,12,1.8", "0.9,10,8,0.2", "0.5,10,12,1", "0.1,10,8,1.8", "0.1,10,10,0"})
  void shouldWeighAnErrorByItsLevel(double level, double quantile, double actual, double loss) {
    assertThat(QuantileErrors.pinball(level, quantile, actual)).isCloseTo(loss, within(EXACT));
  }

  @Test
  void shouldAddUpQuantilesAndCountWhatTheyCover() {
    QuantileErrors errors = new QuantileErrors(List.of(0.1, 0.5, 0.9));
    float[] quantiles = {-1, 8, 10, 12, 0, 1, 2};
    errors.add(quantiles, 1, 12);
    errors.add(quantiles, 4, 3);
    double first = 0.1 * 4 + 0.5 * 2;
    double second = 0.1 * 3 + 0.5 * 2 + 0.9 * 1;
    assertThat(errors.weightedSum()).isCloseTo(2 * (first + second) / 3, within(EXACT));
    assertThat(errors.coverage()).isEqualTo(0.5);
  }

  @Test
  void shouldCoverNothingWithOneLevel() {
    QuantileErrors errors = new QuantileErrors(List.of(0.5));
    errors.add(new float[] {1}, 0, 1);
    assertThat(errors.coverage()).isNaN();
  }

  @ParameterizedTest
  @CsvSource({
    "PT24H,PT1H,24",
    "PT24H,PT7H,1",
    "PT168H,PT24H,7",
    "PT1H,PT24H,1",
    "PT24H,PT24H,1",
    "PT24H,PT0.001S,86400000"
  })
  void shouldCountTheStepsOfASeason(Duration season, Duration step, int steps) {
    assertThat(Seasons.steps(season, step)).isEqualTo(steps);
  }

  @ParameterizedTest
  @CsvSource({"PT1H,25,24", "PT1H,24,1", "PT7H,1000,24", "PT5H,1000,1", "PT24H,1000,7"})
  void shouldNeedMoreRowsThanASeason(Duration step, int rows, int season) {
    assertThat(NaiveScale.season(GridStep.fixed(step), rows)).isEqualTo(season);
  }

  @ParameterizedTest
  @CsvSource({
    "MONTH,yearly,12",
    "QUARTER,yearly,4",
    "HALF_YEAR,yearly,2",
    "WEEK,yearly,52",
    "DAY,weekly,7",
    "BUSINESS_DAY,weekly,5"
  })
  void shouldFindTheSeasonOfAStepOfTheCalendar(GridStep.Unit unit, String name, int steps) {
    assertThat(Seasons.of(GridStep.of(unit, ZoneOffset.UTC)))
        .isEqualTo(Map.of(name + " seasonal naive", steps));
  }

  @Test
  void shouldFindTwoSeasonsOfHoursAndNoneOfYears() {
    assertThat(Seasons.of(GridStep.fixed(Duration.ofHours(1))))
        .containsExactly(
            Map.entry("daily seasonal naive", 24), Map.entry("weekly seasonal naive", 168));
    assertThat(Seasons.of(GridStep.of(GridStep.Unit.YEAR, ZoneOffset.UTC))).isEmpty();
  }

  @Test
  void shouldScaleByTheErrorsThatAreKnown() {
    double[] values = {1, 2, Double.NaN, 4, 6};
    assertThat(NaiveScale.of(values, 5, 1, new double[] {1})).containsExactly(1.5);
    assertThat(NaiveScale.of(new double[] {1, Double.NaN}, 2, 1, new double[] {1}))
        .containsExactly(1);
  }

  @Test
  void shouldScaleEachChannelByTheNaiveErrorOfTheRowsAskedFor() {
    double[] values = {1, 5, 3, 5, 2, 5, 6, 5, 1000, 5};
    assertThat(NaiveScale.of(values, 4, 2, new double[] {1, 1}))
        .containsExactly((Math.abs(2 - 1) + Math.abs(6 - 3)) / 2.0, 1);
  }

  @Test
  void shouldTakeRoundingForNoError() {
    double[] values = {1, 1 + 1e-10, 1};
    assertThat(NaiveScale.of(values, 3, 1, new double[] {1})).containsExactly(1);
    assertThat(NaiveScale.of(values, 3, 1, new double[] {1e-10})[0]).isLessThan(1e-9);
  }

  @ParameterizedTest
  @CsvSource({"3,1,1", "1,3,1", "0,0,0", "0,5,2", "-1,1,2", "-3,-1,1", "2,2,0"})
  void shouldTakeTheErrorAsAShareOfBothValues(double point, double actual, double share) {
    assertThat(SignedErrors.symmetric(point, actual)).isCloseTo(share, within(EXACT));
  }

  @Test
  void shouldTellTheSideOfErrors() {
    SignedErrors errors = new SignedErrors();
    errors.add(3, 1);
    errors.add(1, 4);
    assertThat(errors.meanError(2)).isEqualTo(-0.5);
    assertThat(errors.meanSymmetric(2)).isCloseTo((1 + 6 / 5.0) / 2, within(EXACT));
    assertThat(new SignedErrors().meanError(0)).isNaN();
  }

  @Test
  void shouldMeasureTheWidthAndTheLossOfEachValue() {
    QuantileErrors errors = new QuantileErrors(List.of(0.1, 0.9));
    errors.add(new double[] {9, 1, 4}, 1, 2);
    errors.add(new double[] {0, 2}, 0, 5);
    assertThat(errors.meanWidth()).isEqualTo(2.5);
    double losses = (0.1 * 1 + 0.1 * 2) + (0.1 * 5 + 0.9 * 3);
    assertThat(errors.meanPinball()).isCloseTo(losses / 4, within(EXACT));
    assertThat(errors.meanCrps()).isCloseTo(losses / 2, within(EXACT));
    assertThat(new QuantileErrors(List.of(0.5)).meanWidth()).isNaN();
  }

  @Test
  void shouldGoOnFromSumsThatWereKept() {
    PointErrors points = new PointErrors();
    points.add(3);
    SignedErrors signed = new SignedErrors();
    signed.add(3, 1);
    QuantileErrors quantiles = new QuantileErrors(List.of(0.1, 0.9));
    quantiles.add(new double[] {1, 4}, 0, 2);
    double[] sums = new double[1 + PointErrors.SUMS + SignedErrors.SUMS + QuantileErrors.SUMS];
    points.addTo(sums, 1);
    signed.addTo(sums, 1 + PointErrors.SUMS);
    quantiles.addTo(sums, 1 + PointErrors.SUMS + SignedErrors.SUMS);
    PointErrors points2 = new PointErrors();
    points2.add(7);
    points2.clear();
    points2.addSums(sums, 1);
    points2.addSums(sums, 1);
    points2.add(0);
    assertThat(points2.meanAbsolute()).isEqualTo(2);
    assertThat(points2.meanSquare()).isEqualTo(6);
    assertThat(points2.weight()).isEqualTo(3);
    SignedErrors signed2 = new SignedErrors();
    signed2.add(9, 1);
    signed2.clear();
    signed2.addSums(sums, 1 + PointErrors.SUMS);
    assertThat(signed2.meanError(1)).isEqualTo(2);
    assertThat(signed2.meanSymmetric(1)).isEqualTo(1);
    QuantileErrors quantiles2 = new QuantileErrors(List.of(0.1, 0.9));
    quantiles2.add(new double[] {5, 6}, 0, 2);
    quantiles2.clear();
    quantiles2.addSums(sums, 1 + PointErrors.SUMS + SignedErrors.SUMS);
    assertThat(quantiles2.meanWidth()).isEqualTo(quantiles.meanWidth());
    assertThat(quantiles2.meanPinball()).isEqualTo(quantiles.meanPinball());
    assertThat(quantiles2.coverage()).isEqualTo(1);
  }

  @Test
  void shouldScaleByTheErrorsOfTheSeasonalNaive() {
    PointErrors errors = new PointErrors();
    errors.add(2);
    errors.add(4);
    PointErrors naive = new PointErrors();
    assertThat(NaiveScale.mase(errors, naive)).isNaN();
    naive.add(0);
    assertThat(NaiveScale.mase(errors, naive)).isNaN();
    assertThat(NaiveScale.rmsse(errors, naive)).isNaN();
    naive.add(3);
    assertThat(NaiveScale.mase(errors, naive)).isEqualTo(2);
    assertThat(NaiveScale.rmsse(errors, naive)).isCloseTo(Math.sqrt(10 / 4.5), within(EXACT));
  }

  @Test
  void shouldScoreSamplesByTheirDistances() {
    assertThat(SampleCrps.of(new double[] {3}, 5)).isEqualTo(2);
    double[] samples = {4, 1, 9, 1};
    double fromActual = (2 + 1 + 7 + 1) / 4.0;
    double apart = 0;
    for (double one : samples) {
      for (double other : samples) {
        apart += Math.abs(one - other) / 16;
      }
    }
    assertThat(SampleCrps.of(samples, 2)).isCloseTo(fromActual - apart / 2, within(EXACT));
    assertThat(samples).containsExactly(4, 1, 9, 1);
  }
}
