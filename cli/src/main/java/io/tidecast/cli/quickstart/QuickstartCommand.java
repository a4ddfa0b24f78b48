package io.tidecast.cli.quickstart;

import io.tidecast.cli.console.StopSignal;
import io.tidecast.cli.embedded.EmbeddedPipeline;
import io.tidecast.cli.model.ModelZoo;
import io.tidecast.cli.page.LivePage;
import io.tidecast.cli.page.PageAddress;
import io.tidecast.cli.run.JobReport;
import io.tidecast.runtime.bundle.ModelBundle;
import io.tidecast.runtime.manifest.ModelManifest;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tidecast quickstart}. */
@Command(
    name = "quickstart",
    description = {
      "Start a Kafka broker and a Flink cluster in this process, replay four weeks of real "
          + "electricity demand, and show how good and how fast the forecasts are."
    },
    mixinStandardHelpOptions = true)
public final class QuickstartCommand implements Callable<Integer> {
  private static final Duration COMMIT_INTERVAL = Duration.ofMillis(500);

  @Spec private CommandSpec spec;

  @Option(
      names = "--model",
      paramLabel = "NAME|DIR",
      defaultValue = "patchtst-uk-demand",
      description =
          "Forecast with this model of the zoo, or with the one in this folder. (default: "
              + "${DEFAULT-VALUE})")
  private String model;

