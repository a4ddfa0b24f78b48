package io.tidecast.flink.registry;

/** The registry has answered that it has no such schema. It has no stack trace. */
public final class UnknownSchemaException extends Exception {

  private static final long serialVersionUID = 1L;

  public UnknownSchemaException(String message) {
    super(message, null, false, false);
  }

  /** Returns what was asked for, as a sentence. */
  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
