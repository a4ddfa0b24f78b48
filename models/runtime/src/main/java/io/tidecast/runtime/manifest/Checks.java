package io.tidecast.runtime.manifest;

/** Argument checks that speak as {@code requirement: name=value}. */
public final class Checks {

  private Checks() {}

  public static void positive(String name, long value) {
    require(value > 0, "must be positive", name, value);
  }

  static void notBlank(String name, String value) {
    require(value != null && !value.isBlank(), "must not be blank", name, value);
  }

  public static void present(String name, Object value) {
    require(value != null, "must be given", name, value);
  }

  public static void require(boolean met, String requirement, String name, Object value) {
    if (!met) {
      throw new IllegalArgumentException(requirement + ": " + name + "=" + value);
    }
  }
}
