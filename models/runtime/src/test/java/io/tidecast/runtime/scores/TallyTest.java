package io.tidecast.runtime.scores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TallyTest {

  private static final double EXACT = 1e-9;
  private static final double[] LEVELS = {0.1, 0.5, 0.9};
  private static final Contestant QUANTILES = new Contestant("m", "1", new int[] {0}, LEVELS);

  /** A lead of 1, a season of 2, and cells that are settled one cell later. */
  private final Scoring scoring = new Scoring(new ScoreSettings(List.of(1), 1, 2, 30, 1e9, 1));

  private static ScoredForecast around(long origin, double point) {
    return new ScoredForecast(
        QUANTILES,
        origin,
        0,
        1,
        new ForecastValues() {
          @Override
          public double point(int step, int target) {
            return point;
          }

          @Override
          public double quantile(int step, int target, int level) {
            return point + level - 1;
          }
        });
  }

  private List<Tally> tallies() {
    List<Tally> tallies = new ArrayList<>();
    scoring.forEachTally(tallies::add);
    return tallies;
  }

  @Test
  void shouldAddErrorsInUnitsOfTheNaiveOnes() {
    SeriesScores scores = scoring.begin();
    // Of cells 2 and 3, the naive is off by 4 and 2; of cell 4, by 3.
    double[] values = {1, 2, 5, 4, 8};
    for (int cell = 0; cell < 5; cell++) {
      scores.close(cell, new double[] {values[cell]});
      if (cell == 2 || cell == 3) {
        scores.forecast(around(cell, values[cell]));
      }
    }
    scores.close(5, new double[] {0});
    assertThat(tallies())
        .singleElement()
        .satisfies(
            tally -> {
              assertThat(tally.by()).isEqualTo(QUANTILES);
              assertThat(tally.leads()).isEqualTo(2);
              assertThat(tally.compared()).isEqualTo(2);
              // Cell 3: 5 instead of 4, and the naive errors are 4 and 2 so far. Cell 4: 4 for 8.
              assertThat(tally.error()).isEqualTo(1 / 3.0 + 4 / 3.0, within(EXACT));
              assertThat(tally.naiveError()).isEqualTo(2 / 3.0 + 3 / 3.0, within(EXACT));
              assertThat(tally.intervals()).isEqualTo(2);
              assertThat(tally.covered()).as("4 is within 4 and 6, 8 is not").isEqualTo(1);
              assertThat(tally.expected()).isEqualTo(1.6, within(EXACT));
              tally.clear();
              assertThat(tally.leads()).isZero();
              assertThat(tally.error()).isZero();
              assertThat(tally.expected()).isZero();
            });
  }

  @Test
  void shouldAddWhatEverySeriesSays() {
    for (double size : new double[] {1, 1e6}) {
      SeriesScores scores = scoring.begin();
      double[] values = {0, 0, 2 * size, 2 * size, 5 * size, 0};
      for (int cell = 0; cell < 6; cell++) {
        scores.close(cell, new double[] {values[cell]});
        if (cell == 3) {
          scores.forecast(around(cell, 4 * size));
        }
      }
    }
    Tally tally = tallies().get(0);
    assertThat(tally.compared()).isEqualTo(2);
    assertThat(tally.error()).as("each off by its size").isEqualTo(6 / 7.0, within(EXACT));
    assertThat(tally.naiveError()).isEqualTo(18 / 7.0, within(EXACT));
  }

  @Test
  void shouldCompareNothingWithoutANaive() {
    SeriesScores scores = scoring.begin();
    for (int cell = 0; cell < 3; cell++) {
      scores.close(cell, new double[] {7});
      scores.forecast(around(cell, 7));
    }
    Tally tally = tallies().get(0);
    assertThat(tally.leads()).isEqualTo(1);
    assertThat(tally.compared()).isZero();
    assertThat(tally.error()).isZero();
    assertThat(tally.covered()).isEqualTo(1);
  }

  /** A rounding of the model must not outweigh the errors that all other series make. */
  @Test
  void shouldCompareNothingWhereASeriesStandsStill() {
    Scoring weighing = new Scoring(new ScoreSettings(List.of(1), 1, 1, 30, 10, 0));
    SeriesScores scores = weighing.begin();
    List<Double> errors = new ArrayList<>();
    for (int cell = 0; cell < 200; cell++) {
      scores.close(cell, new double[] {cell < 60 ? cell % 2 : 1});
      scores.forecast(around(cell, 1 + 1e-6));
      weighing.forEachTally(
          tally -> {
            errors.add(tally.error());
            tally.clear();
          });
    }
    List<Double> still = errors.subList(60, errors.size());
    assertThat(still).as("at most as of one move in a window").allMatch(error -> error < 30 * 2e-6);
    assertThat(still.get(0)).isPositive();
    assertThat(still.subList(30, still.size())).containsOnly(0.0);
  }

  @Test
  void shouldCountNoErrorAsMoreThanSoManyUnits() {
    SeriesScores scores = scoring.begin();
    double[] values = {0, 0, 1e-9, 0, 1e9, 0};
    for (int cell = 0; cell < 6; cell++) {
      scores.close(cell, new double[] {values[cell]});
      if (cell == 2) {
        scores.forecast(around(cell, 1e9));
      }
    }
    Tally tally = tallies().get(0);
    assertThat(tally.compared()).isEqualTo(1);
    assertThat(tally.error()).isEqualTo(100);
    assertThat(tally.naiveError()).isZero();
  }
}
