package io.tidecast.flink.mixture;

import io.tidecast.flink.hindsight.HindsightOperator;
import io.tidecast.flink.metrics.JobMetric;
import io.tidecast.flink.metrics.JobMetrics;
import io.tidecast.flink.model.ForecastRole;
import io.tidecast.flink.record.ClosedCell;
import io.tidecast.flink.record.IssuedForecast;
import io.tidecast.flink.record.LeadForecasts;
import io.tidecast.flink.state.StateTypes;
import java.util.List;
import org.apache.flink.api.java.typeutils.EitherTypeInfo;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.types.Either;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/**
 * Mixes the forecasts that are made of a series from one origin into one, and gives it calibrated
 * quantiles. Members come first and then the primary. They are held until the cell of their origin
 * has come, and are mixed before any later one is taken: so the same cells and forecasts give the
 * same mixture, whichever was here first.
 *
 * <p>The main output has one forecast for each primary, in their order; that of {@link #MEMBERS}
 * what it was mixed from, if that is shown; and that of {@link #SCORED} both, as far as they are
 * scored. Shadows, which are not mixed, go by there to be scored too, and so do the cells: who
 * scores has all from here, in the same thread and without a shuffle of its own.
 */
public final class MixtureOperator
    extends HindsightOperator<MixedForecasts, IssuedForecast, IssuedForecast> {

  /** The side output of members. */
  public static final OutputTag<IssuedForecast> MEMBERS =
      new OutputTag<>("members", StateTypes.ISSUED_FORECAST);

  /** The side output of what is to be scored, and of the cells to score it by. */
  public static final OutputTag<Either<ClosedCell, LeadForecasts>> SCORED =
      new OutputTag<>(
          "scored", new EitherTypeInfo<>(StateTypes.CLOSED_CELL, StateTypes.LEAD_FORECASTS));

  private static final long serialVersionUID = 1L;

  private static final Name NAME = new Name("series-mixture", "mixture");

  private final MixtureSetup setup;

  private transient ForecastMixer mixer;
  private transient Counter unmixed;
  private transient Counter uncalibrated;
  private transient Counter lateCells;
  private transient Counter earlyCells;
  private transient boolean hasToldUnmixed;

  /** Makes the operator. */
  public MixtureOperator(MixtureSetup setup) {
    super(setup.hindsight(), NAME, MixedForecasts.class);
    this.setup = setup;
  }

  /** The series of what is on {@link #SCORED}. */
  public static String series(Either<ClosedCell, LeadForecasts> scored) {
    return scored.isLeft() ? scored.left().series() : scored.right().series();
  }

  @Override
  public void open() throws Exception {
    super.open();
    mixer = new ForecastMixer(setup);
    JobMetrics metrics = new JobMetrics(getMetricGroup());
    unmixed = metrics.counter(JobMetric.UNMIXED_FORECASTS);
    uncalibrated = metrics.counterOfTask(JobMetric.UNCALIBRATED_FORECASTS);
    lateCells = metrics.counterOfTask(JobMetric.UNMIXED_CORRECTIONS);
    earlyCells = metrics.counterOfTask(JobMetric.EARLY_CELLS);
  }

  @Override
  protected MixedForecasts begin() {
    return new MixedForecasts(setup);
  }

  @Override
  protected MixedForecasts read(byte[] bytes) {
    return MixedForecasts.read(setup, bytes);
  }

  @Override
  public void processElement2(StreamRecord<IssuedForecast> record) throws Exception {
    if (record.getValue().role() == ForecastRole.SHADOW) {
      LeadForecasts scored = LeadForecasts.of(record.getValue(), setup.scoredLeads());
      output.collect(
          SCORED,
          record.hasTimestamp()
              ? new StreamRecord<>(Either.Right(scored), record.getTimestamp())
              : new StreamRecord<>(Either.Right(scored)));
    } else {
      super.processElement2(record);
    }
  }

  @Override
  protected void enters(ClosedCell cell, long readyMillis) {
    if (setup.scoredLeads().length > 0) {
      output.collect(SCORED, new StreamRecord<>(Either.Left(cell), readyMillis));
    }
  }

  @Override
  protected Way way(IssuedForecast forecast) {
    return forecast.role() == ForecastRole.MEMBER ? Way.BEFORE_ANOTHER : Way.IN_ORDER;
  }

  @Override
  protected int mostWaiting() {
    return manyWaiting();
  }

  @Override
  protected void tooMany(int cells) {
    earlyCells.inc(cells);
  }

  @Override
  protected boolean forecast(MixedForecasts series, IssuedForecast forecast) {
    MixedForecasts.Held held = new MixedForecasts.Held(readyMillis(), forecast);
    if (forecast.role() == ForecastRole.MEMBER
        || series.isHolding()
        || series.awaits(held, origin(held), watermark())) {
      series.hold(held);
    } else {
      pass(series, List.of(forecast), held.readyMillis());
    }
    return true;
  }

  private long origin(MixedForecasts.Held held) {
    return step().cell(held.forecast().originMillis());
  }

  @Override
  protected void changed(MixedForecasts series, int late) {
    int lateNow = late;
    MixedForecasts.@Nullable Held next = series.firstPrimary();
    while (next != null) {
      long origin = origin(next);
      lateNow += series.take(origin);
      if (series.awaits(next, origin, watermark())) {
        break;
      }
      pass(series, series.takeFirst(), next.readyMillis());
      next = series.firstPrimary();
    }
    lateCells.inc(lateNow);
  }

  private void pass(MixedForecasts series, List<IssuedForecast> all, long timestamp) {
    IssuedForecast primary = all.get(all.size() - 1);
    if (!mixer.canMix(primary)) {
      tellUnmixed(primary);
      output.collect(new StreamRecord<>(primary, timestamp));
      if (setup.scoredLeads().length > 0) {
        score(LeadForecasts.of(primary, setup.scoredLeads()), timestamp);
      }
      return;
    }
    Mixed mixed = mixer.mix(series, all);
    if (!mixed.forecast().hasQuantiles()) {
      uncalibrated.inc();
    }
    if (setup.showsMembers()) {
      mixed.members(member -> output.collect(MEMBERS, new StreamRecord<>(member, timestamp)));
    }
    output.collect(new StreamRecord<>(mixed.forecast(), timestamp));
    if (setup.scoredLeads().length > 0) {
      score(mixed.scored(), timestamp);
    }
  }

  private void score(LeadForecasts forecasts, long timestamp) {
    output.collect(SCORED, new StreamRecord<>(Either.Right(forecasts), timestamp));
  }

  private void tellUnmixed(IssuedForecast forecast) {
    unmixed.inc();
    if (!hasToldUnmixed) {
      hasToldUnmixed = true;
      LOG.warn(
          "Forecasts of {} {} go out as the model makes them, neither mixed nor calibrated: their {} targets are not among the channels that the models of the job file forecast. Give the model's targets the names of those channels. Further ones are only counted, as {}.",
          forecast.issuer().modelId(),
          forecast.issuer().modelVersion(),
          forecast.issuer().channels(),
          JobMetric.UNMIXED_FORECASTS.metricName());
    }
  }
}
