package io.tidecast.flink.series;

/** What completes a cell. */
public enum Close {
  /** Its first observation. */
  ARRIVAL,
  /** The watermark, or a later observation of the same series, passing its end. */
  WATERMARK,
  /** A value of every channel, the cells before being complete; else as {@link #WATERMARK}. */
  COMPLETE
}
