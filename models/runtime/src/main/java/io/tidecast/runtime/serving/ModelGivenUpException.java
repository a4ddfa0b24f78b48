package io.tidecast.runtime.serving;

import io.tidecast.runtime.manifest.ModelException;

/** Says that a model has not answered in time for so often that it is not asked any more. */
public final class ModelGivenUpException extends ModelException {

  private static final long serialVersionUID = 1L;

  ModelGivenUpException(String message) {
    super(message);
  }
}
