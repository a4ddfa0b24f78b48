package io.tidecast.flink.covariates;

import io.tidecast.flink.record.ForecastTask;
import io.tidecast.flink.record.Measurement;
import io.tidecast.flink.record.SplitRejected;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.streaming.api.TimeDomain;
import org.apache.flink.streaming.api.functions.co.KeyedCoProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Adds to windows the covariates of their own series. A window that lacks some waits for them, and
 * leaves as soon as they are there.
 *
 * <p>Values older than any window still needs are forgotten; what arrives of them later is late.
 */
public final class SeriesCovariates
    extends KeyedCoProcessFunction<String, ForecastTask, Measurement, ForecastTask> {

  private static final long serialVersionUID = 1L;

  private final CovariateGrid grid;
  private final CovariateMerge merge;
  private final CovariateSettings.Waiting rule;
  private final LateCovariates late;

  private transient ValueState<byte[]> state;
  private transient WaitingWindows waiting;

  public SeriesCovariates(
      CovariateGrid grid,
      CovariateMerge merge,
      CovariateSettings.Waiting rule,
      LateCovariates late) {
    this.grid = grid;
    this.merge = merge;
    this.rule = rule;
    this.late = late;
  }

  @Override
  public void open(OpenContext context) {
    state =
        getRuntimeContext()
            .getState(
                new ValueStateDescriptor<>(
                    "covariate-ring", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO));
    waiting = new WaitingWindows(getRuntimeContext(), merge, rule, Long.MAX_VALUE);
  }

  @Override
  public void processElement1(ForecastTask request, Context context, Collector<ForecastTask> out)
      throws Exception {
    CovariateRing ring = ring();
    if (!waiting.add(request, r -> ring, context.timerService(), out)) {
      // Later windows have later origins, or one of those that are made again.
      long origin = grid.step().cell(request.originMillis());
      ring.forgetBefore(origin - grid.neededCells() + 1);
      state.update(ring.bytes());
    }
  }

  @Override
  public void processElement2(Measurement values, Context context, Collector<ForecastTask> out)
      throws Exception {
    long cell = grid.step().cell(values.timeMillis());
    CovariateRing ring = ring();
    if (cell < ring.oldestAccepted()) {
      context.output(SplitRejected.REJECTED, late.rejection(values, ring));
      return;
    }
    ring.put(cell, values.timeMillis(), values.values());
    state.update(ring.bytes());
    waiting.look(r -> ring, context.timerService(), out);
  }

  @Override
  public void onTimer(long timestamp, OnTimerContext context, Collector<ForecastTask> out)
      throws Exception {
    CovariateRing ring = ring();
    if (context.timeDomain() == TimeDomain.EVENT_TIME) {
      waiting.end(r -> ring, context.timerService(), out);
    } else {
      waiting.look(r -> ring, context.timerService(), out);
    }
  }

  private CovariateRing ring() throws Exception {
    return CovariateRing.kept(grid, state.value());
  }
}
