package io.tidecast.runtime.measures;

/**
 * Adds up the errors of point forecasts. The means are MSE and MAE in the unit of what was added:
 * raw errors, errors by a standard deviation, or, for MASE, errors by those of the seasonal naive.
 * One thread.
 */
public final class PointErrors {
  private long count;
  private double squares;
  private double absolutes;

  /** Makes a sum of no errors. */
  public PointErrors() {}

  /**
   * Adds one error.
   *
   * @param error the forecast minus what happened
   */
  public void add(double error) {
    squares += error * error;
    absolutes += Math.abs(error);
    count++;
  }

  /** The number of errors added. */
  public long count() {
    return count;
  }

  /** The mean squared error, or NaN when there is none. */
  public double meanSquare() {
    return squares / count;
  }

  /** The mean absolute error, or NaN when there is none. */
  public double meanAbsolute() {
    return absolutes / count;
  }

  /** The sum of the absolute errors. */
  public double sumOfAbsolutes() {
    return absolutes;
  }
}
