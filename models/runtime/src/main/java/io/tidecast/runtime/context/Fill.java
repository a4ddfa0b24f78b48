package io.tidecast.runtime.context;

/** What a missing value of a context is filled with. */
public enum Fill {
  /** It is not filled: there is no forecast from such a context. */
  NONE,
  PREVIOUS,
  LINEAR,
  SEASONAL,
  CONSTANT
}
