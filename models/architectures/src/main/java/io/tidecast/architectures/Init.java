package io.tidecast.architectures;

/**
 * How training starts a parameter: uniformly between two bounds, or constant when they are equal.
 *
 * @param low lower bound
 * @param high upper bound, not below {@code low}
 */
public record Init(double low, double high) {

  /** All zeros. */
  public static final Init ZEROS = constant(0);

  /** All ones. */
  public static final Init ONES = constant(1);

  /** With the usual deviation of 0.02 of large transformers. */
  public static final Init SMALL = uniform(0.02 * Math.sqrt(3));

  /** Checks the bounds. */
  public Init {
    if (!(low <= high)) {
      throw new IllegalArgumentException("low must not exceed high: low=" + low + " high=" + high);
    }
  }

  /** Every element the same. */
  public static Init constant(double value) {
    return new Init(value, value);
  }

  /** Uniform in {@code [-bound, bound]}. */
  public static Init uniform(double bound) {
    return new Init(-bound, bound);
  }

  /** PyTorch's default of a linear layer, weight and bias alike: {@code 1/sqrt(inputs)}. */
  public static Init ofLinear(long inputs) {
    return uniform(1 / Math.sqrt((double) inputs));
  }
}
