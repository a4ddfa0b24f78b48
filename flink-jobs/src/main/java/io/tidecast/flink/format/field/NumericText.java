package io.tidecast.flink.format.field;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Tells what is a number, also where it is written as text. */
public final class NumericText {

  /**
   * Matches decimal notation only. Java would also take {@code NaN}, {@code 0x1p3} and {@code 1d}.
   */
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?+(?:\\d++(?:\\.\\d*+)?+|\\.\\d++)(?:[eE][+-]?+\\d++)?+");

  /** Matches as many digits as always fit. */
  private static final Pattern LONG = Pattern.compile("[+-]?+\\d{1,18}+");

  private static final int MAX_CHARS = 100;

  private NumericText() {}

  /**
   * Returns what is a number, or the number that a text spells.
   *
   * @param numericStrings whether text may spell one
   * @return null if it is none
   */
  public static @Nullable Number number(Object found, boolean numericStrings) {
    if (found instanceof Number number) {
      return number;
    }
    return numericStrings && found instanceof String text ? parse(text) : null;
  }

  private static @Nullable Number parse(String text) {
    if (text.length() > MAX_CHARS || !NUMBER.matcher(text).matches()) {
      return null;
    }
    if (LONG.matcher(text).matches()) {
      return Long.valueOf(text);
    }
    return Double.valueOf(text);
  }
}
