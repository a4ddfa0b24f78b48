package io.tidecast.architectures;

/**
 * How training starts a parameter: uniformly between two bounds, or constant when they are equal.
 *
 * @param low lower bound
 * @param high upper bound, not below {@code low}
 */
public record Init(double low, double high) {

  /** Starts every element at 0. */
  public static final Init ZEROS = constant(0);

  /** Starts every element at 1. */
  public static final Init ONES = constant(1);

  /** Starts with a deviation of 0.02, as is usual in large transformers. */
  public static final Init SMALL = uniform(0.02 * Math.sqrt(3));

  /** Checks the bounds. */
  public Init {
    if (!(low <= high)) {
      throw new IllegalArgumentException("low must not exceed high: low=" + low + " high=" + high);
    }
  }

  /** Starts every element at the same value. */
  public static Init constant(double value) {
    return new Init(value, value);
  }

  /** Starts every element anywhere in {@code [-bound, bound]}. */
  public static Init uniform(double bound) {
    return new Init(-bound, bound);
  }

  /** PyTorch's default of a linear layer, weight and bias alike: {@code 1/sqrt(inputs)}. */
  public static Init ofLinear(long inputs) {
    return uniform(1 / Math.sqrt((double) inputs));
  }
}
