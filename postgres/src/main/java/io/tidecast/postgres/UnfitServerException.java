package io.tidecast.postgres;

/** The database can't be copied to, and would not be with another try: the message says why. */
public final class UnfitServerException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  UnfitServerException(String message) {
    super(message);
  }

  UnfitServerException(String message, Throwable cause) {
    super(message, cause);
  }
}
