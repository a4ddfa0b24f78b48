package io.tidecast.benchmarks.postgres;

import io.tidecast.benchmarks.pipeline.PostgresOutage;
import io.tidecast.benchmarks.process.Broker;
import io.tidecast.cli.embedded.TemporaryFolder;
import io.tidecast.flink.config.value.ConfigType;
import io.tidecast.postgres.PostgresServer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/**
 * How fast forecasts are copied into PostgreSQL, as a share of what {@code COPY FROM STDIN} does
 * with the same rows; or what becomes of them when the server is away.
 */
@Command(
    name = "benchmarks/run postgres",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Measure how fast a topic of forecasts is copied into PostgreSQL, or, with --outage, stop the server while a "
          + "job forecasts, and account for every point.",
      "With --outage it ends with 1 if a point is lost or written twice, or a forecast is missing from its topic."
    })
public final class PostgresBenchmark implements Callable<Integer> {

  /** What a server has that keeps its word: an embedded one does not wait for its disk. */
  private static final Map<String, String> SERVER = Map.of("synchronous_commit", "on");

  @Option(
      names = "--forecasts",
      defaultValue = "5000",
      description =
          "Copy so many forecasts of 48 points with 9 quantiles (default: ${DEFAULT-VALUE}).")
  private int forecasts;

  @Option(
      names = "--turns",
      defaultValue = "5",
      description = "Copy them so often, after one time to warm up (default: ${DEFAULT-VALUE}).")
  private int turns;

  @Option(
      names = "--outage",
      converter = Length.class,
      description = "Stop the server for so long, such as 60s, while a job forecasts.")
  private @Nullable Duration outage;

  @Option(
      names = "--rate",
      defaultValue = "100",
      description = "With --outage, forecast so often in a second (default: ${DEFAULT-VALUE}).")
  private double rate;

  @Option(
      names = "--series",
      defaultValue = "50",
      description = "With --outage, forecast so many series (default: ${DEFAULT-VALUE}).")
  private int series;

  @Option(names = "--set", paramLabel = "KEY=VALUE", description = "Set this key of the job file.")
  private Map<String, String> keys = new LinkedHashMap<>();

  /** Exits with 0 when all went well. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new PostgresBenchmark()).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    Optional<String> obstacle = PostgresServer.obstacle(PostgresServer.Version.NEWEST);
    if (obstacle.isPresent()) {
      throw new IllegalStateException(obstacle.get());
    }
    try (TemporaryFolder folder = new TemporaryFolder("postgres");
        PostgresServer server = new PostgresServer(PostgresServer.Version.NEWEST, SERVER)) {
      System.out.println(server.text("select version()"));
      if (outage != null) {
        List<String> problems =
            PostgresOutage.run(
                server, new PostgresOutage.Plan(outage, rate, series, keys), folder.path());
        problems.forEach(System.out::println);
        return problems.isEmpty() ? 0 : 1;
      }
      try (Broker broker = Broker.startFast(folder.path().resolve("broker"))) {
        new CopySpeed(new CopySpeed.Plan(forecasts, turns, keys), broker, server, folder.path())
            .measure();
      }
      return 0;
    }
  }

  /** Reads a duration as job files have it. */
  private static final class Length implements ITypeConverter<Duration> {

    private static final ConfigType<Duration> TYPE = ConfigType.duration("1s", "1d");

    @Override
    public Duration convert(String text) {
      try {
        return TYPE.parser().apply(text);
      } catch (IllegalArgumentException | ArithmeticException e) {
        throw new TypeConversionException("must be " + TYPE.range() + ": " + text);
      }
    }
  }
}
