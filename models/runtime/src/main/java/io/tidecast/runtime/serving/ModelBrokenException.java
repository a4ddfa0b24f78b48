package io.tidecast.runtime.serving;

/**
 * Says that a model, or what runs it, has thrown an error, so that no answers come any more: the
 * windows that wait are lost, and whoever handed them over does best to begin again.
 */
public final class ModelBrokenException extends IllegalStateException {

  private static final long serialVersionUID = 1L;

  ModelBrokenException(String message, Throwable cause) {
    super(message, cause);
  }
}
