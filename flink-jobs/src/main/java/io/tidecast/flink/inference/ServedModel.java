package io.tidecast.flink.inference;

import io.tidecast.flink.grid.MillisClock;
import io.tidecast.flink.metrics.JobMetric;
import io.tidecast.flink.metrics.JobMetrics;
import io.tidecast.flink.model.ForecasterFactory;
import io.tidecast.flink.record.ForecastTask;
import io.tidecast.runtime.baselines.SeasonalNaive;
import io.tidecast.runtime.serving.Answer;
import io.tidecast.runtime.serving.FailurePolicy;
import io.tidecast.runtime.serving.MicroBatcher;
import io.tidecast.runtime.serving.ModelRunner;
import io.tidecast.runtime.serving.OnTimeouts;
import io.tidecast.runtime.serving.Reply;
import io.tidecast.runtime.serving.ServingOptions;
import io.tidecast.runtime.windows.Forecaster;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.jspecify.annotations.Nullable;

/**
 * The model as one subtask sees it: asked by the task thread, it replies from a thread of its own
 * whether it has a forecast. What becomes of those that have none is up to {@link Outcomes}.
 */
final class ServedModel implements AutoCloseable {

  private final InferenceOptions options;
  private final Forecaster model;
  private final Forecaster baseline;
  private final MicroBatcher batcher;
  private final Outcomes outcomes;

  /** Null for a model that can be given distances. */
  private final @Nullable CoarseSeries coarse;

  /**
   * What is shipped to a subtask.
   *
   * @param clock by which forecasts are issued
   */
  record Setup(ForecasterFactory model, InferenceOptions options, MillisClock clock) {}

  /**
   * Opens the model.
   *
   * @param task whose thread asks, as the model's thread is named after it
   */
  ServedModel(Setup setup, JobMetrics metrics, String task) {
    options = setup.options();
    model = setup.model().open();
    baseline = new SeasonalNaive(model.spec(), options.seasonSteps());
    coarse = model.isShiftEquivariant() ? null : new CoarseSeries(metrics);
    outcomes =
        new Outcomes(
            options,
            Outcomes.Signatures.of(model.spec(), baseline.spec(), setup.model().channels().names()),
            baseline,
            setup.clock());
    ServingOptions serving = options.serving();
    ModelRunner runner =
        new ModelRunner(model, FailurePolicy.refusing(), serving, new RunMetrics(metrics));
    batcher = new MicroBatcher("tidecast-inference of " + task, runner, serving);
    metrics.gauge(JobMetric.WAITING_WINDOWS, batcher::waiting);
    metrics.gauge(JobMetric.MODEL_GIVEN_UP, () -> batcher.givenUp() ? 1 : 0);
  }

  /** What becomes of tasks. */
  Outcomes outcomes() {
    return outcomes;
  }

  /**
   * Asks for a forecast.
   *
   * @param reply told once, by any thread
   */
  void ask(ForecastTask task, Reply reply) {
    if (batcher.isStuck()) {
      reply.answered(stuck());
      return;
    }
    if (coarse != null) {
      coarse.look(task);
    }
    batcher.submit(task.window(options.step()), reply);
  }

  /** What is said of a window that could only wait. */
  private Answer stuck() {
    String failure =
        "model must end a run that it is told to end, it goes on: model.run-timeout=%s"
            .formatted(options.settings().limits().runTimeout());
    if (options.settings().limits().onTimeouts() == OnTimeouts.FAIL) {
      throw new SuppressRestartsException(new IllegalStateException(failure));
    }
    return new Answer.Failed(failure);
  }

  /** Ends the run that is under way; what has no answer then is given none. */
  @Override
  public void close() {
    batcher.stop();
    baseline.close();
    model.close();
  }
}
