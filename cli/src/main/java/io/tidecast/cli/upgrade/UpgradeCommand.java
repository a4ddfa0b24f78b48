package io.tidecast.cli.upgrade;

import io.tidecast.cli.console.CliException;
import io.tidecast.cli.console.GivenFiles;
import io.tidecast.cli.console.StopSignal;
import io.tidecast.cli.job.GivenDurations;
import io.tidecast.cli.job.KafkaPreflight;
import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.config.JobFile;
import io.tidecast.flink.config.value.ConfigType;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tidecast upgrade}. */
@Command(
    name = "upgrade",
    description = {
      "Put another version of a job, or another job file, into the place of a job that runs on a Flink cluster.",
      "Flink first builds the new job from its jar and its file. Then the old one is stopped with a savepoint, and the new one starts from it, "
          + "so that no forecast is lost or made twice. If the new one does not start, the command says how to go back."
    },
    sortOptions = false,
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done: the new job runs, and its first checkpoint is complete; or, with --dry-run, it could be started",
      "1:failed on the way; the message says what runs and where the savepoint is",
      "2:the arguments, the job file or the model must be put right first; nothing was stopped",
      "130, 143:stopped by Ctrl-C, by SIGTERM; the message says what runs"
    })
public final class UpgradeCommand implements Callable<Integer> {

  private static final ConfigType<Duration> WAIT = ConfigType.duration("1s", "1d");

  /** For what Kafka is asked. */
  private static final Duration ANSWER = Duration.ofSeconds(8);

  @Spec private CommandSpec spec;

  @Mixin private FlinkOptions flink;

  @ArgGroup private @Nullable From from;

  /** What the new job goes on from. */
  static final class From {

    @Option(
        names = "--job-id",
        paramLabel = "ID",
        description =
            "Stop this job, and go on from its savepoint. (default: the one that runs and has the job.name of the new job file)")
    private @Nullable String job;

    @Option(
        names = "--savepoint",
        paramLabel = "PATH",
        description =
            "Go on from this savepoint, or retained checkpoint, of a job that has ended already.")
    private @Nullable String savepoint;
  }

  @Option(
      names = "--jar",
      paramLabel = "FILE",
      required = true,
      description = "The job jar of the new version; that of the old one where it stays.")
  private Path jar;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      required = true,
      description =
          "The job file of the new job, where the JobManager has it. A file of this path on this machine is checked first, with its topics and rights.")
  private Path config;

  @Option(
      names = "--savepoint-dir",
      paramLabel = "DIR",
      description =
          "Where the savepoint goes. (default: Flink's execution.checkpointing.savepoint-dir)")
  private @Nullable String savepointFolder;

  @Option(
      names = "--allow-non-restored-state",
      description =
          "Leave state behind that no operator of the new job takes, such as that of a topic that is read no more.")
  private boolean allowNonRestored;

  @Option(
      names = "--wait",
      paramLabel = "DURATION",
      defaultValue = "10min",
      description =
          "Wait so long for the savepoint, and again for the first checkpoint of the new job. (default: ${DEFAULT-VALUE})")
  private String wait;

  @Option(
      names = "--no-check",
      description =
          "Do not check a job file of this machine, where it lacks a secret or a way to Kafka. The JobManager checks its own all the same.")
  private boolean noCheck;

  @Option(names = "--dry-run", description = "Check everything, say what would be done, and end.")
  private boolean dry;

  @Override
  public Integer call() {
    Duration patience = GivenDurations.of(spec, "--wait", WAIT, wait);
    GivenFiles.requireFile("--jar", jar);
    FlinkRest rest = flink.open();
    Path file = config.toAbsolutePath().normalize();
    String jobName = noCheck ? null : check(file);
    Upgrade.Wanted wanted =
        new Upgrade.Wanted(
            jar,
            List.of("--config", file.toString()),
            from == null ? null : from.job,
            from == null ? null : from.savepoint,
            savepointFolder,
            jobName,
            allowNonRestored,
            patience);
    try (StopSignal signal = StopSignal.install()) {
      Upgrade.Talk talk = new Upgrade.Talk(this::say, "./tidecast upgrade " + flink.typed());
      return new Upgrade(rest, wanted, talk, signal).run(dry) ? ExitCode.OK : signal.exitCode();
    } catch (FlinkException e) {
      if (e.kind() != FlinkException.Kind.JOB) {
        throw new CliException(e.getMessage() + "; nothing was stopped", e);
      }
      CommandLine command = spec.commandLine();
      command
          .getErr()
          .println(
              command
                  .getColorScheme()
                  .errorText(
                      "tidecast: the JobManager cannot start the job: %s%n          Nothing was stopped."
                          .formatted(e.getMessage())));
      return ExitCode.USAGE;
    }
  }

  /**
   * Looks at the job file of this machine, and returns the name of the job; null where there is no
   * file.
   *
   * @throws io.tidecast.flink.config.ConfigException if anything in it is wrong
   * @throws CliException if Kafka lacks something
   */
  private @Nullable String check(Path file) {
    if (!Files.exists(file)) {
      say("%s is not on this machine: the JobManager alone checks it.".formatted(file));
      return null;
    }
    JobConfig job = JobFile.load(file);
    List<String> unresolved = job.kafka().unresolved();
    if (!unresolved.isEmpty()) {
      say(
          "Kafka is not asked from here, for a secret of %s is not here: %s"
              .formatted(file, unresolved.get(0)));
      return job.job().name();
    }
    KafkaPreflight.Found found = KafkaPreflight.look(job, OptionalLong.empty(), ANSWER);
    found.notices().forEach(this::say);
    if (!found.problems().isEmpty()) {
      String problems = String.join("; ", found.problems());
      if (found.answers()) {
        throw new CliException(
            "Kafka must have what the new job needs: %s; nothing was stopped. 'tidecast check' says more, and has --create-topics"
                .formatted(problems));
      }
      say("Kafka cannot be asked from here: " + problems);
    }
    return job.job().name();
  }

  private void say(String line) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(line);
    out.flush();
  }
}
