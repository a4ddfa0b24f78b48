package io.tidecast.runtime.text;

import java.util.OptionalDouble;
import java.util.regex.Pattern;

/**
 * Reads numbers that people or other programs wrote, in decimal notation and nothing else: {@code
 * -12}, {@code 12.5}, {@code .5}, {@code 1.2e-3}. Java's own reader also takes {@code 1d}, {@code
 * 0x1p3} and {@code NaN}, which in data are more likely mistakes.
 */
public final class DecimalText {

  private static final Pattern DECIMAL =
      Pattern.compile("[+-]?+(?:\\d++(?:\\.\\d*+)?+|\\.\\d++)(?:[eE][+-]?+\\d++)?+");

  /** More are refused, since reading them takes longer the more there are. */
  private static final int MAX_CHARS = 100;

  private DecimalText() {}

  /** Tells whether a text spells a number, of whatever size. */
  public static boolean isDecimal(String text) {
    return text.length() <= MAX_CHARS && DECIMAL.matcher(text).matches();
  }

  /** The number that a text spells; empty if it is none, or too large for a double. */
  public static OptionalDouble parse(String text) {
    if (!isDecimal(text)) {
      return OptionalDouble.empty();
    }
    double value = Double.parseDouble(text);
    return Double.isFinite(value) ? OptionalDouble.of(value) : OptionalDouble.empty();
  }
}
