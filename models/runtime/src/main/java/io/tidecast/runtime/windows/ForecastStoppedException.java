package io.tidecast.runtime.windows;

/**
 * Says that a call of a forecaster was ended before it had an answer, and says nothing about the
 * model: the calling thread was interrupted, the forecaster is being closed, or the JVM ends.
 */
public final class ForecastStoppedException extends IllegalStateException {

  private static final long serialVersionUID = 1L;

  public ForecastStoppedException(String message) {
    super(message);
  }
}
