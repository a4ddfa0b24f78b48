package io.tidecast.runtime.windows;

import io.tidecast.runtime.manifest.ModelException;

/** Says that a model did not answer within its limit of time, and that its run was ended. */
public final class ModelTimeoutException extends ModelException {

  private static final long serialVersionUID = 1L;

  public ModelTimeoutException(String message) {
    super(message);
  }
}
