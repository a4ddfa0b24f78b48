package io.tidecast.flink.inference;

import io.tidecast.flink.grid.GridStep;
import io.tidecast.flink.grid.MillisClock;
import io.tidecast.flink.metrics.JobMetric;
import io.tidecast.flink.metrics.JobMetrics;
import io.tidecast.flink.record.ForecastOutcome;
import io.tidecast.flink.record.ForecastTask;
import io.tidecast.runtime.windows.ForecastBatch;
import io.tidecast.runtime.windows.Forecaster;
import io.tidecast.runtime.windows.WindowBatch;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Histogram;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the model over a batch of requests and gives each its outcome, whatever the model does. One
 * thread at a time; the model stays the caller's to close.
 *
 * <p>When a run fails and there are retries, each of its windows is tried again alone, so that one
 * that the model cannot bear takes none of its neighbours along. An {@link Error} is not answered
 * for; it goes through.
 */
public final class Inference {

  private static final Logger LOG = LoggerFactory.getLogger(Inference.class);

  private final Forecaster model;
  private final FailurePolicy policy;
  private final int retries;
  private final GridStep step;
  private final MillisClock clock;
  private final WindowBatch windows;
  private final ForecastBatch forecasts;
  private final int[] filledCells;
  private final Counter failedRuns;
  private final Histogram batchSizes;
  private final Histogram runMicros;

  public Inference(
      Forecaster model,
      FailurePolicy policy,
      InferenceOptions options,
      MillisClock clock,
      JobMetrics metrics) {
    this.model = model;
    this.policy = policy;
    this.retries = options.retries();
    this.step = options.step();
    this.clock = clock;
    this.windows = new WindowBatch(model.spec(), options.maxBatchSize());
    this.forecasts = new ForecastBatch(model.spec(), options.maxBatchSize());
    this.filledCells = new int[options.maxBatchSize()];
    this.failedRuns = metrics.counter(JobMetric.FAILED_RUNS);
    this.batchSizes = metrics.histogram(JobMetric.BATCH_SIZE_WINDOWS);
    this.runMicros = metrics.histogram(JobMetric.RUN_MICROS);
  }

  /** One outcome per request, in their order. */
  public List<ForecastOutcome> forecast(List<ForecastTask> requests) {
    try {
      return attempt(requests);
    } catch (RuntimeException e) {
      failed(e);
      List<ForecastOutcome> outcomes = new ArrayList<>(requests.size());
      for (ForecastTask request : requests) {
        outcomes.add(retry(request, e));
      }
      return outcomes;
    }
  }

  private ForecastOutcome retry(ForecastTask request, RuntimeException first) {
    RuntimeException last = first;
    for (int i = 0; i < retries; i++) {
      try {
        return attempt(List.of(request)).get(0);
      } catch (RuntimeException e) {
        failed(e);
        last = e;
      }
    }
    return policy.answer(request, "model must answer, it failed: " + last);
  }

  private List<ForecastOutcome> attempt(List<ForecastTask> requests) {
    windows.clear();
    for (int row = 0; row < requests.size(); row++) {
      ForecastTask request = requests.get(row);
      filledCells[row] = request.filledCells() + windows.add(request.window(step));
    }
    long startNanos = System.nanoTime();
    model.forecast(windows, forecasts);
    runMicros.update((System.nanoTime() - startNanos) / 1_000);
    batchSizes.update(requests.size());
    long nowMillis = clock.millis();
    List<ForecastOutcome> outcomes = new ArrayList<>(requests.size());
    for (int row = 0; row < requests.size(); row++) {
      ForecastTask request = requests.get(row);
      outcomes.add(
          forecasts.isFinite(row)
              ? FailurePolicy.outcome(request, forecasts, row, filledCells[row], false, nowMillis)
              : policy.answer(request, "model must answer finite numbers, it did not"));
    }
    return outcomes;
  }

  private void failed(RuntimeException e) {
    failedRuns.inc();
    if (failedRuns.getCount() == 1) {
      LOG.warn(
          "The model failed; its windows are tried again alone and then answered for as"
              + " model.on-failure says. Further failures are only counted, in {}.",
          JobMetric.FAILED_RUNS.metricName(),
          e);
    }
  }
}
