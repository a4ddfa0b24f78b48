package io.tidecast.architectures;

import java.util.Map;

/** Calendar features of a step as the official repositories count them. */
final class TimeFeatures {
  private static final Map<String, Integer> BY_FREQUENCY =
      Map.of("s", 6, "t", 5, "h", 4, "d", 3, "b", 3, "w", 2, "m", 1, "a", 1);

  private TimeFeatures() {}

  /** Requires a known frequency. */
  static void requireFrequency(String freq) {
    Checks.require(
        freq != null && BY_FREQUENCY.containsKey(freq),
        "freq must be one of s t h d b w m a",
        freq);
  }

  /** How many features a step of that frequency has. */
  static int count(String freq) {
    return BY_FREQUENCY.get(freq);
  }
}
