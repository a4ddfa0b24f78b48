package io.tidecast.flink.scores;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.flink.metrics.JobMetrics;
import io.tidecast.flink.testing.TestingMetrics;
import io.tidecast.runtime.scores.Contestant;
import io.tidecast.runtime.scores.ForecastValues;
import io.tidecast.runtime.scores.ScoreSettings;
import io.tidecast.runtime.scores.ScoredForecast;
import io.tidecast.runtime.scores.Scoring;
import io.tidecast.runtime.scores.SeriesScores;
import java.util.List;
import org.junit.jupiter.api.Test;

class ModelCountsTest {

  private final TestingMetrics registered = new TestingMetrics();
  private final ModelCounts counts = new ModelCounts(new JobMetrics(registered));
  private final Scoring scoring = new Scoring(new ScoreSettings(List.of(1), 1, 1, 30, 1e9, 0));

  /** Of each cell it says 1 too much, between 0 and 2 too much. */
  private static ScoredForecast forecast(String version, long origin, double next) {
    return new ScoredForecast(
        new Contestant("m", version, new int[] {0}, new double[] {0.25, 0.75}),
        origin,
        0,
        1,
        new ForecastValues() {
          @Override
          public double point(int step, int target) {
            return next + 1;
          }

          @Override
          public double quantile(int step, int target, int level) {
            return next + 2 * level;
          }
        });
  }

  private void run(String version, int cells) {
    SeriesScores scores = scoring.begin();
    for (int cell = 0; cell < cells; cell++) {
      scores.close(cell, new double[] {3 * cell});
      scores.forecast(forecast(version, cell, 3 * cell + 3));
      scoring.forEachTally(counts::update);
    }
  }

  private long count(String version, String name) {
    return registered.count("tidecast.model=m.version=" + version + "." + name);
  }

  @Test
  void shouldCountByVersion() {
    run("1", 10);
    run("2", 4);
    assertThat(count("1", "modelLeads")).isEqualTo(9);
    assertThat(count("1", "modelComparedLeads")).isEqualTo(9);
    assertThat(count("1", "modelErrorThousandths"))
        .as("nine times a third, to the thousandth in all")
        .isBetween(2_999L, 3_000L);
    assertThat(count("1", "modelNaiveErrorThousandths")).isBetween(8_999L, 9_000L);
    assertThat(count("1", "modelIntervals")).isEqualTo(9);
    assertThat(count("1", "modelCoveredIntervals")).isEqualTo(9);
    assertThat(count("1", "modelExpectedIntervalsThousandths")).isEqualTo(4_500);
    assertThat(count("2", "modelLeads")).isEqualTo(3);
  }

  @Test
  void shouldCountTogetherWhatWouldBeTooManyLabels() {
    for (int version = 0; version < ModelCounts.MOST_VERSIONS + 3; version++) {
      run("v" + version, 2);
    }
    assertThat(count("v0", "modelLeads")).isEqualTo(1);
    assertThat(registered.count("tidecast.model=others.version=others.modelLeads")).isEqualTo(3);
  }
}
