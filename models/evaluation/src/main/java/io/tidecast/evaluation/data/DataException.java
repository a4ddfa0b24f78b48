package io.tidecast.evaluation.data;

/**
 * Thrown for a data set that can't be used: the message says what was expected, what was found,
 * where, and what to do.
 */
public final class DataException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Takes a message for the person who gave the file. */
  public DataException(String message) {
    super(message);
  }
}
