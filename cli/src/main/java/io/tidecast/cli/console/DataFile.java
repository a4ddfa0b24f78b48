package io.tidecast.cli.console;

import io.tidecast.evaluation.data.CsvSeries;
import io.tidecast.evaluation.data.Split;
import io.tidecast.evaluation.data.SplitSeries;
import io.tidecast.evaluation.data.TimeSeries;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/**
 * A file of series and its division, written {@code FILE@TRAIN,VALIDATION,TEST}.
 *
 * @param split as {@link Split#parse} reads it
 */
public record DataFile(Path file, String split) {

  /** A series by itself needs no times, so that any will do for a file without. */
  private static final CsvSeries.Times DAILY =
      new CsvSeries.Times(Instant.EPOCH, Duration.ofDays(1));

  /** Reads a file and its split, which is the part after the last {@code @}, where there is one. */
  public static DataFile parse(String text) {
    int at = text.lastIndexOf('@');
    return at < 0
        ? new DataFile(Path.of(text), "0.7,0.1,0.2")
        : new DataFile(Path.of(text.substring(0, at)), text.substring(at + 1));
  }

  public String name() {
    return file.getFileName().toString();
  }

  /** Reads every channel. A file without times counts as daily. */
  public SplitSeries read() {
    TimeSeries series = CsvSeries.read(file, CsvSeries.hasTimes(file) ? null : DAILY);
    return SplitSeries.of(series, Split.parse(split, series.rows()));
  }
}
