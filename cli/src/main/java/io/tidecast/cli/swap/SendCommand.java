package io.tidecast.cli.swap;

import io.tidecast.cli.job.GivenDurations;
import io.tidecast.cli.job.JobFileOption;
import io.tidecast.flink.commands.CommandJson;
import io.tidecast.flink.config.ConfigException;
import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.config.value.ConfigType;
import io.tidecast.flink.format.field.RefusedException;
import io.tidecast.flink.grid.Spelling;
import io.tidecast.flink.model.ModelCommand;
import io.tidecast.flink.model.ModelSlot;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What the commands for models of a running job have in common: they send one, and follow it. */
abstract class SendCommand implements Callable<Integer> {

  private static final ConfigType<Duration> WAIT = ConfigType.duration("0s", "1d");

  @Spec private CommandSpec spec;

  @Mixin private JobFileOption job;

  @Option(
      names = "--slot",
      paramLabel = "NAME",
      defaultValue = ModelSlot.DEFAULT,
      description =
          "Which model of the job it is about. (default: ${DEFAULT-VALUE}, the one of model.path)")
  private String slot;

  @Option(
      names = "--wait",
      paramLabel = "DURATION",
      defaultValue = "60s",
      description =
          "Wait so long for every subtask of the job to follow the command; 0s waits for none. "
              + "(default: ${DEFAULT-VALUE})")
  private String wait;

  /** The command for a slot. */
  abstract ModelCommand command(String id, String slot);

  /** Says what is odd about the command and may be right all the same; a sentence each. */
  List<String> doubts() {
    return List.of();
  }

  @Override
  public final Integer call() {
    Duration patience = GivenDurations.of(spec, "--wait", WAIT, wait);
    ModelCommand command = checked(command(UUID.randomUUID().toString(), slot));
    JobConfig config = job.load();
    if (config.commands().topic() == null) {
      throw new ConfigException(
          List.of(
              "must be given, for the job to take commands: commands.topic, such as model-commands; start the job with it, then send the command again"));
    }
    doubts().forEach(this::warn);
    return new CommandTopic(config, this::say, this::warn).send(command, patience);
  }

  /** What the job would refuse is not sent. */
  private ModelCommand checked(ModelCommand command) {
    try {
      return new CommandJson().read(CommandJson.write(command), command.id());
    } catch (RefusedException e) {
      throw new ParameterException(
          spec.commandLine(),
          "the job would refuse %s: %s".formatted(Spelling.of(command.action()), e.getMessage()),
          e);
    }
  }

  private void say(String line) {
    say(spec.commandLine().getOut(), line);
  }

  private void warn(String line) {
    say(spec.commandLine().getErr(), line);
  }

  private static void say(PrintWriter to, String line) {
    to.println(line);
    to.flush();
  }
}
