package io.tidecast.runtime.measures;

/**
 * Adds up on which side of the actual values point forecasts lay, and what share of the values
 * their errors were. It goes with {@link PointErrors} of the same forecasts, which count them. One
 * thread.
 */
public final class SignedErrors {

  /** The number of sums that {@link #addTo} adds to. */
  public static final int SUMS = 2;

  private double errors;
  private double shares;

  /** Makes a sum of no errors. */
  public SignedErrors() {}

  /** Adds the error of one point. */
  public void add(double point, double actual) {
    errors += point - actual;
    shares += symmetric(point, actual);
  }

  /**
   * The symmetric share of one error: twice the error by the sum of forecast and actual value, both
   * without their signs (Makridakis, 1993). It is between 0 and 2, and 0 where both are 0.
   */
  public static double symmetric(double point, double actual) {
    double sizes = Math.abs(point) + Math.abs(actual);
    return sizes == 0 ? 0 : 2 * Math.abs(point - actual) / sizes;
  }

  /**
   * The mean error, which is above 0 where forecasts are too high; or NaN when there is none.
   *
   * @param weight of the errors, as {@link PointErrors#weight} has it
   */
  public double meanError(double weight) {
    return errors / weight;
  }

  /**
   * The mean symmetric share, sMAPE as a number between 0 and 2; or NaN when there is none.
   *
   * @param weight of the errors, as {@link PointErrors#weight} has it
   */
  public double meanSymmetric(double weight) {
    return shares / weight;
  }

  /** Adds sums that were kept. */
  public void addSums(double[] sums, int at) {
    errors += sums[at];
    shares += sums[at + 1];
  }

  /** Forgets everything. */
  public void clear() {
    errors = 0;
    shares = 0;
  }

  /** Adds to sums that are kept. */
  public void addTo(double[] sums, int at) {
    sums[at] += errors;
    sums[at + 1] += shares;
  }
}