  @Option(
      names = "--speed",
      paramLabel = "N",
      defaultValue = "100",
      description = "Send so many observations per second. (default: ${DEFAULT-VALUE})")
  private double speed;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "0",
      description = "Let the broker listen on this port of 127.0.0.1. (default: any free one)")
  private int port;

  @Option(
      names = "--parallelism",
      paramLabel = "N",
      defaultValue = "1",
      description = "Run the Flink job in so many subtasks. (default: ${DEFAULT-VALUE})")
  private int parallelism;

  @Option(
      names = "--forecasts",
      paramLabel = "FILE",
      description = "Write every forecast to this CSV file: series, origin, step, value.")
  private @Nullable Path forecasts;

  @Option(
      names = "--keep-running",
      description = "Leave the broker and the job up afterwards, until Ctrl-C.")
  private boolean keepRunning;

  @Option(
      names = "--job-file",
      paramLabel = "FILE",
      defaultValue = "quickstart-job.yaml",
      description =
          "With --keep-running, write a job file for the topics to this file, for check, train, evaluate and run. "
              + "(default: ${DEFAULT-VALUE})")
  private Path jobFile;

  @Option(
      names = "--page",
      paramLabel = "[ADDRESS:]PORT",
      arity = "0..1",
      fallbackValue = "",
      converter = PageAddress.Converter.class,
      description =
          "Serve the page on after the replay too, until Ctrl-C; at this port, and not on loopback alone if an "
              + "address is named.")
  private @Nullable PageAddress page;

  @Override
  public Integer call() {
    checkOptions();
    Path folder = ModelZoo.ofInstallation().find(model);
    ModelManifest manifest = ModelBundle.read(folder).manifest();
    Quickstart quickstart = new Quickstart(manifest);
    EmbeddedPipeline.Settings settings =
        new EmbeddedPipeline.Settings(folder, port, parallelism, COMMIT_INTERVAL, true);
    try (StopSignal stop = StopSignal.install()) {
      say("Starting Kafka and Flink in this process ...");
      try (EmbeddedPipeline pipeline = EmbeddedPipeline.start(settings);
          LivePage shown = show(pipeline)) {
        describe(pipeline, manifest, quickstart);
        describe(shown);
        Optional<Quickstart.Result> result;
        try (Progress progress = Progress.start(out(), quickstart.observations())) {
          result = quickstart.run(pipeline, speed, stop, progress);
        }
        if (result.isEmpty()) {
          return stop.exitCode();
        }
        report(result.get());
        if (!keepRunning && page == null) {
          return ExitCode.OK;
        }
        describeTopics(pipeline);
        if (keepRunning) {
          describeJob(pipeline, folder, manifest);
        }
        say("");
        say("The page is at %s until Ctrl-C.", shown.url());
        while (!stop.await(Duration.ofSeconds(1))) {
          pipeline.job().check();
        }
        return stop.exitCode();
      }
    }
  }

  private LivePage show(EmbeddedPipeline pipeline) {
    LivePage shown =
        LivePage.start(
            pipeline.config(),
            "Quickstart: electricity demand of England and Wales",
            page == null ? PageAddress.USUAL : page,
            sentence -> say("%s", sentence));
    shown.watch(new JobReport(pipeline.job(), pipeline.meter(), pipeline.config()));
    return shown;
  }

  private void checkOptions() {
    require(speed > 0 && Double.isFinite(speed), "--speed must be positive", speed);
    require(port >= 0 && port <= 65535, "--port must be between 0 and 65535", port);
    require(parallelism >= 1 && parallelism <= 64, "--parallelism must be 1 to 64", parallelism);
    require(
        forecasts == null || !forecasts.toFile().isDirectory(),
        "--forecasts must be a file",
        forecasts);
  }

  private void require(boolean holds, String requirement, @Nullable Object found) {
    if (!holds) {
      throw new ParameterException(spec.commandLine(), requirement + ": found " + found);
    }
  }

  private void describe(EmbeddedPipeline pipeline, ModelManifest manifest, Quickstart quickstart) {
    say("");
    say("Kafka      %s, topics %s", pipeline.bootstrapServers(), EmbeddedPipeline.TOPICS);
    say(
        "Flink      parallelism %d, exactly-once with a commit every %d ms",
        parallelism, COMMIT_INTERVAL.toMillis());
    say(
        "Model      %s %s, %d half-hours of context, %d ahead",
        manifest.id(), manifest.version(), manifest.contextLength(), manifest.predictionLength());
    say("Replay     four weeks of the electricity demand of England and Wales, summer 2000:");
    say(
        "           %,d half-hours, %s a second; forecasts begin with the %,dth",
        quickstart.observations(),
        speed == Math.rint(speed) ? Long.toString((long) speed) : Double.toString(speed),
        manifest.contextLength());
  }

  private void describe(LivePage shown) {
    say(
        "Page       %s%s",
        shown.url(), page == null && !keepRunning ? " while this runs; --page keeps it open" : "");
    shown.warning().ifPresent(this::say);
    say("");
  }

  private void report(Quickstart.Result result) {
    say("");
    result.summary().print(out());
    if (forecasts != null) {
      ForecastCsv.write(forecasts, result.forecasts());
      say("");
      say("Forecasts written to %s", forecasts);
    }
  }

  private void describeTopics(EmbeddedPipeline pipeline) {
    say("");
    say("Kafka and the job stay up at %s until Ctrl-C; topics:", pipeline.bootstrapServers());
    say("  %-16s what to forecast, Avro record Observation", EmbeddedPipeline.OBSERVATIONS);
    say("  %-16s Avro record Forecast", EmbeddedPipeline.FORECASTS);
    say("  %-16s what could not be used, Avro record DeadLetter", EmbeddedPipeline.DEAD_LETTERS);
    say("To look in from another terminal:");
    say(
        "  kcat -C -b %s -t %s -X isolation.level=read_committed -f '%%T %%k: %%S bytes\\n'",
        pipeline.bootstrapServers(), EmbeddedPipeline.FORECASTS);
  }

  private void describeJob(EmbeddedPipeline pipeline, Path folder, ModelManifest manifest) {
    OwnJob.write(jobFile, pipeline.bootstrapServers(), folder);
    say("");
    say(
        "A job of your own on that topic is in %s; to train a model for it and measure it:",
        jobFile);
    say(
        "  tidecast train --config %s --architecture linear --context %d --horizon %d --out my-model",
        jobFile, manifest.contextLength(), manifest.predictionLength());
    say("  tidecast evaluate --config %s --model my-model", jobFile);
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  private void say(String format, Object... arguments) {
    out().println(String.format(Locale.ROOT, format, arguments));
    out().flush();
  }
}
