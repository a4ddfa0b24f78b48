package io.tidecast.training;

/**
 * How far forecasts were from what then happened, over every window, horizon step and channel.
 *
 * @param windows number of forecasts
 * @param mse mean squared error, squared units of the series
 * @param mae mean absolute error, units of the series
 * @param scaledMse mean squared error in standard deviations of the training rows, as papers give
 *     it
 * @param scaledMae mean absolute error in the same
 */
public record Accuracy(int windows, double mse, double mae, double scaledMse, double scaledMae) {

  /** Adds up errors. One thread. */
  public static final class Sum {
    private final double[] deviation;
    private long values;
    private int windows;
    private double squares;
    private double absolutes;
    private double scaledSquares;
    private double scaledAbsolutes;

    /** In raw units and in those of the scaler. */
    public Sum(Scaler scaler) {
      this.deviation = scaler.deviation();
    }

    /** One window, {@code [horizon][channel]} each. */
    public void add(float[] forecast, float[] actual) {
      for (int i = 0; i < forecast.length; i++) {
        double error = (double) forecast[i] - actual[i];
        double scaled = error / deviation[i % deviation.length];
        squares += error * error;
        absolutes += Math.abs(error);
        scaledSquares += scaled * scaled;
        scaledAbsolutes += Math.abs(scaled);
      }
      values += forecast.length;
      windows++;
    }

    /** Of all windows so far; NaN without any. */
    public Accuracy mean() {
      return new Accuracy(
          windows,
          squares / values,
          absolutes / values,
          scaledSquares / values,
          scaledAbsolutes / values);
    }
  }
}
