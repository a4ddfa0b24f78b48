package io.tidecast.flink.inference;

import io.tidecast.flink.grid.MillisClock;
import io.tidecast.flink.model.ForecastRole;
import io.tidecast.flink.record.ForecastTask;
import io.tidecast.flink.record.IssuedForecast;
import io.tidecast.flink.record.Issuer;
import io.tidecast.flink.record.Rejection;
import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.serving.Answer;
import io.tidecast.runtime.serving.BaselineAnswers;
import io.tidecast.runtime.windows.Forecaster;
import io.tidecast.schemas.ErrorCode;
import java.time.Instant;
import java.util.List;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.jspecify.annotations.Nullable;

/**
 * Says what becomes of a task, given what the model says: a forecast of the model or of the
 * baseline, a rejection, or the end of the job. One thread.
 */
final class Outcomes {

  private final InferenceOptions options;
  private final Signatures signatures;
  private final BaselineAnswers baseline;
  private final MillisClock clock;
  private final TaskWindows windows;
  private final int contextSize;
  private final Answer.Failed late;

  /**
   * Who signs forecasts.
   *
   * @param baseline that signs in place of the model
   */
  record Signatures(ForecasterSpec spec, Issuer model, Issuer baseline) {

    /**
     * @param channels the names of all the model's; empty where they have none
     * @param slot that it is open for
     */
    static Signatures of(
        ForecasterSpec model, ForecasterSpec baseline, List<String> channels, String slot) {
      return new Signatures(
          model, Issuer.of(model, channels, slot), Issuer.of(baseline, channels, slot));
    }
  }

  /**
   * @param baseline stays the caller's to close
   * @param clock by which forecasts are issued
   */
  Outcomes(
      InferenceOptions options, Signatures signatures, Forecaster baseline, MillisClock clock) {
    this.options = options;
    this.signatures = signatures;
    this.baseline = new BaselineAnswers(baseline);
    this.clock = clock;
    this.windows = new TaskWindows(signatures.spec(), options.step());
    this.contextSize = signatures.spec().contextSize();
    this.late =
        new Answer.Failed(
            Answer.Cause.LATE,
            "model must answer within model.timeout=%s".formatted(options.settings().timeout()));
  }

  /** What the model is taken to say of a task when it has not said anything for too long. */
  Answer.Failed late() {
    return late;
  }

  /** What the model is given of a task. */
  TaskWindows windows() {
    return windows;
  }

  /** Whether the model can be asked about a task. */
  boolean isAsked(ForecastTask task) {
    return windows.fit(task) && !windows.isTooYoung(task);
  }

  /**
   * The answer to a task for which the model is not asked; null where it is. A model that needs a
   * whole context is not asked for a series that has too few cells for it.
   */
  @Nullable Answer known(ForecastTask task) {
    if (!windows.fit(task)) {
      return new Answer.Failed(
          "context must hold the %d values of the job's model: values=%d"
              .formatted(contextSize, task.context().length));
    }
    return task.baseline() || windows.isTooYoung(task) ? byBaseline(task) : null;
  }

  /**
   * What holds in place of what the model says: that itself if it is a forecast, and else what
   * {@code model.on-failure} says.
   *
   * <p>A context that is shorter than the model's stays failed: neither the model nor the baseline
   * can answer it. It is restored, from a job of another model.
   *
   * @throws SuppressRestartsException if that is that the job fails
   */
  Answer settle(ForecastTask task, Answer answer) {
    if (answer instanceof Answer.Failed failed && windows.fit(task)) {
      return switch (options.settings().onFailure()) {
        case FALLBACK -> byBaseline(task);
        case DEAD_LETTER -> failed;
        case FAIL -> throw fail(task, failed);
      };
    }
    return answer;
  }

  private Answer byBaseline(ForecastTask task) {
    return baseline.answer(windows.of(task));
  }

  /** The task would fail again from the last checkpoint on, so the job is not restarted. */
  private static SuppressRestartsException fail(ForecastTask task, Answer.Failed failed) {
    return new SuppressRestartsException(
        new IllegalStateException(
            "model must answer every window where model.on-failure=fail, it gave no forecast of the series \"%s\" at %s: %s"
                .formatted(
                    RunMetrics.printable(task.series()),
                    Instant.ofEpochMilli(task.originMillis()),
                    failed.why())));
  }

  /** The forecast that was made for a task, no further than is wanted. */
  IssuedForecast forecast(ForecastTask task, Answer.Made made, ForecastRole role) {
    int horizon = made.by().horizon();
    Integer wanted = task.horizon();
    return new IssuedForecast(
        task.series(),
        task.originMillis(),
        clock.millis(),
        made.fallback() ? signatures.baseline() : signatures.model(),
        made.bases(),
        made.points(),
        made.quantiles(),
        task.filledCells() + made.filledCells(),
        made.fallback(),
        task.revision(),
        // A job that is restored with a shorter one reaches no further.
        wanted == null ? horizon : Math.min(wanted, horizon),
        task.passed(),
        role);
  }

  /** What is said of a task that has no forecast. */
  Rejection rejection(ForecastTask task, Answer.Failed failed) {
    return Rejection.of(ErrorCode.INFERENCE_FAILED, failed.why(), task, clock.millis());
  }
}
