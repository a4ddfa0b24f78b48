package io.tidecast.evaluation.data;

/** Thrown for a data set that can't be used; says what was expected, what was found and where. */
public final class DataException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Takes a message for the person who gave the file, with what to do. */
  public DataException(String message) {
    super(message);
  }
}
