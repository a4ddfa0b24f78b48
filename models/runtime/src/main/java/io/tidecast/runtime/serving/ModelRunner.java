package io.tidecast.runtime.serving;

import io.tidecast.runtime.windows.ForecastBatch;
import io.tidecast.runtime.windows.Forecaster;
import io.tidecast.runtime.windows.Window;
import io.tidecast.runtime.windows.WindowBatch;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs a model over windows and gives each its answer, whatever the model does. One thread at a
 * time; the model stays the caller's to close.
 *
 * <p>When a run fails and there are retries, each of its windows is tried again alone, so that one
 * that the model cannot bear takes none of its neighbours along. An {@link Error} is not answered
 * for; it goes through.
 */
public final class ModelRunner {

  private final Forecaster model;
  private final FailurePolicy policy;
  private final ServingOptions options;
  private final ServingListener listener;
  private final WindowBatch batch;
  private final ForecastBatch forecasts;
  private final int[] filledCells;

  /**
   * @param policy for this runner alone
   */
  public ModelRunner(
      Forecaster model, FailurePolicy policy, ServingOptions options, ServingListener listener) {
    this.model = model;
    this.policy = policy;
    this.options = options;
    this.listener = listener;
    this.batch = new WindowBatch(model.spec(), options.maxBatchSize());
    this.forecasts = new ForecastBatch(model.spec(), options.maxBatchSize());
    this.filledCells = new int[options.maxBatchSize()];
  }

  /**
   * Returns one answer for each window, in their order.
   *
   * @param windows no more than the options allow; not kept
   */
  public List<Answer> answer(List<Window> windows) {
    try {
      return attempt(windows);
    } catch (RuntimeException e) {
      listener.failed(e);
      List<Answer> answers = new ArrayList<>(windows.size());
      for (Window window : windows) {
        answers.add(retry(window, e));
      }
      return answers;
    }
  }

  private Answer retry(Window window, RuntimeException first) {
    RuntimeException last = first;
    for (int i = 0; i < options.retries(); i++) {
      try {
        return attempt(List.of(window)).get(0);
      } catch (RuntimeException e) {
        listener.failed(e);
        last = e;
      }
    }
    return policy.answer(window, "model must answer, it failed: " + last);
  }

  private List<Answer> attempt(List<Window> windows) {
    batch.clear();
    for (int row = 0; row < windows.size(); row++) {
      filledCells[row] = batch.add(windows.get(row));
    }
    long startNanos = options.nanoClock().getAsLong();
    model.forecast(batch, forecasts);
    listener.ran(windows.size(), options.nanoClock().getAsLong() - startNanos);
    List<Answer> answers = new ArrayList<>(windows.size());
    for (int row = 0; row < windows.size(); row++) {
      answers.add(
          forecasts.isFinite(row)
              ? BaselineAnswers.made(forecasts, row, filledCells[row], false)
              : policy.answer(windows.get(row), "model must answer finite numbers, it did not"));
    }
    return answers;
  }
}
