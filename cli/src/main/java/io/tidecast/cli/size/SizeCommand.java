package io.tidecast.cli.size;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidecast.cli.job.GivenDurations;
import io.tidecast.cli.job.JobFileOption;
import io.tidecast.flink.ForecastJob;
import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.config.JobFile;
import io.tidecast.flink.config.value.ConfigType;
import io.tidecast.flink.model.ModelSlots;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tidecast size}. */
@Command(
    name = "size",
    description = {
      "Reckon what a job takes with so many series: memory, processors, Kafka, PostgreSQL, and the cluster for it.",
      "The model is run here for some seconds, unless --forecasts-per-core says how fast it is. Nothing is asked of "
          + "Kafka, and no secret of the job file need be here."
    },
    mixinStandardHelpOptions = true)
public final class SizeCommand implements Callable<Integer> {

  private static final ConfigType<Duration> INTERVAL = ConfigType.duration("1ms", "3650d");
  private static final long MOST_SERIES = 10_000_000_000L;
  private static final int MOST_SLOTS = 128;
  private static final double MOST_PER_SECOND = 1e12;
  private static final double MILLIS = 1_000;

  @Spec private CommandSpec spec;

  @Mixin private JobFileOption job;

  @Option(
      names = "--series",
      paramLabel = "N",
      required = true,
      description = "So many series report.")
  private long series;

  @Option(
      names = "--interval",
      paramLabel = "DURATION",
      description =
          "A series reports this often, such as 30min or PT1M. (default: once in series.step)")
  private @Nullable String interval;

  @Option(
      names = "--rate",
      paramLabel = "PER-SECOND",
      description = "In place of --interval: observations a second of all series together.")
  private @Nullable Double rate;

  @Option(
      names = "--forecasts-per-core",
      paramLabel = "PER-SECOND",
      description =
          "A core makes so many forecasts a second, with all that the job does for them; then no model is run here.")
  private @Nullable Double forecastsPerCore;

  @Option(
      names = "--observation-bytes",
      paramLabel = "BYTES",
      description =
          "An observation is that large in Kafka, with its key. (default: what its format takes)")
  private @Nullable Long observationBytes;

  @Option(
      names = "--backend",
      paramLabel = "heap|rocksdb",
      description = "Series are kept there. (default: on the heap, up to 4 GiB in all)")
  private Sizing.@Nullable Backend backend;

  @Option(
      names = "--slots",
      paramLabel = "N",
      defaultValue = "4",
      description =
          "A task manager has so many slots and cores at most. (default: ${DEFAULT-VALUE})")
  private int slots;

  @Option(names = "--json", description = "Print the same as one JSON document.")
  private boolean json;

  @Override
  public Integer call() {
    require(
        series >= 1 && series <= MOST_SERIES,
        "--series must be 1 to %d: found %d".formatted(MOST_SERIES, series));
    require(
        slots >= 1 && slots <= MOST_SLOTS,
        "--slots must be 1 to %d: found %d".formatted(MOST_SLOTS, slots));
    require(
        interval == null || rate == null, "--interval and --rate say the same: give one of them");
    requireRate("--rate", rate);
    requireRate("--forecasts-per-core", forecastsPerCore);
    require(
        observationBytes == null || observationBytes > 0,
        "--observation-bytes must be positive: found " + observationBytes);
    JobConfig config = JobFile.load(job.file());
    double seconds = seconds(config);
    ModelSlots models = ForecastJob.slots(config);
    Sizing sizing = new Sizing(config, models);
    SizeReport report =
        sizing.report(
            job.file().toString(),
            new Sizing.Wanted(
                Demand.of(config, sizing.size(), series, seconds),
                forecastsPerCore == null
                    ? new ModelSpeed(config).measure(models)
                    : Speed.given(forecastsPerCore),
                observationBytes == null
                    ? ObservationSize.of(config.source().format(), config.series().channels())
                    : ObservationSize.given(observationBytes),
                backend,
                slots));
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(text(report));
      out.flush();
    } else {
      new SizeText(out).print(report);
    }
    return ExitCode.OK;
  }

  /** Between two observations of a series. */
  private double seconds(JobConfig config) {
    if (rate != null) {
      return series / rate;
    }
    if (interval == null) {
      return config.series().step().length().toMillis() / MILLIS;
    }
    return GivenDurations.of(spec, "--interval", INTERVAL, interval).toMillis() / MILLIS;
  }

  private void requireRate(String name, @Nullable Double value) {
    require(
        value == null || value > 0 && value <= MOST_PER_SECOND,
        "%s must be more than 0, at most %.0f: found %s".formatted(name, MOST_PER_SECOND, value));
  }

  private void require(boolean holds, String message) {
    if (!holds) {
      throw new ParameterException(spec.commandLine(), message);
    }
  }

  private static String text(SizeReport report) {
    try {
      return new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(report);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a report must be plain records", e);
    }
  }
}
