package io.tidecast.runtime.csv;

import static java.util.Objects.requireNonNull;

import io.tidecast.runtime.text.DecimalMark;
import io.tidecast.runtime.text.MissingWords;
import io.tidecast.runtime.text.Thousands;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Says which columns of a file are wanted, and what is declared of their numbers. A line that has
 * their names is the line of names, however it is separated.
 *
 * @param columns names of all that are wanted; empty where that is every column
 * @param times names of those that hold times; a line under the names without a digit in one of
 *     them is no record
 * @param values names of those that hold numbers
 * @param decimal null where it is to be found
 * @param thousands null where it is to be found
 * @param missing words that are no numbers
 */
public record CsvWanted(
    List<String> columns,
    List<String> times,
    List<String> values,
    @Nullable DecimalMark decimal,
    @Nullable Thousands thousands,
    MissingWords missing) {

  public CsvWanted {
    columns = List.copyOf(columns);
    times = List.copyOf(times);
    values = List.copyOf(values);
    requireNonNull(missing, "missing is null");
  }
}
