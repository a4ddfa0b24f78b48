package io.tidecast.runtime.csv;

/**
 * Says why a file, or one record of it, cannot be read as CSV. It has no stack trace, for there is
 * one for every bad record.
 */
public sealed class CsvException extends Exception permits OpenQuoteException {

  private static final long serialVersionUID = 1L;

  CsvException(String message) {
    super(message, null, false, false);
  }

  /** Returns why, as a sentence for people. */
  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
