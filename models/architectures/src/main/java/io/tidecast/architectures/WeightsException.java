package io.tidecast.architectures;

/** Thrown for weights that do not fit: an unreadable file, a missing name, another shape. */
public final class WeightsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Says what was expected, what was found, and where. */
  public WeightsException(String message) {
    super(message);
  }

  public WeightsException(String message, Throwable cause) {
    super(message, cause);
  }
}
