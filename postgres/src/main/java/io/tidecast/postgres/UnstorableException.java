package io.tidecast.postgres;

/** What a record says is nothing that a column can hold; the message says why. */
final class UnstorableException extends IllegalArgumentException {

  private static final long serialVersionUID = 1L;

  UnstorableException(String message) {
    super(message);
  }
}
