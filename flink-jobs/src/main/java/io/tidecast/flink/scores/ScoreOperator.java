package io.tidecast.flink.scores;

import io.tidecast.flink.hindsight.HindsightOperator;
import io.tidecast.flink.metrics.JobMetrics;
import io.tidecast.flink.record.ForecastScore;
import io.tidecast.flink.record.IssuedForecast;
import io.tidecast.runtime.scores.Contestant;
import io.tidecast.runtime.scores.ForecastValues;
import io.tidecast.runtime.scores.Score;
import io.tidecast.runtime.scores.ScoredForecast;
import io.tidecast.runtime.scores.Scoring;
import org.apache.flink.streaming.api.operators.TimestampedCollector;

/** Holds forecasts against the cells that they named, for each series, and tells scores. */
public final class ScoreOperator extends HindsightOperator<ScoredSeries, ForecastScore> {

  private static final long serialVersionUID = 1L;

  private static final Name NAME = new Name("series-scores", "scores");

  private final ScoreSetup setup;

  private transient Scoring scoring;
  private transient Contestants contestants;
  private transient ScoreCounts counts;
  private transient TimestampedCollector<ForecastScore> out;

  /** Makes the operator. */
  public ScoreOperator(ScoreSetup setup) {
    super(setup.hindsight(), NAME, ScoredSeries.class);
    this.setup = setup;
  }

  @Override
  public void open() throws Exception {
    super.open();
    scoring = new Scoring(setup.settings());
    contestants = new Contestants(targets());
    counts = new ScoreCounts(new JobMetrics(getMetricGroup()), scoring);
    out = new TimestampedCollector<>(output);
  }

  @Override
  protected ScoredSeries begin() {
    return ScoredSeries.begin(scoring);
  }

  @Override
  protected ScoredSeries read(byte[] bytes) {
    return ScoredSeries.read(scoring, bytes);
  }

  @Override
  protected boolean forecast(ScoredSeries series, IssuedForecast forecast) {
    Contestant by = contestants.of(forecast.issuer());
    if (by == null) {
      counts.foreign(forecast);
      return false;
    }
    series
        .scores()
        .forecast(
            new ScoredForecast(
                by,
                step().cell(forecast.originMillis()),
                forecast.revision(),
                forecast.horizon(),
                new Said(forecast)));
    return true;
  }

  /** What a forecast says. */
  private record Said(IssuedForecast forecast) implements ForecastValues {

    @Override
    public double point(int step, int target) {
      return forecast.point(step, target);
    }

    @Override
    public double quantile(int step, int target, int level) {
      // One without quantiles, by a model that mostly gives some, is as sure as can be.
      return forecast.hasQuantiles()
          ? forecast.quantile(step, target, level)
          : forecast.point(step, target);
    }
  }

  @Override
  protected void changed(ScoredSeries series, int lateCells) {
    counts.update(lateCells);
    for (Score score : series.scores().due(setup.everyCells())) {
      out.collect(record(score));
    }
  }

  private ForecastScore record(Score score) {
    return new ForecastScore(
        (String) getCurrentKey(),
        step().startMillis(score.cell()),
        score.by().model(),
        score.by().version(),
        targets().name(score.by().channels(), score.channel()),
        score.firstLead(),
        score.lastLead(),
        score.window(),
        score.weighted());
  }
}
