package io.tidecast.postgres.rows;

/** What a record says is nothing that a column can hold; the message says why. */
public final class UnstorableException extends IllegalArgumentException {

  private static final long serialVersionUID = 1L;

  UnstorableException(String message) {
    super(message);
  }
}
