package io.tidecast.runtime.measures;

/**
 * Adds up the errors of point forecasts. The means are MSE and MAE in the unit of what was added:
 * raw errors, errors by a standard deviation, or, for MASE, errors by those of the seasonal naive.
 * One thread.
 */
public final class PointErrors {

  /** The number of sums that {@link #addTo} adds to. */
  public static final int SUMS = 3;

  private double weight;
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
    weight++;
  }

  /** The number of errors added. */
  public long count() {
    return (long) weight;
  }

  /** The same where errors have been made to count for less than one. */
  public double weight() {
    return weight;
  }

  /** The mean squared error, or NaN when there is none. */
  public double meanSquare() {
    return squares / weight;
  }

  /** The mean absolute error, or NaN when there is none. */
  public double meanAbsolute() {
    return absolutes / weight;
  }

  /** The sum of the absolute errors. */
  public double sumOfAbsolutes() {
    return absolutes;
  }

  /** Adds sums that were kept. Those that were multiplied since count for so much. */
  public void addSums(double[] sums, int at) {
    weight += sums[at];
    squares += sums[at + 1];
    absolutes += sums[at + 2];
  }

  /** Forgets everything. */
  public void clear() {
    weight = 0;
    squares = 0;
    absolutes = 0;
  }

  /** Adds to sums that are kept, the number of errors first. */
  public void addTo(double[] sums, int at) {
    sums[at] += weight;
    sums[at + 1] += squares;
    sums[at + 2] += absolutes;
  }
}
