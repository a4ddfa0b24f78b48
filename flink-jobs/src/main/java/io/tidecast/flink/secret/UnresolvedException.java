package io.tidecast.flink.secret;

/** Nothing is where a reference points to. The message says what must be there, and shows none. */
public final class UnresolvedException extends Exception {

  private static final long serialVersionUID = 1L;

  UnresolvedException(String message) {
    super(message);
  }
}
