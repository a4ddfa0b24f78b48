package io.tidecast.runtime.serving;

/** What becomes of a model that does not answer in time again and again. */
public enum OnTimeouts {
  /** It is given no window for a while, then tried again; windows are answered without it. */
  GIVE_UP,
  /** It is given every window as before. */
  KEEP,
  /** Whoever asks is told that the model has failed for good. */
  FAIL
}
