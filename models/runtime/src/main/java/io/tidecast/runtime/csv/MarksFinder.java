package io.tidecast.runtime.csv;

import io.tidecast.runtime.text.DecimalMark;
import io.tidecast.runtime.text.NumberMarks;
import io.tidecast.runtime.text.Thousands;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Finds which marks numbers have, from numbers alone: the marks that fit them all. Where several
 * do, they must give the same values, or nothing is found; but numbers that are good as they stand
 * are taken as they stand.
 */
final class MarksFinder {

  private final List<NumberMarks> left = new ArrayList<>();
  private final List<String> numbers = new ArrayList<>();

  /**
   * @param decimal null where it is to be found
   * @param thousands null where they are to be found
   */
  MarksFinder(@Nullable DecimalMark decimal, @Nullable Thousands thousands) {
    for (DecimalMark mark : decimal == null ? DecimalMark.values() : new DecimalMark[] {decimal}) {
      for (Thousands between :
          thousands == null ? Thousands.values() : new Thousands[] {thousands}) {
        if (NumberMarks.areDifferent(mark, between)) {
          left.add(new NumberMarks(mark, between));
        }
      }
    }
  }

  /** Takes one more text of a column; one that is no number with any marks says nothing. */
  void add(String text) {
    List<NumberMarks> fitting = left.stream().filter(one -> one.plain(text) != null).toList();
    if (!fitting.isEmpty()) {
      left.retainAll(fitting);
      numbers.add(text);
    }
  }

  /**
   * Returns the marks; the simplest, where several give the same values.
   *
   * @throws CsvException if a number means two things
   */
  NumberMarks marks(CsvOptions.Keys keys) throws CsvException {
    NumberMarks simplest = left.get(0);
    if (simplest.equals(NumberMarks.PLAIN)) {
      return simplest;
    }
    for (String number : numbers) {
      Set<Double> values = new TreeSet<>();
      left.forEach(marks -> values.add(marks.value(number)));
      if (values.size() > 1) {
        throw new CsvException(
            "must be given, for \"%s\" may be any of %s: %sdecimal-mark, %sthousands-separator"
                .formatted(number, values, keys.number(), keys.number()));
      }
    }
    return simplest;
  }
}
