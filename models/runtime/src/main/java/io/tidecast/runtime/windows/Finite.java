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
    // A sum of finite values is finite, unless it grows beyond what a float holds, which only
    // values above 1e36 can do; no other value is lost in it. A sum waits for the one before it, so
    // several are made side by side.
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
      a += values[i];
      b += values[i + 1];
      c += values[i + 2];
      d += values[i + 3];
      e += values[i + 4];
      f += values[i + 5];
      g += values[i + 6];
      h += values[i + 7];
    }
    for (; i < values.length; i++) {
      a += values[i];
    }
    // Times zero a finite sum is zero, of either sign, and any other NaN, which stays.
    boolean isFinite = 0 * a + 0 * b + 0 * c + 0 * d + 0 * e + 0 * f + 0 * g + 0 * h == 0;
    return isFinite || eachIsFinite(values, from);
  }

  private static boolean eachIsFinite(float[] values, int from) {
    for (int i = from; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        return false;
      }
    }
    return true;
  }
}
