package io.tidecast.runtime.scores;

/**
 * How far forecasts were off. A figure that there is nothing to say it from is NaN.
 *
 * @param count of the values that were scored; of weighted figures, the sum of their weights
 * @param mae mean absolute error, units of the series
 * @param mse mean squared error, squared units of the series
 * @param mase mean absolute error by that of the seasonal naive, one season ahead, over the same
 *     time
 * @param rmsse root of the mean squared error by that of the seasonal naive, one season ahead
 * @param smape mean symmetric share of the error, 0 to 2
 * @param bias mean of forecast less actual value, units of the series
 * @param naiveCount of those values for which there is a seasonal naive, too
 * @param naiveMae mean absolute error of the seasonal naive from the same origins for the same
 *     cells
 * @param naiveMse its mean squared error
 * @param pinball mean pinball loss of the quantiles
 * @param crps what CRPS is for these quantiles; of points alone, the mean absolute error
 * @param coverage share of the values within the outermost quantiles
 * @param width mean distance of the outermost quantiles, units of the series
 */
public record Figures(
    double count,
    double mae,
    double mse,
    double mase,
    double rmsse,
    double smape,
    double bias,
    double naiveCount,
    double naiveMae,
    double naiveMse,
    double pinball,
    double crps,
    double coverage,
    double width) {}
