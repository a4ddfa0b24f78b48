package io.tidecast.flink.inference;

import io.tidecast.flink.metrics.JobMetric;
import io.tidecast.flink.metrics.JobMetrics;
import io.tidecast.runtime.serving.ServingListener;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Histogram;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the runs of models that are told to this subtask, all of them together, and tells of the
 * first of each that fail. Any thread.
 */
final class RunMetrics implements ServingListener {

  private static final Logger LOG = LoggerFactory.getLogger(RunMetrics.class);

  /** So many windows that hang are told of by name. */
  private static final int TOLD = 10;

  private final String model;
  private final AtomicBoolean toldOfFailure = new AtomicBoolean();
  private final AtomicBoolean toldOfEnd = new AtomicBoolean();
  private final Counter failedRuns;
  private final Counter endedRuns;
  private final Counter hangingWindows;
  private final Histogram batchSizes;
  private final Histogram runMicros;

  /** The runs of no model in particular. */
  RunMetrics(JobMetrics metrics) {
    this.model = "";
    this.failedRuns = metrics.counter(JobMetric.FAILED_RUNS);
    this.endedRuns = metrics.counter(JobMetric.ENDED_RUNS);
    this.hangingWindows = metrics.counter(JobMetric.HANGING_WINDOWS);
    this.batchSizes = metrics.histogram(JobMetric.BATCH_SIZE_WINDOWS);
    this.runMicros = metrics.histogram(JobMetric.RUN_MICROS);
  }

  private RunMetrics(String model, RunMetrics all) {
    this.model = model;
    this.failedRuns = all.failedRuns;
    this.endedRuns = all.endedRuns;
    this.hangingWindows = all.hangingWindows;
    this.batchSizes = all.batchSizes;
    this.runMicros = all.runMicros;
  }

  /**
   * Counts the same, and tells of one model.
   *
   * @param name of it, for people
   */
  RunMetrics of(String name) {
    return new RunMetrics(" " + name, this);
  }

  @Override
  public void ran(int windows, long nanos) {
    runMicros.update(nanos / 1_000);
    batchSizes.update(windows);
  }

  @Override
  public void failed(RuntimeException failure) {
    failedRuns.inc();
    if (toldOfFailure.compareAndSet(false, true)) {
      LOG.warn(
          "The model{} failed; its windows are tried again alone and then answered for as"
              + " model.on-failure says. Further failures are only counted, in {}.",
          model,
          JobMetric.FAILED_RUNS.metricName(),
          failure);
    }
  }

  @Override
  public void timedOut(int windows, Duration limit) {
    endedRuns.inc();
    if (toldOfEnd.compareAndSet(false, true)) {
      LOG.warn(
          "The model{} took longer than {} for a run of {} windows, so the run was ended and each window is tried alone."
              + " Further such runs are only counted, in {}.",
          model,
          limit,
          windows,
          JobMetric.ENDED_RUNS.metricName());
    }
  }

  @Override
  public void suspected(String series, Duration rest) {
    hangingWindows.inc();
    if (hangingWindows.getCount() <= TOLD) {
      LOG.warn(
          "A window of the series \"{}\" keeps the model{} busy for too long. It and the next ones of that series are"
              + " answered for as model.on-failure says; after {} the model is tried again. {}",
          printable(series),
          model,
          rest,
          hangingWindows.getCount() == TOLD
              ? "Further ones are only counted, in " + JobMetric.HANGING_WINDOWS.metricName() + "."
              : "");
    }
  }

  @Override
  public void slowed(int windows, int most) {
    LOG.warn(
        "The model{} took longer than model.run-timeout for {} windows together, but not for any of them alone. From now on"
            + " a run has at most {}. A lower model.max-batch-size or a longer model.run-timeout says so from the start.",
        model,
        windows,
        most);
  }

  @Override
  public void gaveUp(int batches, Duration rest) {
    LOG.error(
        "The model{} gave no forecast from {} batches one after the other, so it is given up for all subtasks of this"
            + " process: every window is answered for as model.on-failure says. It is tried with one window after {},"
            + " and less often from then on. See {}, {} and model.give-up-after.",
        model,
        batches,
        rest,
        JobMetric.FAILED_RUNS.metricName(),
        JobMetric.ENDED_RUNS.metricName());
  }

  @Override
  public void resumed() {
    LOG.warn(
        "The model{} that was given up gives forecasts again, and is given every window.", model);
  }

  /** A name comes from outside: it makes no lines of its own, and not too long a one. */
  static String printable(String series) {
    String text = series.length() > 100 ? series.substring(0, 100) + "..." : series;
    return text.replaceAll("\\p{Cntrl}", "?");
  }
}
