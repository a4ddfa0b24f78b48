package io.tidecast.flink.format.field;

import io.tidecast.runtime.text.DecimalText;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Tells what is a number, also where it is written as text. */
public final class NumericText {

  /** Matches as many digits as always fit. */
  private static final Pattern LONG = Pattern.compile("[+-]?+\\d{1,18}+");

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
    if (!DecimalText.isDecimal(text)) {
      return null;
    }
    if (LONG.matcher(text).matches()) {
      return Long.valueOf(text);
    }
    return Double.valueOf(text);
  }
}
