package io.tidecast.flink.sink;

/** What the key of a forecast or point names, and so what a compacted topic keeps the newest of. */
public enum RecordKey {
  /** The series, as plain text. */
  SERIES(false, false),
  /** One origin of a series; a revision takes the place of what it revises. */
  SERIES_ORIGIN(true, false),
  /** One target of a series at one time, whatever the origin; points only. */
  SERIES_TIME(false, true),
  /** One target of a series at one time, as forecast from one origin; points only. */
  SERIES_ORIGIN_TIME(true, true);

  private final boolean origin;
  private final boolean time;

  RecordKey(boolean origin, boolean time) {
    this.origin = origin;
    this.time = time;
  }

  /** Whether it names the origin. */
  public boolean hasOrigin() {
    return origin;
  }

  /** Whether it names the target and the time, which points alone have. */
  public boolean isOfPoints() {
    return time;
  }
}
