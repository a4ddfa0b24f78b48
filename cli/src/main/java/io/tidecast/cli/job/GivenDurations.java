package io.tidecast.cli.job;

import io.tidecast.flink.config.value.ConfigType;
import java.time.Duration;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Durations that are given on a command line, written as in a job file. */
public final class GivenDurations {

  private GivenDurations() {}

  /**
   * Reads one.
   *
   * @param option such as {@code --wait}
   * @throws ParameterException if it is none of the type
   */
  public static Duration of(
      CommandSpec spec, String option, ConfigType<Duration> type, String given) {
    try {
      return type.parser().apply(given);
    } catch (RuntimeException e) {
      throw new ParameterException(
          spec.commandLine(), "%s must be %s: found %s".formatted(option, type.range(), given), e);
    }
  }
}
