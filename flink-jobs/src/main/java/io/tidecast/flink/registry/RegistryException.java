package io.tidecast.flink.registry;

import org.jspecify.annotations.Nullable;

/**
 * Says in one sentence why the registry gave no answer. It is no fault of a record: the job fails
 * with it and goes on from its last checkpoint, so that nothing is lost.
 */
public final class RegistryException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public RegistryException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  public RegistryException(String message) {
    this(message, null);
  }

  /** Returns the sentence. */
  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
