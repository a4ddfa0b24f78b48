package io.tidecast.cli.train;

import io.tidecast.cli.console.CliException;
import io.tidecast.cli.embedded.TemporaryFolder;
import io.tidecast.cli.history.ChannelNames;
import io.tidecast.cli.history.JobHistory;
import io.tidecast.evaluation.data.SeriesSet;
import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.covariates.CovariateSettings.Feed;
import io.tidecast.flink.history.History;
import io.tidecast.runtime.context.GapSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * What a model of a job is trained on. It stays beside the checkpoint until the model is written,
 * so that a training that was interrupted goes on with the very same rows.
 *
 * @param gaps what the job makes of missing values
 * @param folder of the cells
 */
record JobRows(JobHistory history, SeriesSet set, GapSettings gaps, Path folder) {
  /** What a card says of data that nobody said anything of. */
  static final String NO_SOURCE = "Source not given.";

  /** Says whose cells a folder has. */
  private static final String JOB = "job";

  /**
   * Reads them, or takes those of an interrupted training.
   *
   * @param context cells that the model will take
   * @param says is told how far it is
   * @throws CliException if there are none, or those of the folder are of another job
   */
  static JobRows read(JobConfig config, int context, Path folder, Consumer<String> says) {
    String job = identity(config, context);
    try {
      Files.createDirectories(folder);
      JobHistory history;
      if (History.isIn(folder)) {
        if (!Files.readString(folder.resolve(JOB)).equals(job)) {
          throw new CliException(
              "the rows of an interrupted training must be those of this job, its covariates and this context, and are of others: delete %s, or give another --out"
                  .formatted(folder));
        }
        says.accept("Taking up the rows that the interrupted training read.");
        history = JobHistory.open(config, folder);
      } else {
        history = JobHistory.read(config, context, folder, says);
        Files.writeString(folder.resolve(JOB), job, StandardCharsets.UTF_8);
      }
      List<String> observed = ChannelNames.of(config);
      List<String> all = new ArrayList<>(observed);
      all.addAll(ChannelNames.ofCovariates(config));
      return new JobRows(
          history, history.series(observed, all, says), config.series().gaps(), folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Tells jobs of other rows apart, in other processes too. */
  static String identity(JobConfig config, int context) {
    Feed feed = config.covariates().feed();
    return "%s at %s: %s, context %d%s\n"
        .formatted(
            config.source(),
            config.kafka().bootstrapServers(),
            config.series(),
            context,
            feed == null ? "" : ", covariates " + feed);
  }

  /** The names of what the job knows ahead. */
  List<String> covariates() {
    return ChannelNames.ofCovariates(history.config());
  }

  /** The names of what a series observes. */
  List<String> observed() {
    return ChannelNames.of(history.config());
  }

  /** Says where the data come from. */
  String source(String given) {
    return "%sRead by the job:\n\n%s"
        .formatted(given.equals(NO_SOURCE) ? "" : given + " ", history.describe());
  }

  /** Deletes them: the model is written. */
  void discard() {
    TemporaryFolder.delete(folder);
  }
}
