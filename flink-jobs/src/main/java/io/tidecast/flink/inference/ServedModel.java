package io.tidecast.flink.inference;

import io.tidecast.flink.grid.MillisClock;
import io.tidecast.flink.metrics.JobMetric;
import io.tidecast.flink.metrics.JobMetrics;
import io.tidecast.flink.model.ForecasterFactory;
import io.tidecast.flink.record.ForecastTask;
import io.tidecast.runtime.baselines.SeasonalNaive;
import io.tidecast.runtime.onnx.device.Placement;
import io.tidecast.runtime.serving.ModelUser;
import io.tidecast.runtime.windows.Forecaster;
import org.jspecify.annotations.Nullable;

/**
 * The model as one subtask sees it, which shares it with others: asked by the task thread, it has
 * that woken when it has answers, and is asked for them then. What becomes of tasks for which it
 * has no forecast is up to {@link Outcomes}. One thread.
 *
 * @param <R> what the subtask knows its tasks by
 */
final class ServedModel<R> implements AutoCloseable {

  private final InferenceOptions options;
  private final ModelUser<R> model;
  private final Forecaster baseline;
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
   * Opens the model, unless others have.
   *
   * @param wakeUp is called by any thread when {@link #answers} has something, or {@link #ask} room
   *     again; it must return soon
   */
  ServedModel(Setup setup, JobMetrics metrics, Runnable wakeUp) {
    options = setup.options();
    model = setup.model().join(options.serving(), new RunMetrics(metrics), wakeUp);
    baseline = new SeasonalNaive(model.spec(), options.season().steps(model.spec().contextLength()));
    coarse = model.isShiftEquivariant() ? null : new CoarseSeries(metrics);
    outcomes =
        new Outcomes(
            options,
            Outcomes.Signatures.of(model.spec(), baseline.spec(), setup.model().channels().names()),
            baseline,
            setup.clock());
    metrics.gauge(JobMetric.WAITING_WINDOWS, model::waiting);
    metrics.gauge(JobMetric.MODEL_GIVEN_UP, () -> model.isGivenUp() ? 1 : 0);
    Placement placement = model.placement();
    metrics.gauge(JobMetric.MODEL_FELL_BACK, () -> placement.fellBack() ? 1 : 0);
    metrics.gauge(JobMetric.NODES_ON_PROCESSOR, placement::nodesOnProcessor);
  }

  /** What becomes of tasks. */
  Outcomes outcomes() {
    return outcomes;
  }

  /**
   * Asks for a forecast.
   *
   * @param request what comes back with the answer
   * @return whether there was room; if not, the caller is woken when there is
   */
  boolean ask(ForecastTask task, R request) {
    if (!model.offer(task.window(options.step()), request)) {
      return false;
    }
    if (coarse != null) {
      coarse.look(task);
    }
    return true;
  }

  /**
   * Gives out the answers that have come.
   *
   * @throws io.tidecast.runtime.serving.ModelBrokenException if no more will come
   */
  void answers(ModelUser.Receiver<R> receiver) {
    model.drain(receiver);
  }

  /** Leaves the model to the others; what has no answer then is given none. */
  @Override
  public void close() {
    model.close();
    baseline.close();
  }
}
