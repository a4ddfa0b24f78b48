package io.tidecast.runtime.anomalies;

/** On which side of what was expected a value lies. */
public enum Side {
  /** It is more than was expected. */
  ABOVE,
  /** It is less than was expected. */
  BELOW;

  /** The side of what actually came less what was expected. */
  static Side of(double residual) {
    return residual < 0 ? BELOW : ABOVE;
  }
}
