package io.tidecast.cli.train;

import io.tidecast.cli.console.CsvWriter;
import io.tidecast.cli.console.DataFile;
import io.tidecast.cli.embedded.TemporaryFolder;
import io.tidecast.cli.history.JobHistory;
import io.tidecast.cli.history.JobWindows;
import io.tidecast.evaluation.backtest.Backtest;
import io.tidecast.evaluation.backtest.BacktestReport;
import io.tidecast.evaluation.data.SeriesSet;
import io.tidecast.evaluation.data.Split;
import io.tidecast.evaluation.data.SplitSet;
import io.tidecast.evaluation.data.TrainedTimes;
import io.tidecast.flink.HistoryJob;
import io.tidecast.flink.config.ConfigException;
import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.model.ModelChannels;
import io.tidecast.runtime.manifest.ModelManifest;
import io.tidecast.runtime.windows.Forecaster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A backtest of a job: what it would have forecast from every origin of its past, beside what then
 * happened.
 *
 * @param name of the job file
 * @param split in words; null for what the model was trained with
 * @param seasons of the baselines in steps; empty for those of the step
 * @param forecasts where every forecast is written to; null for nowhere
 */
record JobBacktest(
    JobConfig config,
    String name,
    Split.Part part,
    @Nullable String split,
    List<Integer> seasons,
    @Nullable Path forecasts) {

  /**
   * Measures a model on what the job has read.
   *
   * @param says is told how far it is
   * @throws ConfigException if the job and the model do not fit each other
   */
  BacktestReport measure(ModelManifest manifest, Forecaster model, Consumer<String> says)
      throws IOException {
    refuse(manifest);
    SeriesSet series;
    try (TemporaryFolder folder = new TemporaryFolder("history")) {
      series =
          JobHistory.read(config, manifest.contextLength(), folder.path().resolve("cells"), says)
              .series(ModelChannels.of(manifest).observedNames(), manifest.channels().names(), says)
              .select(manifest.channels().names());
    }
    SplitSet data = SplitSet.of(series, divided(manifest, series));
    JobWindows windows = new JobWindows(config, ModelChannels.of(manifest).futureCovariates());
    return forecasts == null
        ? measure(data, model, (its, origin, targets, points) -> {}, windows)
        : writing(forecasts, consumer -> measure(data, model, consumer, windows));
  }

  private BacktestReport measure(
      SplitSet data, Forecaster model, Backtest.Consumer consumer, JobWindows windows) {
    return new Backtest(part, model, consumer).withSeasons(seasons).measure(data, windows, name);
  }

  private void refuse(ModelManifest manifest) {
    List<String> problems = HistoryJob.problems(config, manifest);
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
  }

  /**
   * Of a model that was trained on a job, its training ends when it did, however much came since.
   */
  private Split divided(ModelManifest manifest, SeriesSet series) {
    int span = series.span();
    if (split != null) {
      return Split.parse(split, span);
    }
    Split trained = TrainedTimes.of(manifest).map(times -> times.split(series)).orElse(null);
    return trained == null ? Split.parse(DataFile.USUAL_SPLIT, span) : trained;
  }

  /** Writes what is consumed to a CSV file, a line a step. */
  static <T> T writing(Path file, Function<Backtest.Consumer, T> work) throws IOException {
    Lines lines = new Lines(file);
    try (lines) {
      return work.apply(lines);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** The lines of a file, which is begun with the first forecast. */
  private static final class Lines implements Backtest.Consumer, AutoCloseable {
    private final Path file;
    private @Nullable CsvWriter csv;

    Lines(Path file) {
      this.file = file;
    }

    @Override
    public void accept(String series, long originMillis, List<String> targets, double[] points) {
      try {
        if (csv == null) {
          List<String> columns = new ArrayList<>(List.of("series", "origin", "step"));
          columns.addAll(targets);
          csv = CsvWriter.create(file, columns);
        }
        Object[] record = new Object[3 + targets.size()];
        record[0] = series;
        record[1] = Instant.ofEpochMilli(originMillis);
        for (int step = 0; step < points.length / targets.size(); step++) {
          record[2] = step + 1;
          for (int target = 0; target < targets.size(); target++) {
            record[3 + target] = points[step * targets.size() + target];
          }
          csv.write(record);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void close() throws IOException {
      if (csv != null) {
        csv.close();
      }
    }
  }
}
