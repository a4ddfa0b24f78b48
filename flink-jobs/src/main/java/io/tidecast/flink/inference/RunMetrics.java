package io.tidecast.flink.inference;

import io.tidecast.flink.metrics.JobMetric;
import io.tidecast.flink.metrics.JobMetrics;
import io.tidecast.runtime.serving.ServingListener;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Histogram;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts the runs of the model, and tells of the first that fails. */
final class RunMetrics implements ServingListener {

  private static final Logger LOG = LoggerFactory.getLogger(RunMetrics.class);

  private final Counter failedRuns;
  private final Histogram batchSizes;
  private final Histogram runMicros;

  RunMetrics(JobMetrics metrics) {
    this.failedRuns = metrics.counter(JobMetric.FAILED_RUNS);
    this.batchSizes = metrics.histogram(JobMetric.BATCH_SIZE_WINDOWS);
    this.runMicros = metrics.histogram(JobMetric.RUN_MICROS);
  }

  @Override
  public void ran(int windows, long nanos) {
    runMicros.update(nanos / 1_000);
    batchSizes.update(windows);
  }

  @Override
  public void failed(RuntimeException failure) {
    failedRuns.inc();
    if (failedRuns.getCount() == 1) {
      LOG.warn(
          "The model failed; its windows are tried again alone and then answered for as"
              + " model.on-failure says. Further failures are only counted, in {}.",
          JobMetric.FAILED_RUNS.metricName(),
          failure);
    }
  }
}
