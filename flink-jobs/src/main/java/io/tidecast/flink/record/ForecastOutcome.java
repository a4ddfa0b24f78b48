package io.tidecast.flink.record;

import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.serving.Answer;
import io.tidecast.schemas.ErrorCode;
import org.jspecify.annotations.Nullable;

/** A task after inference. */
public record ForecastOutcome(@Nullable IssuedForecast accepted, @Nullable Rejection rejection)
    implements StepOutcome<IssuedForecast> {

  /**
   * What an answer means for a task.
   *
   * @param issuer who signs a forecast: the model, or the baseline in its place
   */
  public static ForecastOutcome of(
      ForecastTask task, Answer answer, Issuer issuer, long nowMillis) {
    if (answer instanceof Answer.Failed failed) {
      return new ForecastOutcome(
          null, Rejection.of(ErrorCode.INFERENCE_FAILED, failed.why(), task, nowMillis));
    }
    Answer.Made made = (Answer.Made) answer;
    IssuedForecast issued =
        new IssuedForecast(
            task.series(),
            task.originMillis(),
            nowMillis,
            issuer,
            made.bases(),
            made.points(),
            made.quantiles(),
            task.filledCells() + made.filledCells(),
            made.fallback(),
            task.revision(),
            horizon(task, made.by()),
            task.passed());
    return new ForecastOutcome(issued, null);
  }

  /**
   * What is wanted, no further than a job reaches that has been restored with a shorter horizon.
   */
  private static int horizon(ForecastTask task, ForecasterSpec by) {
    return task.horizon() == null ? by.horizon() : Math.min(task.horizon(), by.horizon());
  }
}
