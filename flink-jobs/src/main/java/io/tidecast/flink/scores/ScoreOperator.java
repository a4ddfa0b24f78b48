package io.tidecast.flink.scores;

import io.tidecast.flink.hindsight.HindsightOperator;
import io.tidecast.flink.metrics.JobMetrics;
import io.tidecast.flink.model.ForecastRole;
import io.tidecast.flink.record.ClosedCell;
import io.tidecast.flink.record.ComparedForecasts;
import io.tidecast.flink.record.ForecastScore;
import io.tidecast.flink.record.LeadForecast;
import io.tidecast.flink.record.LeadForecasts;
import io.tidecast.runtime.scores.Contestant;
import io.tidecast.runtime.scores.ForecastValues;
import io.tidecast.runtime.scores.LossMetric;
import io.tidecast.runtime.scores.Score;
import io.tidecast.runtime.scores.ScoredForecast;
import io.tidecast.runtime.scores.Scoring;
import java.util.List;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.TimestampedCollector;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.types.Either;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/**
 * Holds forecasts against the cells that they named, for each series, and tells scores. Where
 * models are compared, it tells on {@link #COMPARED} what the primary of a slot and those beside it
 * were off by, added up over its series, with each watermark and before each checkpoint.
 *
 * <p>It has cells and forecasts from an input of each, or both from one: behind an operator that
 * has them together, it runs in the same thread.
 */
public final class ScoreOperator
    extends HindsightOperator<ScoredSeries, LeadForecasts, ForecastScore>
    implements OneInputStreamOperator<Either<ClosedCell, LeadForecasts>, ForecastScore> {

  /** The side output of what models were off by beside each other. */
  public static final OutputTag<ComparedForecasts> COMPARED =
      new OutputTag<>("compared-forecasts", TypeInformation.of(ComparedForecasts.class));

  private static final long serialVersionUID = 1L;

  private static final Name NAME = new Name("series-scores", "scores");

  /** So many cells of a series are added at a time, and what is left before each checkpoint. */
  private static final int ADDED_TOGETHER = 8;

  private final ScoreSetup setup;

  private transient Scoring scoring;
  private transient @Nullable Comparison comparison;
  private transient Contestants contestants;
  private transient ScoreCounts counts;
  private transient TimestampedCollector<ForecastScore> out;

  /** {@code [step]}, the place of each step among the leads; 0 for one that is none. */
  private transient int[] places;

  /** Makes the operator. */
  public ScoreOperator(ScoreSetup setup) {
    super(setup.hindsight(), NAME, ScoredSeries.class);
    this.setup = setup;
  }

  @Override
  public void open() throws Exception {
    super.open();
    LossMetric compared = setup.compared();
    if (compared == null) {
      scoring = new Scoring(setup.settings(), isKeptLive() ? ADDED_TOGETHER : 1);
    } else {
      comparison = new Comparison();
      scoring = new Scoring(setup.settings(), compared, comparison);
    }
    contestants = new Contestants(targets());
    counts = new ScoreCounts(new JobMetrics(getMetricGroup()), scoring);
    out = new TimestampedCollector<>(output);
    List<Integer> leads = setup.settings().leads();
    places = new int[leads.get(leads.size() - 1)];
    for (int i = 0; i < leads.size(); i++) {
      places[leads.get(i) - 1] = i;
    }
  }

  @Override
  public void processElement(StreamRecord<Either<ClosedCell, LeadForecasts>> record)
      throws Exception {
    Either<ClosedCell, LeadForecasts> one = record.getValue();
    long timestamp = record.hasTimestamp() ? record.getTimestamp() : watermark();
    if (one.isLeft()) {
      // Its forecast is right behind it.
      comes(one.left(), timestamp, true);
    } else {
      comes(one.right(), timestamp);
    }
  }

  @Override
  protected ScoredSeries begin() {
    return ScoredSeries.begin(scoring, comparison, this::score);
  }

  @Override
  protected ScoredSeries read(byte[] bytes) {
    return ScoredSeries.read(scoring, comparison, this::score, bytes);
  }

  @Override
  protected boolean forecast(ScoredSeries series, LeadForecasts forecasts) {
    long origin = step().cell(forecasts.originMillis());
    if (isShadow(forecasts) && series.isAhead(origin)) {
      counts.overtaken(series.hold(origin, forecasts));
      return true;
    }
    return score(series, origin, forecasts);
  }

  private boolean score(ScoredSeries series, long origin, LeadForecasts forecasts) {
    boolean taken = false;
    for (LeadForecast forecast : forecasts.forecasts()) {
      taken |= forecast(series, origin, forecast);
    }
    return taken;
  }

  private boolean forecast(ScoredSeries series, long origin, LeadForecast forecast) {
    Contestant by = contestants.of(forecast.issuer());
    if (by == null) {
      counts.foreign(forecast.issuer());
      return false;
    }
    series.forecast(
        new ScoredForecast(
            by,
            origin,
            forecast.revision(),
            forecast.horizon(),
            new Said(forecast, places),
            forecast.role().text(),
            forecast.weight()));
    if (comparison != null && isAnswer(forecast)) {
      series.answered(origin, forecast.issuer().slot(), comparison.name(by.model(), by.version()));
    }
    return true;
  }

  /** Shadows come a way of their own. Mixtures bring their members with them. */
  @Override
  protected Way way(LeadForecasts forecasts) {
    return isShadow(forecasts) ? Way.OF_ITS_OWN : Way.IN_ORDER;
  }

  private static boolean isShadow(LeadForecasts forecasts) {
    return forecasts.forecasts().get(0).role() == ForecastRole.SHADOW;
  }

  @Override
  protected int mostWaiting() {
    return manyWaiting();
  }

  /** Whether a model has answered. The baseline in its place has no turn. */
  private static boolean isAnswer(LeadForecast forecast) {
    return forecast.role() == ForecastRole.PRIMARY
        && !forecast.fallback()
        && !forecast.issuer().slot().isEmpty();
  }

  /** What a forecast says. */
  private record Said(LeadForecast forecast, int[] places) implements ForecastValues {

    @Override
    public double point(int step, int target) {
      return forecast.point(places[step], target);
    }

    @Override
    public double quantile(int step, int target, int level) {
      // One without quantiles, by a model that mostly gives some, is as sure as can be.
      return forecast.hasQuantiles()
          ? forecast.quantile(places[step], target, level)
          : forecast.point(places[step], target);
    }
  }

  @Override
  protected void changed(ScoredSeries series, int lateCells) {
    counts.update(lateCells);
    for (Score score : series.scores().due(setup.everyCells())) {
      out.collect(record(score));
    }
    if (comparison != null && comparison.isFull()) {
      flush();
    }
  }

  private void flush() {
    if (comparison != null) {
      comparison.flush(one -> output.collect(COMPARED, new StreamRecord<>(one)));
    }
  }

  /** What was compared goes on before the watermark by which it was settled. */
  @Override
  public void processWatermark(Watermark mark) throws Exception {
    advance(mark.getTimestamp());
    flush();
    output.emitWatermark(mark);
  }

  /** Everything is counted and told that is settled. */
  @Override
  protected void settleAll() throws Exception {
    super.settleAll();
    scoring.catchUp();
    counts.update(0);
    flush();
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
        score.weighted(),
        ForecastRole.of(score.role()),
        score.weight());
  }
}
