package io.tidecast.flink.sink;

/** What one record of the forecast topic holds. */
public enum Layout {
  /** A whole forecast. */
  FORECAST,
  /** One target of a forecast at one time. */
  POINTS
}
