package io.tidecast.runtime;

/** Argument checks that speak as {@code requirement: name=value}. */
final class Checks {

  private Checks() {}

  static void positive(String name, long value) {
    require(value > 0, "must be positive", name, value);
  }

  static void notBlank(String name, String value) {
    require(value != null && !value.isBlank(), "must not be blank", name, value);
  }

  static void present(String name, Object value) {
    require(value != null, "must be given", name, value);
  }

  static void require(boolean met, String requirement, String name, Object value) {
    if (!met) {
      throw new IllegalArgumentException(requirement + ": " + name + "=" + value);
    }
  }
}
