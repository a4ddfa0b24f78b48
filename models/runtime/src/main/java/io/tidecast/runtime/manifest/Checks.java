package io.tidecast.runtime.manifest;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Argument checks that speak as {@code requirement: name=value}. */
public final class Checks {

  private Checks() {}

  public static void positive(String name, long value) {
    require(value > 0, "must be positive", name, value);
  }

  public static void positive(String name, @Nullable Duration value) {
    present(name, value);
    require(
        value != null && !value.isNegative() && !value.isZero(), "must be positive", name, value);
  }

  static void notBlank(String name, @Nullable String value) {
    require(value != null && !value.isBlank(), "must not be blank", name, value);
  }

  public static void present(String name, @Nullable Object value) {
    require(value != null, "must be given", name, value);
  }

  public static void require(boolean met, String requirement, String name, @Nullable Object value) {
    if (!met) {
      throw new IllegalArgumentException(requirement + ": " + name + "=" + value);
    }
  }
}
