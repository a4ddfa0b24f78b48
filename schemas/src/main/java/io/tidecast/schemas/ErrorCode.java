package io.tidecast.schemas;

import java.util.Locale;

/**
 * Why an input could not be used. One list for exceptions, dead letters and metric labels; the
 * codes are written into topics, so they never change.
 */
public enum ErrorCode {
  /**
   * The bytes are no record of the format, end early, or go on after the record; or there are none.
   */
  MALFORMED,
  /** The record names a schema that neither this reader nor its schema registry knows. */
  UNKNOWN_SCHEMA,
  /** The name of the series is empty, blank or too long. */
  INVALID_SERIES,
  /** A value is NaN, infinite, or beyond the range of a 32-bit float. */
  NON_FINITE_VALUE,
  /** The time is too far in the future, or cannot be put on the grid. */
  TIME_OUT_OF_RANGE,
  /** The number of values is not the number of channels. */
  WRONG_CHANNEL_COUNT,
  /** The observation belongs to a cell that can no longer be changed. */
  LATE,
  /** The model could not make the forecast, and the job is told not to fall back. */
  INFERENCE_FAILED,
  /** A field that the mapping needs is absent or null. */
  MISSING_FIELD,
  /** A field is not what the mapping says: a number, text, a time of that format. */
  INVALID_FIELD,
  /** The record is of a channel that the mapping does not name. */
  UNKNOWN_CHANNEL,
  /** The observation belongs to a cell that has as many as it may remember. */
  CELL_FULL,
  /** The observation is the first of a series, and the job has as many as it may remember. */
  TOO_MANY_SERIES,
  /** A forecast was requested of a series of which the job remembers no observation. */
  UNKNOWN_SERIES,
  /** A forecast was requested of no steps, or of more than the model gives. */
  HORIZON_OUT_OF_RANGE,
  /** A forecast was requested of a series that has fewer cells than one is made from. */
  TOO_LITTLE_CONTEXT,
  /** A forecast was requested from a context of which more is missing than may be filled. */
  TOO_MANY_MISSING,
  /** The schema that the record was written with cannot be read as the one that was expected. */
  INCOMPATIBLE_SCHEMA,
  /** PostgreSQL cannot hold what the record says. */
  NOT_STORABLE;

  private final String code = name().toLowerCase(Locale.ROOT).replace('_', '-');

  /**
   * The stable text of this reason, lower case with hyphens: dead-letter reason and metric label.
   */
  public String code() {
    return code;
  }
}
