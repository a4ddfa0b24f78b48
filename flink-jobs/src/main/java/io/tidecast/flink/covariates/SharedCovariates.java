package io.tidecast.flink.covariates;

import io.tidecast.flink.covariates.CovariateSettings.Feed;
import io.tidecast.flink.covariates.CovariateSettings.KeyedBy;
import io.tidecast.flink.record.ForecastTask;
import io.tidecast.flink.record.Measurement;
import io.tidecast.flink.record.SplitRejected;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.BroadcastState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ReadOnlyBroadcastState;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.TimeDomain;
import org.apache.flink.streaming.api.functions.co.KeyedBroadcastProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Adds to windows the covariates of their group, or those of all series: every subtask has them
 * all, under the name of the group, or none. A window that lacks some waits, and is looked at again
 * every second.
 */
final class SharedCovariates
    extends KeyedBroadcastProcessFunction<String, ForecastTask, Measurement, ForecastTask> {

  static final MapStateDescriptor<String, byte[]> STATE =
      new MapStateDescriptor<>(
          "covariate-rings", Types.STRING, PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO);

  private static final long serialVersionUID = 1L;

  private static final long LOOK_EVERY_MILLIS = 1_000;

  private final CovariateGrid grid;
  private final CovariateMerge merge;
  private final CovariateSettings.Waiting rule;
  private final boolean isGlobal;
  private final LateCovariates late;

  private transient WaitingWindows waiting;

  SharedCovariates(CovariateGrid grid, CovariateMerge merge, Feed feed, LateCovariates late) {
    this.grid = grid;
    this.merge = merge;
    this.rule = feed.waiting();
    this.isGlobal = feed.keyedBy() == KeyedBy.GLOBAL;
    this.late = late;
  }

  @Override
  public void open(OpenContext context) {
    waiting = new WaitingWindows(getRuntimeContext(), merge, rule, LOOK_EVERY_MILLIS);
  }

  @Override
  public void processElement(
      ForecastTask request, ReadOnlyContext context, Collector<ForecastTask> out) throws Exception {
    waiting.add(request, rings(context), context.timerService(), out);
  }

  @Override
  public void processBroadcastElement(
      Measurement values, Context context, Collector<ForecastTask> out) throws Exception {
    BroadcastState<String, byte[]> state = context.getBroadcastState(STATE);
    long cell = grid.step().cell(values.timeMillis());
    CovariateRing ring = CovariateRing.kept(grid, state.get(values.series()));
    if (cell >= ring.oldestAccepted()) {
      ring.put(cell, values.timeMillis(), values.values());
      state.put(values.series(), ring.bytes());
    } else if (getRuntimeContext().getTaskInfo().getIndexOfThisSubtask() == 0) {
      // All of them see it; one answers for it.
      context.output(SplitRejected.REJECTED, late.rejection(values, ring));
    }
  }

  @Override
  public void onTimer(long timestamp, OnTimerContext context, Collector<ForecastTask> out)
      throws Exception {
    if (context.timeDomain() == TimeDomain.EVENT_TIME) {
      waiting.end(rings(context), context.timerService(), out);
    } else {
      waiting.look(rings(context), context.timerService(), out);
    }
  }

  private WaitingWindows.Rings rings(ReadOnlyContext context) throws Exception {
    ReadOnlyBroadcastState<String, byte[]> state = context.getBroadcastState(STATE);
    return request -> CovariateRing.kept(grid, state.get(key(request)));
  }

  /** A series may have a group for its model alone, and shares with all series then. */
  private String key(ForecastTask request) {
    String group = request.group();
    return isGlobal || group == null ? "" : group;
  }
}
