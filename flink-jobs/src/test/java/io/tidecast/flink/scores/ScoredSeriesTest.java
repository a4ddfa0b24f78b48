package io.tidecast.flink.scores;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.flink.record.IssuedForecast;
import io.tidecast.flink.record.Issuer;
import io.tidecast.flink.record.LeadForecasts;
import io.tidecast.runtime.scores.ScoreSettings;
import io.tidecast.runtime.scores.Scoring;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is kept of a series whose forecasts are scored. */
class ScoredSeriesTest {

  private static final int MOST_AHEAD = 1_024;
  private static final Issuer SHADOW = new Issuer("s", "1", 1, new String[0], new double[0]);

  private final Scoring scoring = new Scoring(new ScoreSettings(List.of(1, 2), 1, 1, 30, 10, 2));

  private final List<Long> taken = new ArrayList<>();
  private final ScoredSeries.Scorer scorer =
      (of, origin, forecasts) -> {
        taken.add(origin);
        return true;
      };

  private static LeadForecasts forecast(long origin) {
    return LeadForecasts.of(
        new IssuedForecast(
            "a", origin, 0, SHADOW, new float[] {1, 1}, new float[0], 0, false, 0, 2),
        new int[] {1, 2});
  }

  @Test
  void shouldHoldSoManyAndLetTheOldestGo() {
    ScoredSeries series = ScoredSeries.begin(scoring, null, scorer);
    for (long origin = 0; origin < MOST_AHEAD; origin++) {
      assertThat(series.hold(origin, forecast(origin))).isZero();
    }
    assertThat(series.hold(MOST_AHEAD, forecast(MOST_AHEAD))).as("leads").isEqualTo(2);
    assertThat(series.close(2, new double[] {0})).isTrue();
    assertThat(taken).as("the first had to go").containsExactly(1L, 2L);
  }

  @Test
  void shouldScoreWhatIsAheadAfterItWasKept() {
    ScoredSeries series = ScoredSeries.begin(scoring, null, scorer);
    series.hold(5, forecast(5));
    ScoredSeries goesOn = ScoredSeries.read(scoring, null, scorer, series.bytes());
    assertThat(goesOn.close(5, new double[] {0})).isTrue();
    assertThat(taken).containsExactly(5L);
    assertThat(scoring.taken().dropped()).isZero();
  }

  /**
   * The points of a forecast lie by the leads of then: at others, they are those of other cells.
   */
  @Test
  void shouldDropWhatIsAheadWhereTheScoresBeginAnew() {
    ScoredSeries series = ScoredSeries.begin(scoring, null, scorer);
    assertThat(series.close(4, new double[] {0})).isTrue();
    series.hold(5, forecast(5));
    for (List<Integer> leads : List.of(List.of(1, 2, 4), List.of(4))) {
      Scoring other = new Scoring(new ScoreSettings(leads, 1, 1, 30, 10, 2));
      ScoredSeries read = ScoredSeries.read(other, null, scorer, series.bytes());
      ScoredSeries anew = ScoredSeries.read(other, null, scorer, read.bytes());
      assertThat(anew.close(5, new double[] {0})).isTrue();
      assertThat(taken).isEmpty();
      assertThat(other.taken().dropped()).as("leads").isEqualTo(2);
    }
  }
}
