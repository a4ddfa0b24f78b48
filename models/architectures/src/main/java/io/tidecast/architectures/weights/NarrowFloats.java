package io.tidecast.architectures.weights;

/** Widens floats of 16 bits, of which every value is one of 32 bits too. */
final class NarrowFloats {

  private static final int HALF_MANTISSA = 10;
  private static final int HALF_MANTISSA_MASK = 0x3ff;
  private static final int HALF_EXPONENT_MASK = 0x1f;
  private static final int FLOAT_MANTISSA = 23;
  private static final int FLOAT_INFINITY = 0x7f800000;

  /** By so much the exponents of both are apart. */
  private static final int BIAS = 127 - 15;

  /** Halves without an exponent are multiples of this. */
  private static final float SUBNORMAL = 0x1p-24f;

  private NarrowFloats() {}

  /** Widens IEEE 754's half precision: 5 bits of exponent, 10 of mantissa. */
  static float ofHalf(short half) {
    int sign = (half & 0x8000) << 16;
    int exponent = (half >> HALF_MANTISSA) & HALF_EXPONENT_MASK;
    int mantissa = half & HALF_MANTISSA_MASK;
    if (exponent == 0) {
      float size = mantissa * SUBNORMAL;
      return sign == 0 ? size : -size;
    }
    int wide =
        exponent == HALF_EXPONENT_MASK ? FLOAT_INFINITY : (exponent + BIAS) << FLOAT_MANTISSA;
    return Float.intBitsToFloat(sign | wide | mantissa << (FLOAT_MANTISSA - HALF_MANTISSA));
  }

  /** Widens bfloat16, the upper half of a float. */
  static float ofBrain(short brain) {
    return Float.intBitsToFloat(brain << Short.SIZE);
  }
}
