package io.tidecast.flink.gauges;

import io.tidecast.flink.grid.MillisClock;
import io.tidecast.flink.metrics.JobMetric;
import io.tidecast.flink.metrics.JobMetrics;
import io.tidecast.flink.record.IssuedForecast;
import io.tidecast.runtime.grid.GridStep;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the newest forecast of each series that is shown, and shows what it says of the time that
 * is as far after now as each lead. It gives nothing on, and there is one of it in a job.
 *
 * <p>A metric is there from the first forecast of its series on, also after a restart. It is not a
 * number while the newest forecast does not reach to its time.
 */
public final class ForecastGauges extends AbstractStreamOperator<Boolean>
    implements OneInputStreamOperator<IssuedForecast, Boolean> {

  private static final long serialVersionUID = 1L;

  private static final ListStateDescriptor<byte[]> STATE =
      new ListStateDescriptor<>(
          "shown-forecasts", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO);

  private final GaugeSettings settings;
  private final GridStep step;
  private final MillisClock clock;

  private transient ListState<byte[]> state;
  private transient JobMetrics jobMetrics;

  /** Whose metrics are there: a series and a target. */
  private transient Set<Shown> shown;

  /** Written by the task, read by the threads that report metrics. */
  private transient Map<String, ShownForecast> newest;

  private record Shown(String series, String target) {}

  /** Makes the operator. */
  public ForecastGauges(GaugeSettings settings, GridStep step, MillisClock clock) {
    this.settings = settings;
    this.step = step;
    this.clock = clock;
  }

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    jobMetrics = new JobMetrics(getMetricGroup());
    shown = new HashSet<>();
    newest = new ConcurrentHashMap<>();
    state = context.getOperatorStateStore().getListState(STATE);
    for (byte[] bytes : state.get()) {
      ShownForecast kept = read(bytes);
      // The job file may name others now.
      if (settings.series().contains(kept.series())) {
        show(kept);
      }
    }
  }

  /** State that cannot be read will be no better after a restart: the job fails for good. */
  private static ShownForecast read(byte[] bytes) {
    try {
      return ShownForecast.read(bytes);
    } catch (IllegalStateException e) {
      throw new SuppressRestartsException(e);
    }
  }

  @Override
  public void processElement(StreamRecord<IssuedForecast> record) {
    show(ShownForecast.of(record.getValue()));
  }

  private void show(ShownForecast forecast) {
    ShownForecast before = newest.get(forecast.series());
    if (before != null && !forecast.isNewerThan(before)) {
      return;
    }
    newest.put(forecast.series(), forecast);
    for (String target : forecast.targets()) {
      if (shown.add(new Shown(forecast.series(), target))) {
        settings.leads().forEach(lead -> register(forecast.series(), target, lead));
      }
    }
  }

  private void register(String series, String target, Duration lead) {
    jobMetrics.gauge(
        JobMetric.FORECAST_VALUE,
        new JobMetrics.OfSeries(series, target, lead),
        () -> value(newest.get(series), target, lead));
  }

  private double value(@Nullable ShownForecast forecast, String target, Duration lead) {
    if (forecast == null) {
      return Double.NaN;
    }
    long cell = step.cell(clock.millis() + lead.toMillis());
    return forecast.point(
        cell - step.cell(forecast.originMillis()) - 1, forecast.targets().indexOf(target));
  }

  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    super.snapshotState(context);
    state.clear();
    for (ShownForecast forecast : newest.values()) {
      state.add(forecast.bytes());
    }
  }
}
