package io.tidecast.cli.job;

import io.tidecast.flink.config.JobConfig;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The option of commands that are about a job. */
public final class JobFileOption {

  @Option(
      names = "--config",
      paramLabel = "FILE",
      required = true,
      description = "Read the job from this file.")
  private Path file;

  /** Returns the job file. */
  public Path file() {
    return file;
  }

  /**
   * Reads it.
   *
   * @throws io.tidecast.flink.config.ConfigException as {@link LocalJob#load}
   */
  public JobConfig load() {
    return LocalJob.load(file);
  }
}
