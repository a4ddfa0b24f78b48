package io.tidecast.runtime.scores;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class LossWatchTest {

  private static final Contestant POINTS = new Contestant("p", "1", new int[] {0}, new double[0]);
  private static final Contestant SURE =
      new Contestant("q", "1", new int[] {0}, new double[] {.1, .9});

  /** Leads of 1 and 2, a season of 2, no open cells. */
  private static final ScoreSettings SETTINGS = new ScoreSettings(List.of(1, 2), 1, 2, 12, 4, 0);

  private final List<String> told = new ArrayList<>();

  private SeriesScores begin(LossMetric metric) {
    return new Scoring(SETTINGS, metric, this::tell).begin();
  }

  private void tell(long cell, long origin, boolean isShortest, LossWatch.Losses losses) {
    StringBuilder line =
        new StringBuilder("%d<%d%s".formatted(cell, origin, isShortest ? "!" : ""));
    for (int i = 0; i < losses.size(); i++) {
      line.append(String.format(Locale.ROOT, " %s=%.3f", losses.by(i).model(), losses.of(i)));
    }
    told.add(line.append(String.format(Locale.ROOT, " naive=%.3f", losses.ofNaive())).toString());
  }

  private static ScoredForecast forecast(Contestant by, long origin, double point) {
    return new ScoredForecast(
        by,
        origin,
        0,
        2,
        new ForecastValues() {
          @Override
          public double point(int step, int target) {
            return point;
          }

          @Override
          public double quantile(int step, int target, int level) {
            return point + (level == 0 ? -1 : 1);
          }
        });
  }

  /** Values 0, 10, 4, 14, 8, 18: the seasonal naive is off by 4 each time. */
  private static double value(long cell) {
    return 10 * (cell % 2) + 2 * (cell - cell % 2);
  }

  private void run(SeriesScores series) {
    for (long cell = 0; cell < 5; cell++) {
      series.close(cell, new double[] {value(cell)});
      if (cell >= 2) {
        series.forecast(forecast(POINTS, cell, 12));
        series.forecast(forecast(SURE, cell, 13));
      }
    }
  }

  @Test
  void shouldTellOfAllModelsSideBySideWithoutAUnit() {
    run(begin(LossMetric.MAE));
    // Cell 3 is 14, from cell 2; cell 4 is 8, from cells 3 and 2.
    assertThat(told)
        .containsExactly(
            "3<2! p=0.500 q=0.250 naive=1.000",
            "4<3! p=1.000 q=1.250 naive=1.000",
            "4<2 p=1.000 q=1.250 naive=1.000");
  }

  @Test
  void shouldTellOfSquares() {
    run(begin(LossMetric.MSE));
    assertThat(told.get(1)).isEqualTo("4<3! p=1.000 q=1.563 naive=1.000");
  }

  @Test
  void shouldTellOfQuantilesWhereThereAreAny() {
    run(begin(LossMetric.CRPS));
    // 12 and 14 around 13, and it is 14: losses .2 and 0, so that twice their mean is .2.
    assertThat(told.get(0)).isEqualTo("3<2! p=0.500 q=0.050 naive=1.000");
  }

  @Test
  void shouldTellOfThoseAloneThatMadeAForecast() {
    SeriesScores series = begin(LossMetric.MAE);
    run(series);
    told.clear();
    series.forecast(forecast(POINTS, 5, 12));
    series.close(5, new double[] {18});
    series.close(6, new double[] {12});
    assertThat(told)
        .containsExactly(
            "5<4! p=1.500 q=1.250 naive=1.000",
            "5<3 p=1.500 q=1.250 naive=1.000",
            "6<5! p=0.000 q=NaN naive=1.000",
            "6<4 p=0.000 q=0.250 naive=1.000");
  }

  @Test
  void shouldSayNothingOfASeriesThatHasOnlyRepeatedItself() {
    SeriesScores series = begin(LossMetric.MAE);
    for (long cell = 0; cell < 8; cell++) {
      series.close(cell, new double[] {7});
      series.forecast(forecast(POINTS, cell, 12));
    }
    assertThat(told).isEmpty();
  }
}
