package io.tidecast.cli;

import io.tidecast.training.CsvSeries;
import io.tidecast.training.Split;
import io.tidecast.training.TimeSeries;
import io.tidecast.training.TrainingData;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The options that say which series, and how it is divided. */
final class DataOptions {

  @Option(
      names = "--data",
      paramLabel = "FILE",
      required = true,
      description = "CSV with a header: time first, then one column per channel, one row per step.")
  private Path file;

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

  /**
   * The series and its division.
   *
   * @param otherwise the split where none was given
   */
  TrainingData read(String otherwise) {
    TimeSeries series = CsvSeries.read(file);
    return TrainingData.of(series, Split.parse(split == null ? otherwise : split, series.rows()));
  }
}
