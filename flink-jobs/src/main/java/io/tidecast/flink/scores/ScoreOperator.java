package io.tidecast.flink.scores;

import io.tidecast.flink.metrics.JobMetrics;
import io.tidecast.flink.record.ClosedCell;
import io.tidecast.flink.record.ForecastScore;
import io.tidecast.flink.record.IssuedForecast;
import io.tidecast.flink.state.LiveBytes;
import io.tidecast.flink.state.StateTypes;
import io.tidecast.runtime.scores.Contestant;
import io.tidecast.runtime.scores.ForecastValues;
import io.tidecast.runtime.scores.Score;
import io.tidecast.runtime.scores.ScoredForecast;
import io.tidecast.runtime.scores.Scoring;
import java.io.IOException;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.apache.flink.streaming.api.operators.TimestampedCollector;
import org.apache.flink.streaming.api.operators.Triggerable;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Holds forecasts against the cells that they named, for each series, and tells scores.
 *
 * <p>Cells come here by a shorter way than forecasts, which pass the model. A cell waits until the
 * watermark of both has come to the time when it closed, or a forecast has come from it or a later
 * one: then every forecast that was made before it is here.
 *
 * <p>The state is a {@link LiveBytes} of the scores. One thread.
 */
public final class ScoreOperator extends AbstractStreamOperator<ForecastScore>
    implements TwoInputStreamOperator<ClosedCell, IssuedForecast, ForecastScore>,
        Triggerable<String, VoidNamespace> {

  private static final long serialVersionUID = 1L;

  /** A watermark that stands still must not fill the state. */
  private static final int MOST_WAITING = 256;

  private static final ValueStateDescriptor<LiveBytes> SCORES =
      new ValueStateDescriptor<>("series-scores", StateTypes.LIVE_BYTES);

  private final ScoreSetup setup;

  private transient Scoring scoring;
  private transient Contestants contestants;
  private transient ScoreCounts counts;
  private transient ValueState<LiveBytes> states;
  private transient InternalTimerService<VoidNamespace> timers;
  private transient TimestampedCollector<ForecastScore> out;

  /** Makes the operator. */
  public ScoreOperator(ScoreSetup setup) {
    this.setup = setup;
  }

  @Override
  public void open() throws Exception {
    super.open();
    scoring = new Scoring(setup.settings());
    contestants = new Contestants(setup.channels(), setup.settings().channels());
    counts = new ScoreCounts(new JobMetrics(getMetricGroup()), scoring.taken());
    states = getRuntimeContext().getState(SCORES);
    timers = getInternalTimerService("scores", VoidNamespaceSerializer.INSTANCE, this);
    out = new TimestampedCollector<>(output);
  }

  @Override
  public void processElement1(StreamRecord<ClosedCell> record) throws Exception {
    ClosedCell closed = record.getValue();
    ScoredSeries series = load();
    long readyMillis = record.hasTimestamp() ? record.getTimestamp() : timers.currentWatermark();
    series.add(readyMillis, setup.step().cell(closed.timeMillis()), closed.values());
    int late = series.waiting() > MOST_WAITING ? series.takeOldest() : 0;
    late += series.takeReady(timers.currentWatermark());
    if (series.waiting() > 0) {
      timers.registerEventTimeTimer(VoidNamespace.INSTANCE, readyMillis);
    }
    watch(series, closed.timeMillis());
    finish(series, late);
  }

  @Override
  public void processElement2(StreamRecord<IssuedForecast> record) throws Exception {
    IssuedForecast forecast = record.getValue();
    Contestant by = contestants.of(forecast.issuer());
    if (by == null) {
      counts.foreign(forecast);
      return;
    }
    long origin = setup.step().cell(forecast.originMillis());
    ScoredSeries series = load();
    int late = series.takeThrough(origin);
    series
        .scores()
        .forecast(
            new ScoredForecast(
                by, origin, forecast.revision(), forecast.horizon(), new Said(forecast)));
    watch(series, forecast.originMillis());
    finish(series, late);
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
  public void onEventTime(InternalTimer<String, VoidNamespace> timer) throws Exception {
    LiveBytes kept = states.value();
    if (kept == null) {
      return;
    }
    ScoredSeries series = live(kept);
    int late = series.takeReady(timer.getTimestamp());
    if (timer.getTimestamp() == series.wakeMillis()) {
      states.clear();
      return;
    }
    finish(series, late);
  }

  @Override
  public void onProcessingTime(InternalTimer<String, VoidNamespace> timer) {
    throw new IllegalStateException("no timer goes by the wall clock: " + timer);
  }

  /** Has the series forgotten when it has been silent for long enough since a cell. */
  private void watch(ScoredSeries series, long timeMillis) {
    if (setup.timeToLive() == null) {
      return;
    }
    long end =
        setup.step().endMillis(setup.step().cell(timeMillis)) + setup.timeToLive().toMillis();
    if (end > series.wakeMillis()) {
      if (series.wakeMillis() != ScoredSeries.NEVER) {
        timers.deleteEventTimeTimer(VoidNamespace.INSTANCE, series.wakeMillis());
      }
      series.wakeAt(end);
      timers.registerEventTimeTimer(VoidNamespace.INSTANCE, end);
    }
  }

  private ScoredSeries load() throws IOException {
    LiveBytes kept = states.value();
    return kept == null ? ScoredSeries.begin(scoring) : live(kept);
  }

  /** State that cannot be read will be no better after a restart: the job fails for good. */
  private ScoredSeries live(LiveBytes kept) {
    try {
      return kept.live(ScoredSeries.class, bytes -> ScoredSeries.read(scoring, bytes));
    } catch (IllegalStateException e) {
      throw new SuppressRestartsException(e);
    }
  }

  private void finish(ScoredSeries series, int late) throws IOException {
    counts.update(late);
    for (Score score : series.scores().due(setup.everyCells())) {
      out.collect(record(score));
    }
    states.update(LiveBytes.of(series));
  }

  private ForecastScore record(Score score) {
    return new ForecastScore(
        (String) getCurrentKey(),
        setup.step().startMillis(score.cell()),
        score.by().model(),
        score.by().version(),
        contestants.target(score.by(), score.channel()),
        score.firstLead(),
        score.lastLead(),
        score.window(),
        score.weighted());
  }
}
