package io.tidecast.cli;

import io.tidecast.architectures.WeightsException;
import io.tidecast.cli.acls.AclsCommand;
import io.tidecast.cli.check.CheckCommand;
import io.tidecast.cli.console.CliException;
import io.tidecast.cli.model.ModelCommand;
import io.tidecast.cli.postgres.PostgresCommand;
import io.tidecast.cli.quickstart.QuickstartCommand;
import io.tidecast.cli.read.ReadCommand;
import io.tidecast.cli.run.RunCommand;
import io.tidecast.cli.size.SizeCommand;
import io.tidecast.cli.train.EvaluateCommand;
import io.tidecast.cli.train.PretrainCommand;
import io.tidecast.cli.train.TrainCommand;
import io.tidecast.cli.upgrade.UpgradeCommand;
import io.tidecast.evaluation.data.DataException;
import io.tidecast.flink.config.ConfigException;
import io.tidecast.flink.metrics.Build;
import io.tidecast.runtime.manifest.ModelException;
import io.tidecast.runtime.text.DecimalText;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;

/**
 * The {@code tidecast} command.
 *
 * <p>Exit codes: 0 done; 1 failed on the way; 2 the arguments, the configuration or the model must
 * be put right first; 130 and 143 stopped by Ctrl-C and SIGTERM.
 */
@Command(
    name = "tidecast",
    description = "Streaming time-series forecasts, from Kafka topics to Kafka topics.",
    subcommands = {
      QuickstartCommand.class,
      CheckCommand.class,
      AclsCommand.class,
      SizeCommand.class,
      RunCommand.class,
      UpgradeCommand.class,
      ReadCommand.class,
      PostgresCommand.class,
      TrainCommand.class,
      PretrainCommand.class,
      EvaluateCommand.class,
      ModelCommand.class,
      CommandLine.HelpCommand.class
    },
    versionProvider = TidecastCommand.Version.class,
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:failed on the way",
      "2:the arguments, the configuration or the model must be put right first",
      "130, 143:stopped by Ctrl-C, by SIGTERM"
    })
public final class TidecastCommand implements Runnable {
  private static final String DEBUG_VARIABLE = "TIDECAST_DEBUG";
  private static final String LOG_CONFIGURATION_PROPERTY = "log4j2.configurationFile";
  private static final String LOG_LEVEL_PROPERTY = "tidecast.log.level";

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  private boolean debug;

  TidecastCommand() {}

  /** Runs the command and ends the JVM with its exit code. */
  public static void main(String[] arguments) {
    int exitCode;
    try {
      exitCode =
          commandLine().setExecutionStrategy(TidecastCommand::withLibraries).execute(arguments);
    } catch (LinkageError e) {
      exitCode = lacksLibraries(e, arguments);
    }
    System.exit(exitCode);
  }

  private static int withLibraries(ParseResult parsed) {
    if (parsed.hasSubcommand()) {
      OnnxLibraries.unpack();
    }
    return new CommandLine.RunLast().execute(parsed);
  }

  /** A jar is missing, or one of another version stands in its place. */
  private static int lacksLibraries(LinkageError failure, String[] arguments) {
    System.err.println(
        "tidecast: the libraries of Tidecast must be whole, and a class of theirs is missing or another: %s; unpack the archive again, or build again from source"
            .formatted(failure.getMessage()));
    if (List.of(arguments).contains("--debug")) {
      failure.printStackTrace();
    }
    return ExitCode.SOFTWARE;
  }

  public static CommandLine commandLine() {
    TidecastCommand command = new TidecastCommand();
    CommandLine commandLine =
        new CommandLine(command)
            .setCaseInsensitiveEnumValuesAllowed(true)
            .registerConverter(Double.class, TidecastCommand::decimal)
            .registerConverter(double.class, TidecastCommand::decimal)
            .setParameterExceptionHandler(TidecastCommand::refuseArguments)
            .setExecutionExceptionHandler(command.new OneLine());
    command.setDebug(System.getenv(DEBUG_VARIABLE) != null);
    return commandLine;
  }

  private static double decimal(String text) {
    return DecimalText.parse(text)
        .orElseThrow(
            () -> new CommandLine.TypeConversionException("'" + text + "' is not a number"));
  }

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description =
          "Show the logs of Kafka and Flink, and the stack trace of a failure; so does TIDECAST_DEBUG=1.")
  private void setDebug(boolean debug) {
    this.debug = debug;
    // Before the first logger is made: none of the classes loaded so far has one.
    if (System.getProperty(LOG_CONFIGURATION_PROPERTY) == null) {
      System.setProperty(LOG_CONFIGURATION_PROPERTY, "classpath:io/tidecast/cli/log4j2.properties");
    }
    if (debug) {
      System.setProperty(LOG_LEVEL_PROPERTY, "INFO");
    }
  }

  /** Says which commands there are, where none was given. */
  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "a command is needed");
  }

  /** Says what is wrong and where to read on. All the options of a command would hide it. */
  private static int refuseArguments(CommandLine.ParameterException failure, String[] arguments) {
    CommandLine command = failure.getCommandLine();
    PrintWriter err = command.getErr();
    err.println(command.getColorScheme().errorText("tidecast: " + failure.getMessage()));
    if (!command.getSubcommands().isEmpty()) {
      command.usage(err);
    } else {
      CommandLine.UnmatchedArgumentException.printSuggestions(failure, err);
      err.println(
          "          '%s --help' says what there is."
              .formatted(command.getCommandSpec().qualifiedName()));
    }
    return ExitCode.USAGE;
  }

  /**
   * Tells people in one line what went wrong, and shows the stack trace to those who asked for it.
   */
  private final class OneLine implements IExecutionExceptionHandler {
    @Override
    public int handleExecutionException(
        Exception failure, CommandLine commandLine, ParseResult arguments) {
      PrintWriter err = commandLine.getErr();
      boolean expected = failure instanceof CliException || isForTheUserToFix(failure);
      err.println(
          commandLine
              .getColorScheme()
              .errorText(
                  "tidecast: "
                      + (expected ? failure.getMessage() : "unexpected failure: " + failure)));
      if (debug) {
        failure.printStackTrace(err);
      } else if (!expected || failure.getCause() != null) {
        err.println("          --debug shows more.");
      }
      return isForTheUserToFix(failure) ? ExitCode.USAGE : ExitCode.SOFTWARE;
    }

    private boolean isForTheUserToFix(Exception failure) {
      return failure instanceof ConfigException
          || failure instanceof DataException
          || failure instanceof ModelException
          || failure instanceof WeightsException;
    }
  }

  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {
        "tidecast %s (Java %s)".formatted(Build.ofTidecast(), Runtime.version())
      };
    }
  }
}
