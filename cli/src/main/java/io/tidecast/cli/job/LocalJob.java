package io.tidecast.cli.job;

import io.tidecast.flink.config.ConfigException;
import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.config.JobFile;
import java.nio.file.Path;
import java.util.List;

/** A job file whose clients are made in this process. */
public final class LocalJob {

  private LocalJob() {}

  /**
   * Reads a job file.
   *
   * @throws ConfigException if it cannot be read, anything in it is wrong, or a secret is not here
   */
  public static JobConfig load(Path file) {
    JobConfig config = JobFile.load(file);
    List<String> unresolved = config.kafka().unresolved();
    if (!unresolved.isEmpty()) {
      throw new ConfigException(unresolved);
    }
    return config;
  }
}
