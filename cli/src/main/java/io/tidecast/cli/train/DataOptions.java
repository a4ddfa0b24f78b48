package io.tidecast.cli.train;

import static java.util.Objects.requireNonNull;

import io.tidecast.cli.console.DataFile;
import io.tidecast.evaluation.data.CsvSeries;
import io.tidecast.evaluation.data.SeriesSet;
import io.tidecast.evaluation.data.Split;
import io.tidecast.evaluation.data.SplitSet;
import io.tidecast.runtime.context.Fill;
import io.tidecast.runtime.context.GapSettings;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options that say which series are read, and how they are divided. */
final class DataOptions {
  /** Those that say what a job file says of its own source. */
  static final List<String> OF_FILES =
      List.of(
          "--time",
          "--series",
          "--values",
          "--start",
          "--step",
          "--separator",
          "--skip-lines",
          "--comment",
          "--encoding",
          "--decimal-mark",
          "--thousands-separator",
          "--time-format",
          "--time-zone",
          "--fill",
          "--max-filled-cells");

  @Option(
      names = "--data",
      paramLabel = "FILE",
      description =
          "Read one or more series from this CSV file: a column of times, perhaps one that names "
              + "series, and one column per channel. What is what is found where it is plain. "
              + "Without a header the channels are channel_1, channel_2 and so on.")
  private @Nullable Path file;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description =
          "Read the topics, or files, of the job in this file up to now, by the job's own path: what comes "
              + "of its mapping, cells and gaps is what the job would have had. Instead of --data.")
  private @Nullable Path job;

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

  @Option(
      names = "--season",
      paramLabel = "STEPS",
      split = ",",
      description =
          "Compare with seasonal naives of so many rows, and have MASE go by the first of them. "
              + "Default: those of the step, such as 24 and 168 of hours, 7 of days, 12 of months.")
  private List<Integer> seasons = List.of();

  @Option(
      names = "--fill",
      paramLabel = "WAY",
      defaultValue = "PREVIOUS",
      description =
          "Fill missing values as a job of this series.fill does: ${COMPLETION-CANDIDATES}. They are "
              + "never counted as what happened. (default: ${DEFAULT-VALUE})")
  private Fill fill;

  @Option(
      names = "--max-filled-cells",
      paramLabel = "VALUES",
      defaultValue = "16",
      description =
          "Leave out windows that miss more values than this, as a job of this "
              + "series.max-filled-cells does. (default: ${DEFAULT-VALUE})")
  private int maxFilledCells;

  /** The job file; null where a file of data was given. */
  @Nullable Path job() {
    if ((file == null) == (job == null)) {
      throw new IllegalArgumentException(
          "one of --data and --config must say where the series come from: --data=%s, --config=%s"
              .formatted(file, job));
    }
    if (job != null && command != null) {
      refuse(command, OF_FILES);
    }
    return job;
  }

  /** Says that options can't be given with a job file, which says the same. */
  static void refuse(CommandSpec command, List<String> options) {
    for (String option : options) {
      if (command.commandLine().getParseResult().hasMatchedOption(option)) {
        throw new IllegalArgumentException(
            "must be left out with --config, where the job says it: " + option);
      }
    }
  }

  /** The split that was given; null where none was. */
  @Nullable String split() {
    return split;
  }

  /** The name of the file. */
  String fileName() {
    return file().getFileName().toString();
  }

  private Path file() {
    return requireNonNull(job() == null ? file : job, "file is null");
  }

  /** The seasons of baselines in steps; empty for those of the step. */
  List<Integer> seasons() {
    for (int season : seasons) {
      if (season < 1) {
        throw new IllegalArgumentException("must be 1 or more: --season=" + season);
      }
    }
    return seasons;
  }

  /**
   * Reads every channel of the file, and says what was found if it is not what was to be expected.
   */
  SeriesSet series() {
    CsvSeries.Described read = CsvSeries.read(file(), format.format(), format.times());
    if (command != null) {
      tell(read, file(), command.commandLine().getOut());
    }
    return read.set();
  }

  /** Says in one line how a file was read, unless there is nothing to say. */
  static void tell(CsvSeries.Described read, Path file, PrintWriter out) {
    if (!read.described().equals(CsvSeries.PLAIN)) {
      out.println(file.getFileName() + " is " + read.described());
      out.flush();
    }
  }

  /** Divides the series of a file, or of a job, for a training. */
  SplitSet divided(SeriesSet set) {
    return divided(set, DataFile.USUAL_SPLIT);
  }

  /**
   * Divides the series of the file.
   *
   * @param otherwise the split where none was given
   */
  SplitSet divided(SeriesSet set, String otherwise) {
    if (maxFilledCells < 0) {
      throw new IllegalArgumentException("must be 0 or more: --max-filled-cells=" + maxFilledCells);
    }
    GapSettings usual = GapSettings.DEFAULT;
    return SplitSet.of(set, Split.parse(split == null ? otherwise : split, set.span()))
        .with(
            new GapSettings(
                fill, null, usual.constant(), maxFilledCells, usual.maxConsecutiveFilled()));
  }
}
