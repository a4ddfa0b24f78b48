package io.tidecast.benchmarks.gpu;

/**
 * How far answers are from those of the processor, as golden vectors are held.
 *
 * @param greatest of all windows, as a share of the larger of a value and the mean of all; the
 *     greatest number there is where a value is not finite
 * @param windows that are further away than they may be
 */
record Difference(double greatest, int windows) {

  /**
   * Compares windows.
   *
   * @param expected of the processor, window after window
   * @param found of the device, as many
   * @param points of a window
   * @param allowed as {@code greatest} is counted
   */
  static Difference of(float[] expected, float[] found, int points, double allowed) {
    double sum = 0;
    for (float value : expected) {
      sum += Math.abs(value);
    }
    double mean = sum / expected.length;
    double greatest = 0;
    int windows = 0;
    for (int start = 0; start < expected.length; start += points) {
      double ofWindow = 0;
      for (int i = start; i < start + points; i++) {
        double size = Math.max(mean, Math.abs(expected[i]));
        double difference = Math.abs((double) found[i] - expected[i]) / size;
        ofWindow = Math.max(ofWindow, Double.isFinite(difference) ? difference : Double.MAX_VALUE);
      }
      greatest = Math.max(greatest, ofWindow);
      windows += ofWindow > allowed ? 1 : 0;
    }
    return new Difference(greatest, windows);
  }
}
