package io.tidecast.runtime.context;

import java.io.Serializable;

/**
 * Fills what is missing in a context, channel by channel; contexts are {@code [time][channel]}, NaN
 * is missing. A channel without any value to fill from stays as it is.
 *
 * @param seasonCells from one season to the next, for {@link Fill#SEASONAL}
 */
public record ContextFill(Fill fill, int seasonCells, double constant, int channels)
    implements Serializable {

  /** Most values in a row that one channel misses. */
  public int longestGap(float[] context) {
    int longest = 0;
    for (int channel = 0; channel < channels; channel++) {
      int gap = 0;
      for (int at = channel; at < context.length; at += channels) {
        gap = Float.isNaN(context[at]) ? gap + 1 : 0;
        longest = Math.max(longest, gap);
      }
    }
    return longest;
  }

  /**
   * Fills a context in place.
   *
   * @param bases one per channel, what its values are told from; empty where all are 0
   */
  public void apply(float[] context, double[] bases) {
    for (int channel = 0; channel < channels; channel++) {
      switch (fill) {
        case NONE -> {}
        case PREVIOUS -> previous(context, channel);
        case LINEAR -> linear(context, channel);
        case SEASONAL -> {
          seasonal(context, channel);
          previous(context, channel);
        }
        case CONSTANT -> constant(context, channel, bases.length == 0 ? 0 : bases[channel]);
      }
    }
  }

  /** The value before; before the first, the first. */
  private void previous(float[] context, int channel) {
    int first = next(context, channel);
    if (first >= context.length) {
      return;
    }
    float value = context[first];
    for (int at = channel; at < context.length; at += channels) {
      if (Float.isNaN(context[at])) {
        context[at] = value;
      }
      value = context[at];
    }
  }

  /** On the straight line between the values around; before the first and after the last, those. */
  private void linear(float[] context, int channel) {
    int known = -1;
    for (int at = next(context, channel); at < context.length; at = next(context, at + channels)) {
      int from = known < 0 ? channel : known + channels;
      for (int gap = from; gap < at; gap += channels) {
        double share = known < 0 ? 1 : (gap - known) / (double) (at - known);
        double before = context[known < 0 ? at : known];
        context[gap] = (float) (before + share * (context[at] - before));
      }
      known = at;
    }
    for (int gap = known + channels; known >= 0 && gap < context.length; gap += channels) {
      context[gap] = context[known];
    }
  }

  /**
   * The value of the nearest season before that has one, else of the nearest after; what no season
   * has stays missing. Filled values found no others.
   */
  private void seasonal(float[] context, int channel) {
    float[] observed = context.clone();
    int season = seasonCells * channels;
    for (int at = channel; at < context.length; at += channels) {
      if (Float.isNaN(observed[at])) {
        float before = first(observed, at - season, -season);
        context[at] = Float.isNaN(before) ? first(observed, at + season, season) : before;
      }
    }
  }

  private void constant(float[] context, int channel, double base) {
    float value = (float) (constant - base);
    for (int at = channel; at < context.length; at += channels) {
      if (Float.isNaN(context[at])) {
        context[at] = value;
      }
    }
  }

  private static float first(float[] context, int from, int by) {
    for (int at = from; at >= 0 && at < context.length; at += by) {
      if (!Float.isNaN(context[at])) {
        return context[at];
      }
    }
    return Float.NaN;
  }

  /** Where the channel of a place has its next value, from there on. */
  private int next(float[] context, int from) {
    int at = from;
    while (at < context.length && Float.isNaN(context[at])) {
      at += channels;
    }
    return at;
  }
}
