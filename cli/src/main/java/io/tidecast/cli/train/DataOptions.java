package io.tidecast.cli.train;

import io.tidecast.evaluation.data.CsvSeries;
import io.tidecast.evaluation.data.Split;
import io.tidecast.evaluation.data.SplitSeries;
import io.tidecast.evaluation.data.TimeSeries;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options that say which series is read, and how it is divided. */
final class DataOptions {

  @Option(
      names = "--data",
      paramLabel = "FILE",
      required = true,
      description =
          "Read the series from this CSV file: time first, then one column per channel, one row "
              + "per step. Without a header the channels are channel_1, channel_2 and so on.")
  private Path file;

  @Option(
      names = "--start",
      paramLabel = "TIME",
      description =
          "The first row of a file without times, whose columns are all channels, was at this "
              + "time, such as 1990-01-01.")
  private @Nullable String start;

  @Option(
      names = "--step",
      paramLabel = "DURATION",
      description = "In such a file it is so long from one row to the next, such as P1D or PT30M.")
  private @Nullable Duration step;

  @Mixin private CsvFormatOptions format = new CsvFormatOptions();

  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec command;

  @Option(
      names = "--split",
      paramLabel = "TRAIN,VALIDATION,TEST",
      description =
          "Divide the series into these parts, in order of time: numbers of rows, or shares "
              + "that add up to 1. Default: what the model was trained with, else 0.7,0.1,0.2.")
  private @Nullable String split;

  /** The name of the file. */
  String fileName() {
    return file.getFileName().toString();
  }

  /** Reads every channel of the file. */
  TimeSeries series() {
    if ((start == null) != (step == null)) {
      throw new IllegalArgumentException(
          "start and step must be given together: start=" + start + ", step=" + step);
    }
    CsvSeries.Described read =
        CsvSeries.read(
            file, format.format(), start == null ? null : CsvSeries.Times.of(start, step));
    if (command != null && !read.described().equals(CsvSeries.PLAIN)) {
      PrintWriter out = command.commandLine().getOut();
      out.println(file.getFileName() + " is " + read.described());
      out.flush();
    }
    return read.series();
  }

  /** Reads every channel of the file, and divides it. */
  SplitSeries read(String otherwise) {
    return divided(series(), otherwise);
  }

  /**
   * Divides a series of the file.
   *
   * @param otherwise the split where none was given
   */
  SplitSeries divided(TimeSeries series, String otherwise) {
    return SplitSeries.of(series, Split.parse(split == null ? otherwise : split, series.rows()));
  }
}
