package io.tidecast.cli.swap;

import java.time.DateTimeException;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The option of commands that give a slot to another version. */
final class FromOption {

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--from",
      paramLabel = "TIME",
      description =
          "The first origin that it answers, such as 2026-11-30T00:00:00Z. (default: the first after it "
              + "is ready)")
  private @Nullable String from;

  /**
   * Null where it is left to the job.
   *
   * @throws ParameterException if it is no time
   */
  @Nullable Long millis() {
    if (from == null) {
      return null;
    }
    try {
      return OffsetDateTime.parse(from).toInstant().toEpochMilli();
    } catch (DateTimeException | ArithmeticException e) {
      throw new ParameterException(
          command.commandLine(),
          "--from must be a time with its zone, such as 2026-11-30T00:00:00Z: found " + from,
          e);
    }
  }
}
