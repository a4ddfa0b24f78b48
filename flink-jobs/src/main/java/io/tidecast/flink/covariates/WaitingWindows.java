package io.tidecast.flink.covariates;

import io.tidecast.flink.covariates.CovariateSettings.OnMissing;
import io.tidecast.flink.metrics.JobMetric;
import io.tidecast.flink.metrics.JobMetrics;
import io.tidecast.flink.record.ForecastTask;
import io.tidecast.flink.record.WaitingTask;
import io.tidecast.flink.state.StateTypes;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.TimerService;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/**
 * The windows of a series that wait for covariates, in keyed state, with the timers for them. They
 * leave in the order in which they came: one whose covariates are known waits for those before it.
 */
final class WaitingWindows {

  /** Where the covariates of a window are. */
  interface Rings {
    CovariateRing of(ForecastTask request) throws Exception;
  }

  private static final ListStateDescriptor<WaitingTask> STATE =
      new ListStateDescriptor<>("waiting-windows", StateTypes.WAITING_TASK);

  /** Of event time; passed when all input is over. */
  private static final long END_OF_TIME = Long.MAX_VALUE;

  private final ListState<WaitingTask> state;
  private final CovariateMerge merge;
  private final CovariateSettings.Waiting rule;
  private final long lookEveryMillis;
  private final Counter waited;
  private final Counter missing;
  private final Counter skipped;

  /**
   * @param lookEveryMillis how often to look whether covariates are known; {@link Long#MAX_VALUE}
   *     where {@link #look} is called as they arrive
   */
  WaitingWindows(
      RuntimeContext context,
      CovariateMerge merge,
      CovariateSettings.Waiting rule,
      long lookEveryMillis) {
    this.state = context.getListState(STATE);
    this.merge = merge;
    this.rule = rule;
    this.lookEveryMillis = lookEveryMillis;
    JobMetrics metrics = new JobMetrics(context.getMetricGroup());
    this.waited = metrics.counter(JobMetric.WAITED_WINDOWS);
    this.missing = metrics.counter(JobMetric.MISSING_COVARIATES);
    this.skipped = metrics.counter(JobMetric.SKIPPED_WINDOWS, "missing-covariates");
  }

  /**
   * Takes one more window, and lets go those that may.
   *
   * @return whether any is left
   */
  boolean add(ForecastTask request, Rings rings, TimerService timers, Collector<ForecastTask> out)
      throws Exception {
    List<WaitingTask> waiting = waiting();
    if (waiting.isEmpty()) {
      ForecastTask complete = merge.complete(request, rings.of(request));
      if (complete != null) {
        out.collect(complete);
        return false;
      }
    }
    long now = timers.currentProcessingTime();
    waited.inc();
    waiting.add(new WaitingTask(request, now + rule.longest().toMillis()));
    return release(waiting, rings, timers, now, out);
  }

  /** Lets go those whose covariates are known by now, or who have waited long enough. */
  void look(Rings rings, TimerService timers, Collector<ForecastTask> out) throws Exception {
    List<WaitingTask> waiting = waiting();
    if (!waiting.isEmpty()) {
      release(waiting, rings, timers, timers.currentProcessingTime(), out);
    }
  }

  /** Lets go all: nothing comes any more that would be worth waiting for. */
  void end(Rings rings, TimerService timers, Collector<ForecastTask> out) throws Exception {
    release(waiting(), rings, timers, Long.MAX_VALUE, out);
  }

  private List<WaitingTask> waiting() throws Exception {
    List<WaitingTask> waiting = new ArrayList<>();
    state.get().forEach(waiting::add);
    return waiting;
  }

  private boolean release(
      List<WaitingTask> waiting,
      Rings rings,
      TimerService timers,
      long nowMillis,
      Collector<ForecastTask> out)
      throws Exception {
    int gone = 0;
    while (gone < waiting.size()) {
      WaitingTask first = waiting.get(gone);
      ForecastTask answer = merge.complete(first.request(), rings.of(first.request()));
      if (answer == null) {
        if (nowMillis < first.deadlineMillis() && waiting.size() - gone <= rule.most()) {
          break;
        }
        answer = incomplete(first.request(), rings);
      }
      if (answer != null) {
        out.collect(answer);
      }
      gone++;
    }
    state.update(waiting.subList(gone, waiting.size()));
    boolean left = gone < waiting.size();
    if (left) {
      timers.registerEventTimeTimer(END_OF_TIME);
      // The same for all that come until then, so that they share one timer.
      long next =
          lookEveryMillis == Long.MAX_VALUE
              ? Long.MAX_VALUE
              : (nowMillis / lookEveryMillis + 1) * lookEveryMillis;
      timers.registerProcessingTimeTimer(Math.min(waiting.get(gone).deadlineMillis(), next));
    } else {
      timers.deleteEventTimeTimer(END_OF_TIME);
    }
    return left;
  }

  /** What the policy makes of it; null for nothing. */
  private @Nullable ForecastTask incomplete(ForecastTask request, Rings rings) throws Exception {
    missing.inc();
    if (rule.onMissing() == OnMissing.SKIP) {
      skipped.inc();
      return null;
    }
    ForecastTask filled =
        rule.onMissing() == OnMissing.FILL ? merge.fill(request, rings.of(request)) : null;
    return filled == null ? merge.forBaseline(request) : filled;
  }
}
