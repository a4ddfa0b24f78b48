package io.tidecast.runtime.manifest;

import org.jspecify.annotations.Nullable;

/**
 * A model that can't be used: its manifest, its graph or its golden vectors contradict each other,
 * or ONNX Runtime failed while it ran. The message names the key, what was expected and what was
 * found.
 */
public class ModelException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public ModelException(String message) {
    super(message);
  }

  public ModelException(@Nullable String message, Throwable cause) {
    super(message, cause);
  }
}
