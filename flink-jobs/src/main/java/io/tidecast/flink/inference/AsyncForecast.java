package io.tidecast.flink.inference;

import io.tidecast.flink.grid.MillisClock;
import io.tidecast.flink.metrics.JobMetric;
import io.tidecast.flink.metrics.JobMetrics;
import io.tidecast.flink.model.ForecasterFactory;
import io.tidecast.flink.record.ForecastOutcome;
import io.tidecast.flink.record.ForecastTask;
import io.tidecast.runtime.baselines.SeasonalNaive;
import io.tidecast.runtime.windows.Forecaster;
import java.util.Collections;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.functions.async.ResultFuture;
import org.apache.flink.streaming.api.functions.async.RichAsyncFunction;

/**
 * Hands requests to a worker thread, so that the task goes on filling the next batch while the
 * model runs; those of the baseline are answered at once. Requests under way are part of Flink's
 * checkpoints. Every request gets exactly one outcome, a late one by {@link #timeout}.
 */
public final class AsyncForecast extends RichAsyncFunction<ForecastTask, ForecastOutcome> {

  private static final long serialVersionUID = 1L;

  private final ForecasterFactory factory;
  private final InferenceOptions options;
  private final MillisClock clock;

  private transient Forecaster model;
  private transient Forecaster baseline;
  private transient BaselineAnswers coldStarts;
  private transient InferenceWorker worker;
  private transient FailurePolicy timeoutPolicy;
  private transient FailurePolicy unanswerable;
  private transient Counter timedOut;

  public AsyncForecast(ForecasterFactory factory, InferenceOptions options, MillisClock clock) {
    this.factory = factory;
    this.options = options;
    this.clock = clock;
  }

  @Override
  public void open(OpenContext context) {
    JobMetrics metrics = new JobMetrics(getRuntimeContext().getMetricGroup());
    model = factory.open();
    baseline = new SeasonalNaive(model.spec(), options.seasonSteps());
    coldStarts = new BaselineAnswers(baseline, clock);
    Forecaster fallback = options.fallback() ? baseline : null;
    timeoutPolicy = new FailurePolicy(fallback, clock);
    unanswerable = new FailurePolicy(null, clock);
    timedOut = metrics.counter(JobMetric.TIMED_OUT_WINDOWS);
    Inference inference =
        new Inference(model, new FailurePolicy(fallback, clock), options, clock, metrics);
    String name = getRuntimeContext().getTaskInfo().getTaskNameWithSubtasks();
    worker = new InferenceWorker("tidecast-inference of " + name, inference, options);
    metrics.gauge(JobMetric.WAITING_WINDOWS, worker::waiting);
  }

  @Override
  public void asyncInvoke(ForecastTask request, ResultFuture<ForecastOutcome> result) {
    int values = model.spec().contextSize();
    if (request.context().length != values) {
      // Restored, from a job of another model: neither this one nor the baseline can answer it.
      String failure =
          "context must hold the %d values of the job's model: values=%d"
              .formatted(values, request.context().length);
      result.complete(Collections.singleton(unanswerable.answer(request, failure)));
    } else if (request.baseline()) {
      result.complete(Collections.singleton(coldStarts.answer(request)));
    } else {
      worker.submit(request, result);
    }
  }

  @Override
  public void timeout(ForecastTask request, ResultFuture<ForecastOutcome> result) {
    timedOut.inc();
    String failure = "model must answer within model.timeout=%s".formatted(options.timeout());
    result.complete(Collections.singleton(timeoutPolicy.answer(request, failure)));
  }

  @Override
  public void close() throws Exception {
    if (worker != null) {
      worker.stop();
    }
    if (baseline != null) {
      baseline.close();
    }
    if (model != null) {
      model.close();
    }
  }
}
