package io.tidecast.flink.state;

/** Numbers that 32-bit floats say exactly are kept as such. */
final class Floats {

  private Floats() {}

  /** Whether floats say all of some numbers, of which NaN is one. */
  static boolean hold(double[] values) {
    for (double value : values) {
      if ((float) value != value && !Double.isNaN(value)) {
        return false;
      }
    }
    return true;
  }

  static float[] of(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  static double[] wide(float[] floats) {
    double[] values = new double[floats.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = floats[i];
    }
    return values;
  }
}
