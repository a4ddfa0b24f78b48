package io.tidecast.evaluation.data;

/** A data set that can't be used: what was expected, what was found, where, and what to do. */
public final class DataException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With a message for the person who gave the file. */
  public DataException(String message) {
    super(message);
  }
}
