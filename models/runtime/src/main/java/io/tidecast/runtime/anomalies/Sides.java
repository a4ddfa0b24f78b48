package io.tidecast.runtime.anomalies;

/** Which deviations count. */
public enum Sides {
  /** Values above and below what was expected count. */
  BOTH,
  /** Values above it count alone, such as for errors or latencies. */
  ABOVE,
  /** Values below it count alone, such as for orders or requests. */
  BELOW;

  boolean has(Side side) {
    return switch (this) {
      case BOTH -> true;
      case ABOVE -> side == Side.ABOVE;
      case BELOW -> side == Side.BELOW;
    };
  }
}
