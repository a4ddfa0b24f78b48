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

  private static LeadForecasts forecast(long origin) {
    return LeadForecasts.of(
        new IssuedForecast(
            "a", origin, 0, SHADOW, new float[] {1, 1}, new float[0], 0, false, 0, 2),
        new int[] {1, 2});
  }

  @Test
  void shouldHoldSoManyAndLetTheOldestGo() {
    List<Long> taken = new ArrayList<>();
    ScoredSeries series =
        ScoredSeries.begin(
            scoring,
            null,
            (of, origin, forecasts) -> {
              taken.add(origin);
              return true;
            });
    for (long origin = 0; origin < MOST_AHEAD; origin++) {
      assertThat(series.hold(origin, forecast(origin))).isZero();
    }
    assertThat(series.hold(MOST_AHEAD, forecast(MOST_AHEAD))).as("leads").isEqualTo(2);
    assertThat(series.close(2, new double[] {0})).isTrue();
    assertThat(taken).as("the first had to go").containsExactly(1L, 2L);
  }
}
