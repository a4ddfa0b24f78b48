package io.tidecast.runtime.text;

import java.io.Serializable;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * Knows what producers write where a value is missing. Capitals and the spaces around a word do not
 * matter. A word that is a number, such as {@code -9999}, stands for every spelling of that number.
 *
 * <p>Infinity is none of the words that hold if nothing is said: a value that overflowed is a fault
 * to be told, and not a value that is absent.
 */
public final class MissingWords implements Serializable {

  /** Holds if nothing is said. */
  public static final List<String> USUAL =
      List.of(
          "",
          "-",
          "--",
          "---",
          ".",
          "?",
          "na",
          "n/a",
          "#n/a",
          "<na>",
          "nan",
          "null",
          "none",
          "nil",
          "nat",
          "missing",
          "unavailable",
          "unknown");

  private static final long serialVersionUID = 1L;
  private static final List<String> INFINITE = List.of("inf", "+inf", "infinity", "+infinity");
  private static final List<String> NEGATIVE_INFINITE = List.of("-inf", "-infinity");

  private final HashSet<String> words = new HashSet<>();
  private final HashSet<Double> numbers = new HashSet<>();

  public MissingWords(List<String> words) {
    for (String word : words) {
      String lower = lower(word);
      this.words.add(lower);
      DecimalText.parse(lower).ifPresent(number -> numbers.add(unsigned(number)));
    }
  }

  /** Returns those that hold if nothing is said. */
  public static MissingWords usual() {
    return new MissingWords(USUAL);
  }

  /** Tells whether a text stands for a missing value. */
  public boolean contains(String text) {
    return words.contains(lower(text));
  }

  /**
   * Tells whether a number stands for a missing value; NaN does if its name does. A {@link Float}
   * does if it is what one of the words becomes in 32 bits, which is another number than the word.
   */
  public boolean contains(Number number) {
    double value = number.doubleValue();
    if (Double.isFinite(value)) {
      return !numbers.isEmpty()
          && (number instanceof Float narrow
              ? hasNarrowed(narrow)
              : numbers.contains(unsigned(value)));
    }
    if (Double.isNaN(value)) {
      return words.contains("nan");
    }
    return (value > 0 ? INFINITE : NEGATIVE_INFINITE).stream().anyMatch(words::contains);
  }

  private boolean hasNarrowed(float narrow) {
    for (double number : numbers) {
      if ((float) number == narrow) {
        return true;
      }
    }
    return false;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof MissingWords same
        && same.words.equals(words)
        && same.numbers.equals(numbers);
  }

  @Override
  public int hashCode() {
    return words.hashCode();
  }

  /** Shows the words in their order. */
  @Override
  public String toString() {
    Set<String> sorted = new TreeSet<>(words);
    return sorted.toString();
  }

  /** Zero is one number, whatever its sign. */
  private static double unsigned(double number) {
    return number == 0 ? 0.0 : number;
  }

  private static String lower(String word) {
    return NumberMarks.strip(word).toLowerCase(Locale.ROOT);
  }
}
