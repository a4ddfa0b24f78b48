package io.tidecast.architectures;

import org.jspecify.annotations.Nullable;

/** Checks of the values that hyperparameters may have. */
public final class Checks {
  private Checks() {}

  /**
   * Refuses a value.
   *
   * @throws IllegalArgumentException that says the requirement and the value, unless it holds
   */
  public static void require(boolean holds, String requirement, @Nullable Object value) {
    if (!holds) {
      throw new IllegalArgumentException(requirement + ": " + value);
    }
  }

  /** Requires at least 1. */
  public static void requirePositive(String name, int value) {
    require(value >= 1, name + " must be at least 1", value);
  }

  /** Requires a probability of dropping that leaves something. */
  public static void requireDropout(String name, double value) {
    require(value >= 0 && value < 1, name + " must be in [0, 1)", value);
  }
}
