package io.tidecast.runtime.serving;

import io.tidecast.runtime.windows.Forecaster;
import io.tidecast.runtime.windows.Window;
import org.jspecify.annotations.Nullable;

/**
 * What is answered where the model gives no forecast: the baseline's, or that there is none. One
 * thread at a time; the baseline stays the caller's to close.
 */
public final class FailurePolicy {

  private final @Nullable BaselineAnswers baseline;

  private FailurePolicy(@Nullable BaselineAnswers baseline) {
    this.baseline = baseline;
  }

  /** Answers with the forecasts of a baseline. */
  public static FailurePolicy fallingBackOn(Forecaster baseline) {
    return new FailurePolicy(new BaselineAnswers(baseline));
  }

  /** Answers that there is no forecast. */
  public static FailurePolicy refusing() {
    return new FailurePolicy(null);
  }

  /**
   * @param why the model gave none: what was required and what happened, for people
   */
  public Answer answer(Window window, String why) {
    return baseline == null ? new Answer.Failed(why) : baseline.answer(window);
  }
}
