package io.tidecast.metrics;

/**
 * Ports to try in turn.
 *
 * @param first 0 for any free one
 * @param last included
 */
record PortRange(int first, int last) {
  private static final int GREATEST = 65_535;

  PortRange {
    if (first < 0 || first > last || last > GREATEST) {
      throw new IllegalArgumentException(
          "must be a port or a range of them, such as 9249 or 9249-9260: port="
              + first
              + "-"
              + last);
    }
  }

  /**
   * Reads {@code 9249} or {@code 9249-9260}.
   *
   * @throws IllegalArgumentException if it is neither
   */
  static PortRange parse(String text) {
    String[] ends = text.strip().split("-", -1);
    try {
      int first = Integer.parseInt(ends[0]);
      if (ends.length <= 2) {
        return new PortRange(first, Integer.parseInt(ends[ends.length - 1]));
      }
    } catch (NumberFormatException e) {
      // Falls through to the message.
    }
    throw new IllegalArgumentException(
        "must be a port or a range of them, such as 9249 or 9249-9260: port=" + text);
  }
}
