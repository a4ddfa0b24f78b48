package io.tidecast.runtime.windows;

import io.tidecast.runtime.manifest.CalendarFeature;
import java.util.List;

/**
 * Calendar features of consecutive cells. The last answer is kept, since the windows of a batch
 * mostly end at the same time. One thread at a time.
 */
final class TimeFeatures {

  private final List<CalendarFeature> features;
  private final float[] values;
  // Of the values; a step of 0 says that there are none yet.
  private long firstMillis;
  private long stepMillis;

  TimeFeatures(List<CalendarFeature> features, int cells) {
    this.features = features;
    this.values = new float[Math.multiplyExact(cells, features.size())];
  }

  /** Returns {@code [cell][feature]} from a time on; the array is valid until the next call. */
  float[] from(long millis, long step) {
    if (millis != firstMillis || step != stepMillis) {
      CalendarFeature.fill(features, millis, step, values);
      firstMillis = millis;
      stepMillis = step;
    }
    return values;
  }
}
