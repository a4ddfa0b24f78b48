package io.tidecast.evaluation.data;

import static java.util.Objects.requireNonNull;

import io.tidecast.runtime.csv.CsvOptions;
import io.tidecast.runtime.text.DecimalMark;
import io.tidecast.runtime.text.Thousands;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/**
 * Says what is declared of a CSV file. What is null is found in it.
 *
 * @param options of the file
 * @param decimal before the decimals of its numbers
 * @param thousands between the thousands of its numbers
 * @param timeFormat as in a job file; null for ISO 8601, and for {@code 2016/7/1 0:00}
 * @param zone of times that name none; null for UTC
 */
public record CsvFormat(
    CsvOptions options,
    @Nullable DecimalMark decimal,
    @Nullable Thousands thousands,
    @Nullable String timeFormat,
    @Nullable ZoneId zone) {

  /** Declares nothing. */
  public static final CsvFormat FOUND =
      new CsvFormat(CsvOptions.none(CsvOptions.Keys.OF_COMMAND), null, null, null, null);

  public CsvFormat {
    requireNonNull(options, "options is null");
  }
}
