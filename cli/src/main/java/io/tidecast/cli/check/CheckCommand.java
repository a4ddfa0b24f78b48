package io.tidecast.cli.check;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidecast.cli.job.JobFileOption;
import io.tidecast.flink.config.ConfigException;
import io.tidecast.flink.config.JobConfig;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tidecast check}. */
@Command(
    name = "check",
    description = {
      "Show what a job understands of the first and the newest records of its source, and what it lacks: "
          + "topics, rights, room, history.",
      "Nothing is written, no offset is committed and no group is joined, so that it may be run beside the job."
    },
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:ready: the job can be started",
      "1:not ready: Kafka lacks something, or no record is understood",
      "2:the arguments, the job file or the model must be put right first"
    })
public final class CheckCommand implements Callable<Integer> {

  private static final int MOST_RECORDS = 10_000;

  @Spec private CommandSpec spec;

  @Mixin private JobFileOption job;

  @Option(
      names = "--records",
      paramLabel = "N",
      defaultValue = "100",
      description =
          "Read the first and the newest N records of each partition, or the first N lines of each file. (default: ${DEFAULT-VALUE})")
  private int records;

  @Option(
      names = "--create-topics",
      description =
          "Create the topics of forecasts, dead letters and requests where they are missing, with as many "
              + "partitions as the source has; and those of commands and model events, with one.")
  private boolean createTopics;

  @Option(names = "--json", description = "Print the same as one JSON document.")
  private boolean json;

  @Override
  public Integer call() {
    if (records < 1 || records > MOST_RECORDS) {
      throw new ParameterException(
          spec.commandLine(),
          "--records must be 1 to %d: found %d".formatted(MOST_RECORDS, records));
    }
    JobConfig config;
    try {
      config = job.load();
    } catch (ConfigException e) {
      if (!json) {
        throw e;
      }
      print(refused(e.problems()));
      return ExitCode.USAGE;
    }
    Check.Outcome outcome = new Check(config, records).run(job.file(), createTopics);
    if (json) {
      print(outcome.report());
    } else {
      new CheckText(out(), config.series().step().zone()).print(outcome.report());
    }
    if (outcome.report().ready()) {
      return ExitCode.OK;
    }
    return outcome.wrong() ? ExitCode.USAGE : ExitCode.SOFTWARE;
  }

  private CheckReport refused(List<String> problems) {
    return new CheckReport(
        job.file().toString(),
        "",
        "",
        "",
        null,
        List.of(),
        List.of(),
        List.of(),
        null,
        null,
        List.of(),
        problems,
        false);
  }

  private void print(CheckReport report) {
    try {
      out().println(new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(report));
      out().flush();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a report must be plain records", e);
    }
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
