package io.tidecast.architectures.onnx;

/**
 * Turns floats into the 16 bits of IEEE 754's half precision: 1 for the sign, 5 for the exponent,
 * 10 for the mantissa.
 */
final class Half {
  private static final int SIGN = 0x8000;
  private static final int INFINITY = 0x7c00;
  private static final int NAN = 0x7e00;

  /** From here on, 65,520, a value is nearer to what would follow the greatest half. */
  private static final int OVERFLOW = 0x477ff000;

  /** 2 to the power of -14, the least half whose mantissa is whole. */
  private static final int LEAST_NORMAL = 0x38800000;

  /** Halves below are multiples of 2 to the power of -24. */
  private static final float SUBNORMALS = 0x1p24f;

  /** By so much the exponents of both are apart, in bits of the float. */
  private static final int BIAS = (127 - 15) << 23;

  private static final int DROPPED = 13;

  private Half() {}

  /** Returns the nearest half, of two the even one; infinite from 65,520 on. */
  static short of(float value) {
    int bits = Float.floatToRawIntBits(value);
    int sign = (bits >>> 16) & SIGN;
    int size = bits & Integer.MAX_VALUE;
    if (Float.isNaN(value)) {
      return (short) (sign | NAN);
    }
    if (size >= OVERFLOW) {
      return (short) (sign | INFINITY);
    }
    if (size < LEAST_NORMAL) {
      return (short) (sign | (int) Math.rint(Float.intBitsToFloat(size) * SUBNORMALS));
    }
    // Half a unit, less one where the result would be odd, carries into what is kept.
    int odd = (size >>> DROPPED) & 1;
    return (short) (sign | ((size - BIAS + (1 << (DROPPED - 1)) - 1 + odd) >>> DROPPED));
  }

  static boolean isFinite(short half) {
    return (half & INFINITY) != INFINITY;
  }
}
