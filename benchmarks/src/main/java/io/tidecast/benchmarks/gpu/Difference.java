package io.tidecast.benchmarks.gpu;

/** How far answers are from those of the processor, as golden vectors are held. */
final class Difference {

  private Difference() {}

  /**
   * Gives the greatest difference as a share of the larger of a value and the mean of all; infinite
   * where a value is no finite number.
   *
   * @param expected of the processor
   * @param found of the device, as many
   */
  static double of(float[] expected, float[] found) {
    double sum = 0;
    for (float value : expected) {
      sum += Math.abs(value);
    }
    double mean = sum / expected.length;
    double greatest = 0;
    for (int i = 0; i < expected.length; i++) {
      double size = Math.max(mean, Math.abs(expected[i]));
      double difference = Math.abs((double) found[i] - expected[i]) / size;
      greatest = Math.max(greatest, Double.isFinite(difference) ? difference : Double.MAX_VALUE);
    }
    return greatest;
  }
}
