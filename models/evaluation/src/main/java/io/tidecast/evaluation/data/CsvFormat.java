package io.tidecast.evaluation.data;

import static java.util.Objects.requireNonNull;

import io.tidecast.runtime.csv.CsvOptions;
import io.tidecast.runtime.grid.GridStep;
import io.tidecast.runtime.text.DecimalMark;
import io.tidecast.runtime.text.Thousands;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Says what is declared of a CSV file. What is null, or empty, is found in it.
 *
 * @param options of the file
 * @param decimal before the decimals of its numbers
 * @param thousands between the thousands of its numbers
 * @param timeFormat as in a job file
 * @param zone of times that name none, and of days and months; null for UTC
 * @param columns what its columns are
 * @param step from one row of a series to the next; a part of the calendar is one of {@code zone}
 */
public record CsvFormat(
    CsvOptions options,
    @Nullable DecimalMark decimal,
    @Nullable Thousands thousands,
    @Nullable String timeFormat,
    @Nullable ZoneId zone,
    Columns columns,
    @Nullable GridStep step) {

  /**
   * Says what the columns are, by their names.
   *
   * @param time of the row; several are joined by a space, such as a date and a time of day
   * @param series that tell several series apart; several are joined by a slash
   * @param values that are numbers, in the order of the channels
   */
  public record Columns(List<String> time, List<String> series, List<String> values) {

    /** Says nothing. */
    public static final Columns FOUND = new Columns(List.of(), List.of(), List.of());

    public Columns {
      time = List.copyOf(time);
      series = List.copyOf(series);
      values = List.copyOf(values);
    }
  }

  /** Declares nothing. */
  public static final CsvFormat FOUND =
      new CsvFormat(CsvOptions.none(CsvOptions.Keys.OF_COMMAND), null, null, null, null);

  public CsvFormat {
    requireNonNull(options, "options is null");
    requireNonNull(columns, "columns is null");
  }

  /** Says nothing of columns and step. */
  public CsvFormat(
      CsvOptions options,
      @Nullable DecimalMark decimal,
      @Nullable Thousands thousands,
      @Nullable String timeFormat,
      @Nullable ZoneId zone) {
    this(options, decimal, thousands, timeFormat, zone, Columns.FOUND, null);
  }

  /** Returns the same of a file whose rows are so far from each other. */
  public CsvFormat withStep(@Nullable GridStep rows) {
    return new CsvFormat(options, decimal, thousands, timeFormat, zone, columns, rows);
  }
}
