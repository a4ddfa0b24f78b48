package io.tidecast.runtime.text;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * Says which marks the numbers of a text have: {@code 1.234,5} has a comma before the decimals and
 * points between thousands.
 *
 * <p>A text that such numbers do not look like is none: {@code 1.23} is refused where points stand
 * between thousands, and not read as 123.
 */
public record NumberMarks(DecimalMark decimal, Thousands thousands) implements Serializable {

  /** Numbers such as {@code 1234.5}. */
  public static final NumberMarks PLAIN = new NumberMarks(DecimalMark.POINT, Thousands.NONE);

  private static final int GROUP = 3;
  private static final char MINUS = '\u2212';

  /**
   * Checks that no mark has two meanings.
   *
   * @throws IllegalArgumentException if one has
   */
  public NumberMarks {
    requireNonNull(decimal, "decimal is null");
    requireNonNull(thousands, "thousands is null");
    if (!areDifferent(decimal, thousands)) {
      throw new IllegalArgumentException(
          "decimal mark must not stand between thousands, too: " + thousands);
    }
  }

  /** Tells whether no mark would have two meanings. */
  public static boolean areDifferent(DecimalMark decimal, Thousands thousands) {
    return !thousands.matches(decimal.character);
  }

  /** Returns the number that a text spells; NaN if it spells none. */
  public double value(String text) {
    String plain = plain(text);
    return plain == null ? Double.NaN : Double.parseDouble(plain);
  }

  /**
   * Returns the number that a text spells as {@link DecimalText} has it, without the spaces around
   * it; null if the text spells none.
   */
  public @Nullable String plain(String text) {
    String stripped = strip(text);
    if (!stripped.isEmpty() && stripped.charAt(0) == MINUS) {
      stripped = '-' + stripped.substring(1);
    }
    String plain = this.equals(PLAIN) ? stripped : withoutMarks(stripped);
    return plain != null && DecimalText.isDecimal(plain) ? plain : null;
  }

  /** Returns a text without the spaces around it, those of fixed width among them. */
  public static String strip(String text) {
    int from = 0;
    int to = text.length();
    while (from < to && isSpace(text.charAt(from))) {
      from++;
    }
    while (to > from && isSpace(text.charAt(to - 1))) {
      to--;
    }
    return text.substring(from, to);
  }

  static boolean isSpace(char one) {
    return one <= ' ' || Character.isWhitespace(one) || Character.isSpaceChar(one);
  }

  /** Takes out the marks between thousands, if they stand where they belong. */
  private @Nullable String withoutMarks(String text) {
    int decimals = text.indexOf(decimal.character);
    int exponent = Math.max(text.indexOf('e'), text.indexOf('E'));
    int end = decimals >= 0 ? decimals : exponent >= 0 ? exponent : text.length();
    StringBuilder plain = new StringBuilder(text.length());
    int digits = 0;
    boolean grouped = false;
    for (int i = 0; i < end; i++) {
      char one = text.charAt(i);
      if (one >= '0' && one <= '9') {
        digits++;
        plain.append(one);
      } else if (thousands.matches(one)) {
        boolean belongs = grouped ? digits == GROUP : digits >= 1 && digits <= GROUP;
        if (!belongs) {
          return null;
        }
        grouped = true;
        digits = 0;
      } else if (i == 0 && (one == '-' || one == '+')) {
        plain.append(one);
      } else {
        return null;
      }
    }
    if (grouped && digits != GROUP) {
      return null;
    }
    String rest = text.substring(end);
    if (rest.indexOf('.') >= 0 && decimal != DecimalMark.POINT) {
      return null;
    }
    return plain.append(rest.replace(decimal.character, '.')).toString();
  }
}
