package io.tidecast.cli.acls;

import io.tidecast.cli.job.JobFileOption;
import io.tidecast.cli.job.KafkaRight;
import io.tidecast.cli.job.KafkaRights;
import io.tidecast.cli.job.KafkaTask;
import io.tidecast.flink.config.ConfigException;
import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.config.JobFile;
import io.tidecast.flink.grid.Spelling;
import java.io.PrintWriter;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code tidecast acls}. */
@Command(
    name = "acls",
    description = {
      "Print the rights at Kafka that a job needs, and no more: as a table, as commands of Kafka's that give them, "
          + "or as the KafkaUser of Strimzi.",
      "Nothing is asked of Kafka, and no secret of the job file need be here. READ and WRITE bring DESCRIBE along."
    },
    mixinStandardHelpOptions = true)
public final class AclsCommand implements Callable<Integer> {

  private static final Pattern PRINCIPAL = Pattern.compile("[A-Za-z]+:\\S.*");

  /** How the rights are printed. */
  enum Format {
    TABLE,
    COMMANDS,
    STRIMZI
  }

  @Spec private CommandSpec spec;

  @Mixin private JobFileOption job;

  @Option(
      names = "--principal",
      paramLabel = "TYPE:NAME",
      defaultValue = "User:tidecast",
      description =
          "Who is given the rights, as Kafka calls the user of the job. (default: ${DEFAULT-VALUE})")
  private String principal;

  @Option(
      names = "--for",
      paramLabel = "TASK",
      split = ",",
      converter = TaskConverter.class,
      description =
          "What the user does: job, postgres, create-topics, page, read, train, model; several with commas. "
              + "(default: what 'tidecast run' does, which is job, and postgres where the job file has postgres.url)")
  private @Nullable List<KafkaTask> tasks;

  @Option(
      names = "--format",
      paramLabel = "table|commands|strimzi",
      defaultValue = "table",
      description = "How they are printed. (default: ${DEFAULT-VALUE})")
  private Format format;

  @Option(
      names = "--cluster",
      paramLabel = "NAME",
      defaultValue = "my-cluster",
      description =
          "The Kafka of Strimzi whose user it is, for the label strimzi.io/cluster. (default: ${DEFAULT-VALUE})")
  private String cluster;

  /** Takes the names that people write. */
  static final class TaskConverter implements ITypeConverter<KafkaTask> {
    @Override
    public KafkaTask convert(String text) {
      for (KafkaTask task : KafkaTask.values()) {
        if (Spelling.of(task).equals(text.strip())) {
          return task;
        }
      }
      throw new TypeConversionException(
          "must be job, postgres, create-topics, page, read or model: found " + text);
    }
  }

  @Override
  public Integer call() {
    if (!PRINCIPAL.matcher(principal).matches()) {
      throw new ParameterException(
          spec.commandLine(),
          "--principal must be a type and a name, such as User:tidecast: found " + principal);
    }
    JobConfig config = JobFile.load(job.file());
    Set<KafkaTask> wanted = tasks == null ? KafkaTask.ofRun(config) : EnumSet.copyOf(tasks);
    checkTasks(config, wanted);
    List<KafkaRight> rights = KafkaRights.of(config, wanted);
    PrintWriter out = spec.commandLine().getOut();
    switch (format) {
      case TABLE -> new AclTable(out).print(rights, principal);
      case COMMANDS ->
          new AclCommands(out, config.kafka().bootstrapServers()).print(rights, principal);
      case STRIMZI ->
          new StrimziUser(out, cluster).print(rights, userName(), config.kafka().properties());
    }
    out.flush();
    return ExitCode.OK;
  }

  private static void checkTasks(JobConfig config, Set<KafkaTask> wanted) {
    if (wanted.contains(KafkaTask.POSTGRES) && config.postgres() == null) {
      throw new ConfigException(
          List.of("must be given, for --for postgres is about its copy: postgres.url"));
    }
    if (wanted.contains(KafkaTask.MODEL) && config.commands().topic() == null) {
      throw new ConfigException(
          List.of("must be given, for --for model is about it: commands.topic"));
    }
  }

  private String userName() {
    String name = StrimziUser.name(principal);
    if (name == null) {
      throw new ParameterException(
          spec.commandLine(),
          "--principal must be User:NAME or User:CN=NAME with a name that Kubernetes takes, such as User:tidecast, for --format strimzi: found "
              + principal);
    }
    return name;
  }
}
