package io.tidecast.training;

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
 */
public record Accuracy(
    int windows,
    double mse,
    double mae,
    double scaledMse,
    double scaledMae,
    double mase,
    double crps,
    double coverage) {

  /** Adds up errors. One thread. */
  public static final class Sum {
    private static final float[] NO_QUANTILES = {};

    private final double[] deviation;
    private final double[] naiveErrors;
    private final double[] levels;
    private final int[] allChannels;
    private long values;
    private int windows;
    private double squares;
    private double absolutes;
    private double scaledSquares;
    private double scaledAbsolutes;
    private double naiveAbsolutes;
    private double actuals;
    private double pinballs;
    private long covered;

    /** Of points, in raw units and in those of the scaler. */
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
      this.levels = levels.stream().mapToDouble(Double::doubleValue).toArray();
      this.allChannels = IntStream.range(0, deviation.length).toArray();
    }

    /** One window of points, {@code [horizon][channel]} each. */
    public void add(float[] forecast, float[] actual) {
      add(allChannels, forecast, NO_QUANTILES, actual);
    }

    /**
     * One window.
     *
     * @param targets number of the channel of each target
     * @param points {@code [horizon][target]}
     * @param quantiles {@code [horizon][target][level]}; not read without levels
     * @param actual {@code [horizon][target]}
     */
    void add(int[] targets, float[] points, float[] quantiles, float[] actual) {
      for (int i = 0; i < points.length; i++) {
        int channel = targets[i % targets.length];
        double error = (double) points[i] - actual[i];
        double scaled = error / deviation[channel];
        squares += error * error;
        absolutes += Math.abs(error);
        scaledSquares += scaled * scaled;
        scaledAbsolutes += Math.abs(scaled);
        naiveAbsolutes += Math.abs(error) / naiveErrors[channel];
        actuals += Math.abs(actual[i]);
      }
      if (levels.length > 0) {
        addQuantiles(quantiles, actual);
      }
      values += points.length;
      windows++;
    }

    private void addQuantiles(float[] quantiles, float[] actual) {
      for (int value = 0; value < actual.length; value++) {
        int first = value * levels.length;
        for (int i = 0; i < levels.length; i++) {
          double error = (double) actual[value] - quantiles[first + i];
          pinballs += Math.max(levels[i] * error, (levels[i] - 1) * error);
        }
        if (quantiles[first] <= actual[value]
            && actual[value] <= quantiles[first + levels.length - 1]) {
          covered++;
        }
      }
    }

    /** Of all windows so far; NaN without any. */
    public Accuracy mean() {
      return new Accuracy(
          windows,
          squares / values,
          absolutes / values,
          scaledSquares / values,
          scaledAbsolutes / values,
          naiveAbsolutes / values,
          (levels.length == 0 ? absolutes : 2 * pinballs / levels.length) / actuals,
          levels.length < 2 ? Double.NaN : (double) covered / values);
    }
  }
}
