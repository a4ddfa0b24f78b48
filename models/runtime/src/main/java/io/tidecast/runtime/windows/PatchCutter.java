package io.tidecast.runtime.windows;

import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.manifest.ModelManifest.Patches;
import java.nio.FloatBuffer;

/**
 * Cuts contexts into the patches of a forecaster that takes them, {@code [channel][patch][step]}
 * for each context. A context that must not have gaps is padded with its outermost cell; before one
 * that may begin with NaN, NaN goes on.
 */
final class PatchCutter {

  private final Patches patches;
  private final int contextLength;
  private final int channels;
  private final int count;
  private final int firstStart;
  private final boolean leftPadding;

  /**
   * @param spec of a forecaster that takes patches
   * @param patches how that forecaster has contexts cut
   */
  PatchCutter(ForecasterSpec spec, Patches patches) {
    this.patches = patches;
    contextLength = spec.contextLength();
    channels = spec.channels();
    count = patches.count(contextLength);
    firstStart = patches.firstStart(contextLength);
    leftPadding = spec.leftPadding();
  }

  /** Writes the patches of one context, {@code [time][channel]}, from {@code at} on. */
  void cut(float[] context, FloatBuffer cells, int at) {
    int to = at;
    for (int channel = 0; channel < channels; channel++) {
      int start = firstStart;
      for (int patch = 0; patch < count; patch++) {
        cut(context, channel, start, cells, to);
        start += patches.stride();
        to += patches.length();
      }
    }
  }

  private void cut(float[] context, int channel, int start, FloatBuffer cells, int at) {
    int end = start + patches.length();
    // Either may lie beyond the other: a patch of nothing but padding has no cell between.
    int firstInside = Math.min(Math.max(start, 0), end);
    int endInside = Math.max(Math.min(end, contextLength), start);
    float before = leftPadding ? Float.NaN : context[channel];
    for (int time = start; time < firstInside; time++) {
      cells.put(at + time - start, before);
    }
    if (channels == 1 && firstInside < endInside) {
      cells.put(at + firstInside - start, context, firstInside, endInside - firstInside);
    } else {
      for (int time = firstInside; time < endInside; time++) {
        cells.put(at + time - start, context[time * channels + channel]);
      }
    }
    float newest = context[(contextLength - 1) * channels + channel];
    for (int time = endInside; time < end; time++) {
      cells.put(at + time - start, newest);
    }
  }
}
