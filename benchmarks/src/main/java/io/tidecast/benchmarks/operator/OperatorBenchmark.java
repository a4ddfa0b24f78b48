package io.tidecast.benchmarks.operator;

import com.sun.management.ThreadMXBean;
import io.tidecast.benchmarks.inference.Median;
import io.tidecast.benchmarks.stream.Figures;
import io.tidecast.cli.embedded.EmbeddedFlink;
import io.tidecast.flink.grid.MillisClock;
import io.tidecast.flink.inference.ForecastOperatorFactory;
import io.tidecast.flink.inference.InferenceOptions;
import io.tidecast.flink.inference.InferenceSettings;
import io.tidecast.flink.inference.OnFailure;
import io.tidecast.flink.record.ForecastTask;
import io.tidecast.flink.record.IssuedForecast;
import io.tidecast.flink.state.StateTypes;
import io.tidecast.runtime.grid.GridStep;
import io.tidecast.runtime.manifest.ForecasterSpec;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.stream.LongStream;
import org.apache.flink.api.common.functions.FilterFunction;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.datastream.AsyncDataStream;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * What it costs to hand a window to a model and to pass its forecast on, apart from what the model
 * costs: the operator of the job beside Flink's asynchronous operator, over the same tasks and a
 * model that computes nothing. Three jobs in one cluster take turns in short slices. One has no
 * operator at all, and what it takes is taken off the others. Counted is the processor time of all
 * threads of Java; compilers and garbage collectors are none.
 */
@Command(
    name = "benchmarks/run operator",
    mixinStandardHelpOptions = true,
    description =
        "Measure the operator that forecasts beside Flink's asynchronous operator, with a model that computes nothing.")
public final class OperatorBenchmark implements Callable<Integer> {

  private static final int SERIES = 1_000;
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final GridStep STEP = GridStep.fixed(Duration.ofMinutes(30));
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @Option(
      names = "--context",
      defaultValue = "16",
      description = "Give the model so many cells (default: ${DEFAULT-VALUE}).")
  private int context;

  @Option(
      names = "--horizon",
      defaultValue = "4",
      description = "Have it forecast so many (default: ${DEFAULT-VALUE}).")
  private int horizon;

  @Option(
      names = "--batch",
      defaultValue = "128",
      description = "Give a run at most so many windows (default: ${DEFAULT-VALUE}).")
  private int batch;

  @Option(
      names = "--run-micros",
      defaultValue = "500",
      description =
          "Let a run wait so many microseconds, as for a device; with 0, the threads wait for each other in every batch (default: ${DEFAULT-VALUE}).")
  private long runMicros;

  @Option(
      names = "--rounds",
      defaultValue = "15",
      description = "Let each job have so many turns (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--slice",
      defaultValue = "300",
      description = "Let a turn take so many milliseconds (default: ${DEFAULT-VALUE}).")
  private int sliceMillis;

  @Option(
      names = "--warm-up",
      defaultValue = "5",
      description = "Warm each job up for so many seconds (default: ${DEFAULT-VALUE}).")
  private int warmUpSeconds;

  /** What one element took, and how many a run had. */
  private record Taken(double cpuMicros, double bytes, double windows) {}

  /** Exits with 0 when everything was measured. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new OperatorBenchmark()).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    try (EmbeddedFlink flink = EmbeddedFlink.start(Lane.values().length, new Configuration())) {
      for (Lane lane : Lane.values()) {
        flink.submit(job(lane));
      }
      for (Lane lane : Lane.values()) {
        turn(lane, TimeUnit.SECONDS.toMillis(warmUpSeconds));
      }
      Map<Lane, Taken[]> taken = new EnumMap<>(Lane.class);
      for (int round = 0; round < rounds; round++) {
        for (Lane lane : Lane.values()) {
          taken.computeIfAbsent(lane, unused -> new Taken[rounds])[round] = turn(lane, sliceMillis);
        }
      }
      print(taken);
    }
    return 0;
  }

  private StreamGraph job(Lane lane) {
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.getExecutionEnvironment(new Configuration());
    env.setParallelism(1);
    env.getConfig().enableObjectReuse();
    DataStream<ForecastTask> tasks =
        env.fromSequence(0, Long.MAX_VALUE)
            .map(new Tasks(lane, context))
            .returns(StateTypes.FORECAST_TASK);
    WaitingModel model =
        new WaitingModel(
            lane, new ForecasterSpec("none", "1", context, horizon, 1, List.of()), runMicros);
    switch (lane) {
      case NOTHING -> arrive(lane, tasks);
      case FLINK ->
          arrive(
              lane,
              AsyncDataStream.orderedWait(
                      tasks,
                      new FlinksOperator(model, STEP, batch),
                      TIMEOUT.toMillis(),
                      TimeUnit.MILLISECONDS,
                      2 * batch)
                  .returns(IssuedForecast.class));
      case TIDECAST ->
          arrive(
              lane,
              tasks.transform(
                  "forecast",
                  TypeInformation.of(IssuedForecast.class),
                  new ForecastOperatorFactory(
                      model,
                      new InferenceOptions(
                          new InferenceSettings(batch, OnFailure.FALLBACK, 1, TIMEOUT), STEP, 1),
                      MillisClock.SYSTEM)));
    }
    return env.getStreamGraph();
  }

  private static <T> void arrive(Lane lane, DataStream<T> stream) {
    stream.filter(new Arrivals<T>(lane)).sinkTo(new DiscardingSink<>());
  }

  private static Taken turn(Lane lane, long millis) throws InterruptedException {
    long cpu = cpuNanos();
    long bytes = allocated();
    long arrived = lane.arrived();
    long runs = lane.runs();
    lane.open();
    Thread.sleep(millis);
    lane.close();
    // What is under way belongs to this turn.
    Thread.sleep(20);
    long count = lane.arrived() - arrived;
    return new Taken(
        (cpuNanos() - cpu) / 1e3 / count,
        (double) (allocated() - bytes) / count,
        (double) count / Math.max(1, lane.runs() - runs));
  }

  private static long cpuNanos() {
    return sum(THREADS.getThreadCpuTime(others()));
  }

  private static long allocated() {
    return sum(THREADS.getThreadAllocatedBytes(others()));
  }

  /** All threads but the one that measures. */
  private static long[] others() {
    long own = Thread.currentThread().getId();
    return LongStream.of(THREADS.getAllThreadIds()).filter(id -> id != own).toArray();
  }

