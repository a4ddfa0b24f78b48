package io.tidecast.runtime.windows;

import io.tidecast.runtime.manifest.Checks;
import java.util.Arrays;

/**
 * What one forecast is made from.
 *
 * @param series name of the series; the noise of a generative model is drawn for it
 * @param originMillis time of the last context cell, epoch milliseconds
 * @param stepMillis from one cell to the next
 * @param context {@code [time][channel]} row-major, oldest first, units of the series, less the
 *     base of the channel; NaN is missing; not copied
 * @param futureCovariates {@code [horizon][covariate]} row-major, their own units; empty for a
 *     model that takes none; not copied
 * @param bases one per channel: what its cells are told from, for 32-bit floats cannot tell apart
 *     what differs by 10 near 1e9; empty where all are 0; not copied
 */
public record Window(
    String series,
    long originMillis,
    long stepMillis,
    float[] context,
    float[] futureCovariates,
    double[] bases) {

  /** Of a window whose cells are told from 0. */
  public static final double[] NO_BASES = {};

  private static final float[] NO_COVARIATES = {};
  private static final long SOME_STEP_MILLIS = 3_600_000;

  public Window {
    Checks.present("series", series);
    Checks.present("context", context);
    Checks.present("futureCovariates", futureCovariates);
    Checks.present("bases", bases);
  }

  /** A window whose cells are told from 0. */
  public Window(
      String series,
      long originMillis,
      long stepMillis,
      float[] context,
      float[] futureCovariates) {
    this(series, originMillis, stepMillis, context, futureCovariates, NO_BASES);
  }

  /** A window of a model that knows nothing ahead. */
  public Window(String series, long originMillis, long stepMillis, float[] context) {
    this(series, originMillis, stepMillis, context, NO_COVARIATES);
  }

  /**
   * A window for models that look at the context alone: hourly, up to 1970, in a series of no name.
   */
  public static Window of(float[] context) {
    return new Window("", 0, SOME_STEP_MILLIS, context);
  }

  /** The same told from 0, as well as floats can; this one where it is. */
  public Window absolute() {
    if (bases.length == 0) {
      return this;
    }
    float[] absolute = new float[context.length];
    for (int i = 0; i < absolute.length; i++) {
      absolute[i] = (float) (bases[i % bases.length] + context[i]);
    }
    return new Window(series, originMillis, stepMillis, absolute, futureCovariates);
  }

  /**
   * Puts NaN before the context so that it has that many values: this is what a forecaster with
   * left padding takes for a series that is not that long.
   */
  public Window padded(int contextSize) {
    int missing = contextSize - context.length;
    if (missing <= 0) {
      return this;
    }
    float[] padded = new float[contextSize];
    Arrays.fill(padded, 0, missing, Float.NaN);
    System.arraycopy(context, 0, padded, missing, context.length);
    return new Window(series, originMillis, stepMillis, padded, futureCovariates, bases);
  }
}
