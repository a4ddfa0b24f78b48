package io.tidecast.cli.train;

import io.tidecast.evaluation.data.CsvSeries;
import io.tidecast.evaluation.data.Split;
import io.tidecast.evaluation.data.SplitSeries;
import io.tidecast.evaluation.data.TimeSeries;
import java.nio.file.Path;
import java.time.Duration;
import picocli.CommandLine.Option;

/** The options that say which series, and how it is divided. */
final class DataOptions {

  @Option(
      names = "--data",
      paramLabel = "FILE",
      required = true,
      description =
          "CSV: time first, then one column per channel, one row per step. Without a header the channels "
              + "are channel_1, channel_2 and so on.")
  private Path file;

  @Option(
      names = "--start",
      paramLabel = "TIME",
      description =
          "For a file without times, whose columns are all channels: when its first row was, such as "
              + "1990-01-01.")
  private String start;

  @Option(
      names = "--step",
      paramLabel = "DURATION",
      description = "For such a file: from one row to the next, such as P1D or PT30M.")
  private Duration step;

  @Option(
      names = "--split",
      paramLabel = "TRAIN,VALIDATION,TEST",
      description =
          "Rows of each part in order of time, or shares that add up to 1. "
              + "Default: what the model was trained with, else 0.7,0.1,0.2.")
  private String split;

  /** File name of the series. */
  String fileName() {
    return file.getFileName().toString();
  }

  /** Every channel of the file. */
  TimeSeries series() {
    if ((start == null) != (step == null)) {
      throw new IllegalArgumentException(
          "start and step must be given together: start=" + start + ", step=" + step);
    }
    return CsvSeries.read(file, start == null ? null : CsvSeries.Times.of(start, step));
  }

  /** Every channel of the file, divided. */
  SplitSeries read(String otherwise) {
    return divided(series(), otherwise);
  }

  /**
   * A series of the file and its division.
   *
   * @param otherwise the split where none was given
   */
  SplitSeries divided(TimeSeries series, String otherwise) {
    return SplitSeries.of(series, Split.parse(split == null ? otherwise : split, series.rows()));
  }
}
