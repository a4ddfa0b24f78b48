package io.tidecast.flink.record;

/** What somebody says of a series from one cell on. */
public interface FromOrigin {

  /** The series that it is of. */
  String series();

  /** Time of the last context cell. */
  long originMillis();
}
