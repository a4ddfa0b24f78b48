package io.tidecast.flink.format.field;

import static java.util.Objects.requireNonNull;

import io.tidecast.runtime.text.DecimalMark;
import io.tidecast.runtime.text.MissingWords;
import io.tidecast.runtime.text.NumberMarks;
import io.tidecast.runtime.text.Thousands;
import java.io.Serializable;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Says how producers write values.
 *
 * @param missing words and numbers that stand for no value
 * @param words that stand for numbers, whatever their capitals
 * @param decimal before decimals; null where it is found in a file, and else a point
 * @param thousands between thousands; null where it is found in a file, and else nothing
 */
public record ValueSpelling(
    MissingWords missing,
    Map<String, Double> words,
    @Nullable DecimalMark decimal,
    @Nullable Thousands thousands)
    implements Serializable {

  /** What holds if nothing is said. */
  public static final ValueSpelling USUAL =
      new ValueSpelling(MissingWords.usual(), Map.of(), null, null);

  public ValueSpelling {
    requireNonNull(missing, "missing is null");
    TreeMap<String, Double> anyCase = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    anyCase.putAll(words);
    words = anyCase;
  }

  /** Returns the same with the marks that the numbers of a file have. */
  public ValueSpelling with(NumberMarks marks) {
    return new ValueSpelling(missing, words, marks.decimal(), marks.thousands());
  }

  /** Returns the marks of numbers in text. */
  NumberMarks marks() {
    DecimalMark usual = thousands == Thousands.POINT ? DecimalMark.COMMA : DecimalMark.POINT;
    return new NumberMarks(
        decimal == null ? usual : decimal, thousands == null ? Thousands.NONE : thousands);
  }
}
