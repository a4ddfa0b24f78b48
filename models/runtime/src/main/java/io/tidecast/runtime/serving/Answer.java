package io.tidecast.runtime.serving;

import io.tidecast.runtime.manifest.ForecasterSpec;

/** Tells what became of a window. */
public sealed interface Answer {

  /**
   * A forecast.
   *
   * @param by what the forecaster that made it gives, the model or the baseline in its place: names
   *     the targets and the levels; shared by all its forecasts
   * @param points {@code [horizon][target]} row-major, units of the series, less the base of the
   *     target; the receiver's
   * @param quantiles {@code [horizon][target][level]} row-major, units of the series, less the base
   *     of the target; empty without levels; the receiver's
   * @param filledCells missing values of the window that were filled before the forecaster saw it
   * @param fallback whether the baseline answered in place of the model
   * @param bases one per target: what its points and quantiles are told from; empty where all are
   *     0; not to be changed
   */
  record Made(
      ForecasterSpec by,
      float[] points,
      float[] quantiles,
      int filledCells,
      boolean fallback,
      double[] bases)
      implements Answer {}

  /**
   * No forecast.
   *
   * @param cause what kind of failure it is
   * @param why what was required and what happened, for people
   */
  record Failed(Cause cause, String why) implements Answer {

    /** The model was asked, and failed. */
    public Failed(String why) {
      this(Cause.MODEL, why);
    }
  }

  /** Tells why there is no forecast. */
  enum Cause {
    /** The model was given this window or others of its series, and failed on them. */
    MODEL,
    /** The window has waited for longer than the timeout, so the model was not given it. */
    LATE,
    /** The model is given up, so it was not given the window. */
    GIVEN_UP
  }
}
