package io.tidecast.runtime.context;

import io.tidecast.runtime.measures.FloatResolution;
import io.tidecast.runtime.windows.Window;
import java.util.Arrays;

/**
 * What the cells of a context are told from, so that they can be 32-bit floats. A channel whose
 * values floats hold well is told from 0, and its floats are its values; another from a value of
 * its own: near 1e9 floats are 64 apart, but not those of the distances from 1e9. Contexts are
 * {@code [time][channel]}, NaN is missing.
 */
public final class Bases {

  /** Below it, floats hold every whole number. */
  public static final double WHOLE_BELOW = 1 << 24;

  /** Floats so many times finer than the spread of values hold them well. */
  private static final double FINE = 1024;

  /** A single wrong value among so many is not taken for the level. */
  private static final int NEWEST = 9;

  /** What is near a base is so many times nearer to it than the greatest value is to 0. */
  private static final double NEAR = 8;

  private static final double MOST = 0.75;

  private Bases() {}

  /**
   * Chooses the bases of a context, one per channel; {@link Window#NO_BASES} where all are 0.
   *
   * <p>A channel needs one if floats are coarse beside what changes in it, or if it has a value
   * beyond {@link #WHOLE_BELOW} that floats don't hold exactly. It is then the median of the newest
   * values, which most of what a forecast goes on from is near, rounded to a power of two that is
   * small beside what changes: so what is exact of values stays so. Where values are too far apart
   * for any base to be near most of them, 0 is as good as another.
   */
  public static double[] of(double[] context, int channels) {
    double[] bases = Window.NO_BASES;
    for (int channel = 0; channel < channels; channel++) {
      double base = base(context, channels, channel);
      if (base != 0) {
        bases = bases.length == 0 ? new double[channels] : bases;
        bases[channel] = base;
      }
    }
    return bases;
  }

  /** The same of values that floats hold exactly, and where they are fine at a glance. */
  public static double[] of(float[] context, int channels) {
    for (int channel = 0; channel < channels; channel++) {
      if (!isFine(context, channels, channel)) {
        double[] exact = new double[context.length];
        Arrays.setAll(exact, i -> context[i]);
        return of(exact, channels);
      }
    }
    return Window.NO_BASES;
  }

  /** Writes the distances of values from their bases. */
  public static void subtract(double[] context, double[] bases, float[] distances) {
    for (int i = 0; i < context.length; i++) {
      distances[i] =
          (float) (bases.length == 0 ? context[i] : context[i] - bases[i % bases.length]);
    }
  }

  /** Makes distances from their bases of values. */
  public static void subtract(float[] context, double[] bases) {
    for (int i = 0; bases.length > 0 && i < context.length; i++) {
      context[i] = (float) (context[i] - bases[i % bases.length]);
    }
  }

  private static double base(double[] context, int channels, int channel) {
    FloatResolution resolution = FloatResolution.of(context, channels, channel);
    boolean told =
        resolution.isAmple()
            && (resolution.level() < WHOLE_BELOW || isExact(context, channels, channel));
    if (told || resolution.level() > Float.MAX_VALUE / 2) {
      return 0;
    }
    double base = middleOfNewest(context, channels, channel);
    return near(base, resolution.level() / NEAR, context, channels, channel);
  }

  /** Rounds a base that is near most values; gives 0 for another. */
  private static double near(
      double base, double near, double[] context, int channels, int channel) {
    int known = 0;
    int within = 0;
    double farthest = 0;
    for (int at = channel; at < context.length; at += channels) {
      double distance = Math.abs(context[at] - base);
      known += Double.isNaN(distance) ? 0 : 1;
      if (distance <= near) {
        within++;
        farthest = Math.max(farthest, distance);
      }
    }
    if (within < MOST * known) {
      return 0;
    }
    double grid = Math.scalb(1.0, Math.getExponent(farthest));
    return farthest == 0 ? base : Math.rint(base / grid) * grid;
  }

  private static boolean isExact(double[] context, int channels, int channel) {
    for (int at = channel; at < context.length; at += channels) {
      if ((float) context[at] != context[at] && !Double.isNaN(context[at])) {
        return false;
      }
    }
    return true;
  }

  private static double middleOfNewest(double[] context, int channels, int channel) {
    double[] newest = new double[NEWEST];
    int count = 0;
    for (int at = context.length - channels + channel; at >= 0 && count < NEWEST; at -= channels) {
      if (!Double.isNaN(context[at])) {
        newest[count++] = context[at];
      }
    }
    Arrays.sort(newest, 0, count);
    return count == 0 ? 0 : newest[(count - 1) / 2];
  }

  /** Looks at four values first, which mostly tell. */
  private static boolean isFine(float[] context, int channels, int channel) {
    int cells = context.length / channels;
    float[] bounds = {Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY};
    widen(bounds, context[channel]);
    widen(bounds, context[cells / 4 * channels + channel]);
    widen(bounds, context[cells / 2 * channels + channel]);
    widen(bounds, context[(cells - 1) * channels + channel]);
    if (isFine(bounds)) {
      return true;
    }
    for (int at = channel; at < context.length; at += channels) {
      widen(bounds, context[at]);
    }
    return bounds[0] >= bounds[1] || isFine(bounds);
  }

  private static void widen(float[] bounds, float value) {
    if (value < bounds[0]) {
      bounds[0] = value;
    }
    if (value > bounds[1]) {
      bounds[1] = value;
    }
  }

  private static boolean isFine(float[] bounds) {
    float level = Math.max(Math.abs(bounds[0]), Math.abs(bounds[1]));
    return bounds[1] - (double) bounds[0] >= FINE * Math.ulp(level);
  }
}
