package io.tidecast.flink.grid;

import java.util.Locale;

/** How constants are written in job files, records and messages. */
public final class Spelling {

  private Spelling() {}

  /** The name of a constant in lower case, with hyphens: {@code at-least-once}. */
  public static String of(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
