package io.tidecast.runtime.windows;

/** Looks whether values are finite, several at once, as every context and every forecast is. */
public final class Finite {

  private static final int AT_ONCE = 8;

  private Finite() {}

  /** Tells whether none of the values is NaN or infinite. */
  public static boolean all(float[] values) {
    return all(values, 0);
  }

  /**
   * Tells whether none of the values from a place on is NaN or infinite.
   *
   * @param from 0 to the length
   */
  public static boolean all(float[] values, int from) {
    // Zero times a finite value is zero, of either sign; times any other it is NaN, which stays.
    // A sum waits for the one before it, so several are made side by side: twice as fast as asking
    // each value.
    float a = 0;
    float b = 0;
    float c = 0;
    float d = 0;
    float e = 0;
    float f = 0;
    float g = 0;
    float h = 0;
    int i = from;
    for (int last = values.length - AT_ONCE; i <= last; i += AT_ONCE) {
      a += 0 * values[i];
      b += 0 * values[i + 1];
      c += 0 * values[i + 2];
      d += 0 * values[i + 3];
      e += 0 * values[i + 4];
      f += 0 * values[i + 5];
      g += 0 * values[i + 6];
      h += 0 * values[i + 7];
    }
    for (; i < values.length; i++) {
      a += 0 * values[i];
    }
    return a + b + c + d + e + f + g + h == 0;
  }
}
