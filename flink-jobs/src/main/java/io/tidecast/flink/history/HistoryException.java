package io.tidecast.flink.history;

/** A history that nothing can be made of, and why. */
public final class HistoryException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Makes one with a sentence for people. */
  public HistoryException(String message) {
    super(message);
  }
}
