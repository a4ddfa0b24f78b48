package io.tidecast.runtime.memory;

/**
 * Fetches arrays from memory before they are needed. A processor that reads one number of each line
 * of memory, and does nothing else, has many lines on their way at once. One that computes between
 * reads waits for each in its turn, some 100 ns where a thing was last used long ago.
 *
 * <p>Each method returns what the numbers add up to, which nobody needs: a compiler leaves out what
 * nobody could use, so the caller must keep it.
 */
public final class MemoryLines {

  private static final int LINE_BYTES = 64;

  private MemoryLines() {}

  /** Fetches an array. */
  public static double fetch(double[] numbers) {
    double sum = 0;
    for (int i = 0; i < numbers.length; i += LINE_BYTES / Double.BYTES) {
      sum += numbers[i];
    }
    return sum;
  }

  /** Fetches an array. */
  public static double fetch(float[] numbers) {
    double sum = 0;
    for (int i = 0; i < numbers.length; i += LINE_BYTES / Float.BYTES) {
      sum += numbers[i];
    }
    return sum;
  }

  /** Fetches an array. */
  public static double fetch(short[] numbers) {
    int sum = 0;
    for (int i = 0; i < numbers.length; i += LINE_BYTES / Short.BYTES) {
      sum += numbers[i];
    }
    return sum;
  }
}
