package io.tidecast.evaluation;

import io.tidecast.evaluation.data.Scaler;
import io.tidecast.runtime.measures.PointErrors;
import io.tidecast.runtime.measures.QuantileErrors;
import io.tidecast.runtime.windows.Window;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How far forecasts were from what then happened, over every window, horizon step and target.
 *
 * @param windows number of forecasts
 * @param mse mean squared error, squared units of the series
 * @param mae mean absolute error, units of the series
 * @param scaledMse mean squared error in standard deviations of the training rows, as papers give
 *     it
 * @param scaledMae mean absolute error in the same
 * @param mase mean over windows and targets of the mean absolute error by that of the seasonal
 *     naive on the training rows of the same channel (Hyndman and Koehler, 2006); NaN where none
 *     was given
 * @param crps continuous ranked probability score as the mean weighted quantile loss that GluonTS
 *     and GIFT-Eval report ({@code mean_weighted_sum_quantile_loss}): twice the pinball loss, added
 *     up over everything, by the number of levels and by the sum of the absolute actual values. Of
 *     points, which then stand for every level, that is the sum of the absolute errors by the same
 * @param coverage share of the actual values within the outermost quantiles; NaN with less than two
 * @param leftOut windows that do not count
 */
public record Accuracy(
    int windows,
    double mse,
    double mae,
    double scaledMse,
    double scaledMae,
    double mase,
    double crps,
    double coverage,
    LeftOut leftOut) {

  /**
   * Counts windows that do not count, and why.
   *
   * @param withoutNumbers whose forecast has NaN or infinity
   * @param withGaps of whose context more is missing than a job would fill, or nothing of what then
   *     happened is known
   */
  public record LeftOut(int withoutNumbers, int withGaps) {

    /** Every window counts. */
    public static final LeftOut NONE = new LeftOut(0, 0);

    /** How many these are. */
    public int all() {
      return withoutNumbers + withGaps;
    }
  }

  /** Every window counts. */
  public Accuracy(
      int windows,
      double mse,
      double mae,
      double scaledMse,
      double scaledMae,
      double mase,
      double crps,
      double coverage) {
    this(windows, mse, mae, scaledMse, scaledMae, mase, crps, coverage, LeftOut.NONE);
  }

  /** Adds up the errors of windows; one thread uses it. */
  public static final class Sum {
    private static final float[] NO_QUANTILES = {};

    private double[] deviation;
    private double[] naiveErrors;
    private final int levels;
    private final int[] allChannels;
    private final PointErrors raw = new PointErrors();
    private final PointErrors scaled = new PointErrors();
    private final PointErrors relative = new PointErrors();
    private final QuantileErrors quantileErrors;
    private int windows;
    private int withoutNumbers;
    private int withGaps;
    private double actuals;

    /** Makes sums for points, in raw units and in those of the scaler. */
    public Sum(Scaler scaler) {
      this(scaler, new double[scaler.deviation().length], List.of());
      Arrays.fill(naiveErrors, Double.NaN);
    }

    /**
     * @param naiveErrors {@code [channel]}, what MASE divides by; units of the series
     * @param levels of the quantiles, ascending; empty for points
     */
    Sum(Scaler scaler, double[] naiveErrors, List<Double> levels) {
      this.deviation = scaler.deviation();
      this.naiveErrors = naiveErrors;
      this.levels = levels.size();
      this.quantileErrors = new QuantileErrors(levels);
      this.allChannels = IntStream.range(0, deviation.length).toArray();
    }

    /** Goes on with the windows of another series, of the same channels. */
    void of(Scaler scaler, double[] errorsOfNaive) {
      deviation = scaler.deviation();
      naiveErrors = errorsOfNaive;
    }

    /** Adds one window of points, {@code [horizon][channel]} each. */
    public void add(float[] forecast, float[] actual) {
      add(allChannels, forecast, NO_QUANTILES, actual);
    }

    /** Counts a window that there is no forecast from. */
    void leaveOutForGaps() {
      withGaps++;
    }

    /**
     * Adds one window.
     *
     * @param targets number of the channel of each target
     * @param points {@code [horizon][target]}
     * @param quantiles {@code [horizon][target][level]}; not read without levels
     * @param actual {@code [horizon][target]}, NaN where it is not known
     */
    void add(int[] targets, float[] points, float[] quantiles, float[] actual) {
      add(targets, points, quantiles, actual, Window.NO_BASES);
    }

    /**
     * Adds one window whose values are told from bases, unless a number of it is none.
     *
     * @param bases one per target; empty where all are 0
     */
    void add(int[] targets, float[] points, float[] quantiles, float[] actual, double[] bases) {
      if (!areNumbers(points) || levels > 0 && !areNumbers(quantiles)) {
        withoutNumbers++;
        return;
      }
      boolean known = false;
      for (int i = 0; i < points.length; i++) {
        if (Float.isNaN(actual[i])) {
          continue;
        }
        known = true;
        int target = i % targets.length;
        int channel = targets[target];
        double error = (double) points[i] - actual[i];
        raw.add(error);
        scaled.add(error / deviation[channel]);
        relative.add(error / naiveErrors[channel]);
        actuals += Math.abs(actual[i] + (bases.length == 0 ? 0 : bases[target]));
        if (levels > 0) {
          quantileErrors.add(quantiles, i * levels, actual[i]);
        }
      }
      windows += known ? 1 : 0;
      withGaps += known ? 0 : 1;
    }

    private static boolean areNumbers(float[] values) {
      for (float value : values) {
        if (!Float.isFinite(value)) {
          return false;
        }
      }
      return true;
    }

    /** Returns the accuracy over all windows so far, or NaN without any. */
    public Accuracy mean() {
      return new Accuracy(
          windows,
          raw.meanSquare(),
          raw.meanAbsolute(),
          scaled.meanSquare(),
          scaled.meanAbsolute(),
          relative.meanAbsolute(),
          (levels == 0 ? raw.sumOfAbsolutes() : quantileErrors.weightedSum()) / actuals,
          quantileErrors.coverage(),
          new LeftOut(withoutNumbers, withGaps));
    }
  }
}