  /** Of threads that have ended there is a -1. */
  private static long sum(long[] ofThreads) {
    return LongStream.of(ofThreads).filter(value -> value > 0).sum();
  }

  private void print(Map<Lane, Taken[]> taken) {
    System.out.printf(
        Locale.ROOT,
        "Context %d, horizon %d, batches of up to %d, a run waits %d µs, %d turns of %d ms; medians%n%n",
        context,
        horizon,
        batch,
        runMicros,
        rounds,
        sliceMillis);
    double flink = beyondNothing(taken, Lane.FLINK, Taken::cpuMicros);
    double tidecast = beyondNothing(taken, Lane.TIDECAST, Taken::cpuMicros);
    System.out.println("| operator | CPU µs a forecast | bytes allocated | windows a run |");
    System.out.println("|---|---:|---:|---:|");
    row("Flink's asynchronous operator", taken, Lane.FLINK);
    row("the job's", taken, Lane.TIDECAST);
    System.out.printf(Locale.ROOT, "%nRatio of processor time: %.3f%n", tidecast / flink);
    Figures figures = new Figures();
    figures.put("operator.flink-micros", flink);
    figures.put("operator.tidecast-micros", tidecast);
    figures.put("operator.ratio", tidecast / flink);
    figures.print();
  }

  private static void row(String name, Map<Lane, Taken[]> taken, Lane lane) {
    System.out.printf(
        Locale.ROOT,
        "| %s | %.2f | %,.0f | %,.0f |%n",
        name,
        beyondNothing(taken, lane, Taken::cpuMicros),
        beyondNothing(taken, lane, Taken::bytes),
        median(taken, lane, Taken::windows));
  }

  private static double beyondNothing(
      Map<Lane, Taken[]> taken, Lane lane, ToDoubleFunction<Taken> part) {
    return median(taken, lane, part) - median(taken, Lane.NOTHING, part);
  }

  private static double median(Map<Lane, Taken[]> taken, Lane lane, ToDoubleFunction<Taken> part) {
    return Median.of(List.of(taken.get(lane)).stream().mapToDouble(part));
  }

  /** Makes tasks of a few series, the same objects over and over, while it is their turn. */
  private static final class Tasks implements MapFunction<Long, ForecastTask> {

    private static final long serialVersionUID = 1L;

    private final Lane lane;
    private final int context;
    private transient ForecastTask @Nullable [] tasks;

    Tasks(Lane lane, int context) {
      this.lane = lane;
      this.context = context;
    }

    @Override
    public ForecastTask map(Long number) throws InterruptedException {
      lane.enter();
      ForecastTask[] made = tasks;
      if (made == null) {
        made = new ForecastTask[SERIES];
        for (int i = 0; i < SERIES; i++) {
          made[i] = new ForecastTask("series-" + i, i, new float[context], 0, 0);
        }
        tasks = made;
      }
      return made[(int) (number % SERIES)];
    }
  }

  private static final class Arrivals<T> implements FilterFunction<T> {

    private static final long serialVersionUID = 1L;

    private final Lane lane;

    Arrivals(Lane lane) {
      this.lane = lane;
    }

    @Override
    public boolean filter(T element) {
      lane.arrive();
      return false;
    }
  }
}
