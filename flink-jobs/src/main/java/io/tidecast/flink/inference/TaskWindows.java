package io.tidecast.flink.inference;

import io.tidecast.flink.record.ForecastTask;
import io.tidecast.runtime.grid.GridStep;
import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.windows.Window;
import java.util.Arrays;

/**
 * Makes the windows of a version out of tasks, whose contexts may have more cells than it takes: it
 * is given the newest, and of what is known ahead the first steps. What a task says of filled cells
 * is of its whole context all the same. Any thread.
 */
final class TaskWindows {

  private final GridStep step;
  private final int contextSize;
  private final int channels;
  private final int covariatesSize;
  private final boolean pads;

  /**
   * @param spec of the version
   * @param step from one cell to the next
   */
  TaskWindows(ForecasterSpec spec, GridStep step) {
    this.step = step;
    this.contextSize = spec.contextSize();
    this.channels = spec.channels();
    this.covariatesSize = spec.futureCovariatesSize();
    this.pads = spec.leftPadding();
  }

  /** Tells whether a task has all the cells of a context, missing ones included. */
  boolean fit(ForecastTask task) {
    return task.context().length >= contextSize && task.context().length % channels == 0;
  }

  /**
   * Tells whether a version that needs a whole context can't be given a task that {@linkplain #fit
   * fits}, since the series began later: gaps are filled, so what is missing is before the series.
   */
  boolean isTooYoung(ForecastTask task) {
    if (pads) {
      return false;
    }
    int first = task.context().length - contextSize;
    for (int at = first; at < first + channels; at++) {
      if (Float.isNaN(task.context()[at])) {
        return true;
      }
    }
    return false;
  }

  /** The window of a task that {@linkplain #fit fits}. */
  Window of(ForecastTask task) {
    float[] context = task.context();
    float[] covariates = task.futureCovariates();
    int before = context.length - contextSize;
    boolean knowsMore = covariatesSize > 0 && covariates.length > covariatesSize;
    if (before == 0 && !knowsMore) {
      return task.window(step);
    }
    return new Window(
        task.series(),
        step.wallMillis(task.originMillis()),
        step.millis(),
        before == 0 ? context : Arrays.copyOfRange(context, before, context.length),
        knowsMore ? Arrays.copyOf(covariates, covariatesSize) : covariates,
        task.bases());
  }
}
