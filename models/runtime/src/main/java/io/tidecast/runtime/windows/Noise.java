package io.tidecast.runtime.windows;

import java.nio.charset.StandardCharsets;

/**
 * The standard normal draws that a generative model is given: a pure function of model, series and
 * origin, so that a replay draws again what was drawn before. The same on every machine, since only
 * {@link StrictMath} and operations that IEEE 754 rounds exactly are used; never change the stream,
 * forecasts would change with it.
 *
 * <p>Numbers of SplitMix64 (Steele, Lea and Flood 2014) made normal by the method of Box and Muller
 * (1958).
 */
final class Noise {

  private static final long GAMMA = 0x9e3779b97f4a7c15L;
  private static final double ULP = 0x1p-53;

  private final long model;

  Noise(String modelId, String modelVersion) {
    this.model = absorb(absorb(0, modelId), modelVersion);
  }

  /** Fills an array with the draws for one window. */
  void fill(String series, long originMillis, float[] destination) {
    long state = absorb(absorb(model, series), originMillis);
    for (int i = 0; i < destination.length; i += 2) {
      state += GAMMA;
      // Never 0, whose logarithm is infinite.
      double radius = Math.sqrt(-2 * StrictMath.log(((mix(state) >>> 11) + 1) * ULP));
      state += GAMMA;
      double angle = 2 * Math.PI * ((mix(state) >>> 11) * ULP);
      destination[i] = (float) (radius * StrictMath.cos(angle));
      if (i + 1 < destination.length) {
        destination[i + 1] = (float) (radius * StrictMath.sin(angle));
      }
    }
  }

  /** Takes up the length too, so that no two sequences of texts read alike. */
  private static long absorb(long hash, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    long mixed = absorb(hash, bytes.length);
    for (int start = 0; start < bytes.length; start += Long.BYTES) {
      long word = 0;
      for (int i = start; i < Math.min(bytes.length, start + Long.BYTES); i++) {
        word = word << Byte.SIZE | bytes[i] & 0xff;
      }
      mixed = absorb(mixed, word);
    }
    return mixed;
  }

  private static long absorb(long hash, long word) {
    return mix((hash + GAMMA) ^ mix(word + GAMMA));
  }

  /** Applies the finaliser of SplitMix64: a change of any bit changes half of them. */
  private static long mix(long word) {
    long mixed = (word ^ word >>> 30) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ mixed >>> 27) * 0x94d049bb133111ebL;
    return mixed ^ mixed >>> 31;
  }
}
