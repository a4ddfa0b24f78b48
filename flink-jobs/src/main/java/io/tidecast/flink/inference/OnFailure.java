package io.tidecast.flink.inference;

/** What becomes of a window that the model failed on. */
public enum OnFailure {
  /** The baseline answers, and the forecast is marked as a fallback. */
  FALLBACK,
  DEAD_LETTER
}
