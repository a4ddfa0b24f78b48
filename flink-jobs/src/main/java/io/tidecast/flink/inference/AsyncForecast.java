package io.tidecast.flink.inference;

import io.tidecast.flink.grid.MillisClock;
import io.tidecast.flink.metrics.JobMetric;
import io.tidecast.flink.metrics.JobMetrics;
import io.tidecast.flink.model.ForecasterFactory;
import io.tidecast.flink.record.ForecastOutcome;
import io.tidecast.flink.record.ForecastTask;
import io.tidecast.flink.record.Issuer;
import io.tidecast.runtime.baselines.SeasonalNaive;
import io.tidecast.runtime.onnx.device.Placement;
import io.tidecast.runtime.serving.Answer;
import io.tidecast.runtime.serving.BaselineAnswers;
import io.tidecast.runtime.serving.FailurePolicy;
import io.tidecast.runtime.serving.MicroBatcher;
import io.tidecast.runtime.serving.ModelGivenUpException;
import io.tidecast.runtime.serving.ModelRunner;
import io.tidecast.runtime.serving.OnTimeouts;
import io.tidecast.runtime.serving.Reply;
import io.tidecast.runtime.serving.ServingOptions;
import io.tidecast.runtime.windows.Forecaster;
import java.util.Collections;
import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.metrics.Counter;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.streaming.api.functions.async.ResultFuture;
import org.apache.flink.streaming.api.functions.async.RichAsyncFunction;
import org.jspecify.annotations.Nullable;

/**
 * Hands tasks to a {@link MicroBatcher}, so that the task thread goes on filling the next batch
 * while the model runs; those of the baseline are answered at once. Tasks under way are part of
 * Flink's checkpoints. Every task gets exactly one outcome, a late one by {@link #timeout}.
 */
public final class AsyncForecast extends RichAsyncFunction<ForecastTask, ForecastOutcome> {

  private static final long serialVersionUID = 1L;

  private final ForecasterFactory factory;
  private final InferenceOptions options;
  private final MillisClock clock;

  private transient Forecaster model;
  private transient Forecaster baseline;
  private transient BaselineAnswers coldStarts;
  private transient FailurePolicy timeoutPolicy;
  private transient MicroBatcher batcher;
  private transient Outcomes outcomes;
  private transient Counter timedOut;

  /** Null for a model that can be given distances. */
  private transient @Nullable CoarseSeries coarse;

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
    coldStarts = new BaselineAnswers(baseline);
    timeoutPolicy = options.policy(baseline);
    coarse = model.isShiftEquivariant() ? null : new CoarseSeries(metrics);
    timedOut = metrics.counter(JobMetric.TIMED_OUT_WINDOWS);
    List<String> channels = factory.channels().names();
    outcomes =
        new Outcomes(
            Issuer.of(model.spec(), channels), Issuer.of(baseline.spec(), channels), clock);
    ServingOptions serving = options.serving();
    ModelRunner runner =
        new ModelRunner(model, options.policy(baseline), serving, new RunMetrics(metrics));
    String name = getRuntimeContext().getTaskInfo().getTaskNameWithSubtasks();
    batcher = new MicroBatcher("tidecast-inference of " + name, runner, serving);
    metrics.gauge(JobMetric.WAITING_WINDOWS, batcher::waiting);
    metrics.gauge(JobMetric.MODEL_GIVEN_UP, () -> batcher.givenUp() ? 1 : 0);
    Placement placement = model.placement();
    metrics.gauge(JobMetric.MODEL_FELL_BACK, () -> placement.fellBack() ? 1 : 0);
    metrics.gauge(JobMetric.NODES_ON_PROCESSOR, placement::nodesOnProcessor);
  }

  @Override
  public void asyncInvoke(ForecastTask task, ResultFuture<ForecastOutcome> result) {
    int values = model.spec().contextSize();
    if (task.context().length != values) {
      // Restored, from a job of another model: neither this one nor the baseline can answer it.
      String failure =
          "context must hold the %d values of the job's model: values=%d"
              .formatted(values, task.context().length);
      complete(task, new Answer.Failed(failure), result);
    } else if (task.baseline()) {
      complete(task, coldStarts.answer(task.window(options.step())), result);
    } else if (batcher.isStuck()) {
      complete(task, stuck(task), result);
    } else {
      if (coarse != null) {
        coarse.look(task);
      }
      batcher.submit(task.window(options.step()), new Completion(task, result));
    }
  }

  /** Answers a window that could only wait. */
  private Answer stuck(ForecastTask task) {
    String failure =
        "model must end a run that it is told to end, it goes on: model.run-timeout=%s"
            .formatted(options.settings().limits().runTimeout());
    if (options.settings().limits().onTimeouts() == OnTimeouts.FAIL) {
      throw new SuppressRestartsException(new IllegalStateException(failure));
    }
    return timeoutPolicy.answer(task.window(options.step()), failure);
  }

  @Override
  public void timeout(ForecastTask task, ResultFuture<ForecastOutcome> result) {
    timedOut.inc();
    String failure =
        "model must answer within model.timeout=%s".formatted(options.settings().timeout());
    complete(task, timeoutPolicy.answer(task.window(options.step()), failure), result);
  }

  private void complete(ForecastTask task, Answer answer, ResultFuture<ForecastOutcome> result) {
    result.complete(Collections.singleton(outcomes.of(task, answer)));
  }

  @Override
  public void close() throws Exception {
    if (batcher != null) {
      // Whatever still waits is in Flink's checkpoint and comes back with it.
      batcher.stop();
    }
    if (baseline != null) {
      baseline.close();
    }
    if (model != null) {
      model.close();
    }
  }

  private final class Completion implements Reply {

    private final ForecastTask task;
    private final ResultFuture<ForecastOutcome> result;

    Completion(ForecastTask task, ResultFuture<ForecastOutcome> result) {
      this.task = task;
      this.result = result;
    }

    @Override
    public void answered(Answer answer) {
      complete(task, answer, result);
    }

    @Override
    public void expired() {
      // Flink has the same timeout: it has had this task answered, or is about to.
    }

    @Override
    public void failed(Throwable error) {
      // A model that is given up would be so again from the last checkpoint on.
      result.completeExceptionally(
          error instanceof ModelGivenUpException ? new SuppressRestartsException(error) : error);
    }
  }
}
