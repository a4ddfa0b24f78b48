package io.tidecast.flink.inference;

/** What becomes of a window that the model failed on. */
public enum OnFailure {
  /** The baseline answers, and the forecast is marked as a fallback. */
  FALLBACK,
  /** There is no forecast, and a dead letter says why. */
  DEAD_LETTER,
  /** The job ends, and can go on from the checkpoint before. */
  FAIL
}
