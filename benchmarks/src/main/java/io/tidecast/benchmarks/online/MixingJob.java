package io.tidecast.benchmarks.online;

import io.tidecast.benchmarks.process.ProcessorTime;
import io.tidecast.benchmarks.stream.Figures;
import io.tidecast.cli.embedded.EmbeddedFlink;
import io.tidecast.flink.RocksDbDefaults;
import io.tidecast.flink.hindsight.HindsightSetup;
import io.tidecast.flink.hindsight.TargetChannels;
import io.tidecast.flink.mixture.MixtureOperator;
import io.tidecast.flink.mixture.MixtureSetup;
import io.tidecast.flink.record.ClosedCell;
import io.tidecast.flink.record.ForecastScore;
import io.tidecast.flink.record.IssuedForecast;
import io.tidecast.flink.record.Issuer;
import io.tidecast.flink.scores.ScoreOperator;
import io.tidecast.flink.scores.ScoreSetup;
import io.tidecast.flink.state.StateTypes;
import io.tidecast.runtime.grid.GridStep;
import io.tidecast.runtime.mixture.MixturePlan;
import io.tidecast.runtime.mixture.Naive;
import io.tidecast.runtime.scores.ScoreSettings;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.DataStreamUtils;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * What mixing, calibrating and scoring take in a job: the operators and the shuffles to them, of
 * forecasts that a model seems to have made. Jobs of the same forecasts run one after the other,
 * each once before it counts. One drops the forecasts at once, and what it takes is taken off the
 * others. Counted is the processor time of the process, garbage collectors included and compilers
 * not.
 */
@Command(
    name = "benchmarks/run mixing-job",
    mixinStandardHelpOptions = true,
    description = "Measure what mixing, calibrating and scoring take in a job.")
public final class MixingJob implements Callable<Integer> {

  private static final GridStep STEP = GridStep.fixed(Duration.ofMinutes(30));
  private static final int DAY = 48;
  private static final double[] LEVELS = {.05, .25, .75, .95};
  private static final int SAMPLES = 997;

  private static final OutputTag<ClosedCell> CELLS =
      new OutputTag<>("cells", StateTypes.CLOSED_CELL);

  @Option(
      names = "--series",
      defaultValue = "10000",
      description = "Forecast so many series (default: ${DEFAULT-VALUE}).")
  private int series;

  @Option(
      names = "--cells",
      defaultValue = "300",
      description = "Close so many cells of each (default: ${DEFAULT-VALUE}).")
  private int cells;

  @Option(
      names = "--horizon",
      defaultValue = "48",
      description = "Forecast so many steps (default: ${DEFAULT-VALUE}).")
  private int horizon;

  @Option(
      names = "--backend",
      defaultValue = "hashmap",
      description = "Keep state so, hashmap or rocksdb (default: ${DEFAULT-VALUE}).")
  private String backend;

  @Option(
      names = "--managed-memory",
      defaultValue = "1g",
      description =
          "RocksDB has so much memory to cache and write from (default: ${DEFAULT-VALUE}).")
  private String managedMemory;

  @Option(
      names = "--warm-up",
      description =
          "Before a job counts, run it with so many of the series (default: with all of them).")
  private @Nullable Integer warmUp;

  @Option(
      names = "--jobs",
      split = ",",
      description = "Measure these jobs only: ${COMPLETION-CANDIDATES} (default: all).")
  private List<Lane> jobs = List.of(Lane.values());

  /** What a job does with forecasts. */
  private enum Lane {
    NOTHING,
    CALIBRATE,
    MIX,
    MIX_AND_SCORE;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** Exits with 0 when everything was measured. */
  public static void main(String[] arguments) {
    System.exit(
        new CommandLine(new MixingJob())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    Configuration settings = new Configuration();
    settings.set(StateBackendOptions.STATE_BACKEND, backend);
    settings.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
    settings.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.parse(managedMemory));
    // As the job has them.
    RocksDbDefaults.addTo(settings, new Configuration());
    Figures figures = new Figures();
    System.out.printf(
        Locale.ROOT,
        "%,d series, %d cells of each, %d steps, state in %s%n%n| job | CPU µs a forecast"
            + " |%n|---|---:|%n",
        series,
        cells,
        horizon,
        backend);
    double nothing = 0;
    try (EmbeddedFlink flink = EmbeddedFlink.start(1, settings)) {
      Set<Lane> measured = EnumSet.of(Lane.NOTHING);
      measured.addAll(jobs);
      for (Lane lane : measured) {
        run(flink, lane, settings, warmUp == null ? series : warmUp);
        double micros = run(flink, lane, settings, series);
        nothing = lane == Lane.NOTHING ? micros : nothing;
        System.out.printf(Locale.ROOT, "| %s | %.2f |%n", lane, micros - nothing);
        figures.put("mixing-job." + lane, micros - nothing);
      }
    }
    figures.print();
    return 0;
  }

  private double run(EmbeddedFlink flink, Lane lane, Configuration settings, int of)
      throws Exception {
    ProcessorTime before = ProcessorTime.ofThisProcess();
    EmbeddedFlink.Job job = flink.submit(graph(lane, settings, of));
    while (!job.finished()) {
      Thread.sleep(100);
    }
    long nanos = ProcessorTime.ofThisProcess().since(before).withoutJitNanos();
    return nanos / 1e3 / ((double) of * cells);
  }

  private StreamGraph graph(Lane lane, Configuration settings, int of) {
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(settings);
    env.setParallelism(1);
    env.getConfig().enableObjectReuse();
    SingleOutputStreamOperator<IssuedForecast> forecasts =
        env.fromSequence(0, (long) of * cells - 1)
            .assignTimestampsAndWatermarks(inOrder(of))
            .process(new Forecasts(of, horizon, lane != Lane.NOTHING), StateTypes.ISSUED_FORECAST);
    DataStream<IssuedForecast> given = forecasts;
    if (lane != Lane.NOTHING) {
      given = answered(lane, forecasts);
    }
    given.sinkTo(new DiscardingSink<>());
    return env.getStreamGraph();
  }

  /** Time goes on as cells close. */
  private static WatermarkStrategy<Long> inOrder(int series) {
    return WatermarkStrategy.<Long>forMonotonousTimestamps()
        .withTimestampAssigner((number, before) -> STEP.startMillis(number / series));
  }

  private DataStream<IssuedForecast> answered(
      Lane lane, SingleOutputStreamOperator<IssuedForecast> forecasts) {
    HindsightSetup hindsight = new HindsightSetup(STEP, null, new TargetChannels(List.of(), 1));
    boolean mixes = lane != Lane.CALIBRATE;
    List<Naive> naives =
        mixes
            ? List.of(
                Naive.season("seasonal-naive-12h", DAY / 2),
                Naive.season("seasonal-naive-1d", DAY),
                Naive.last("repeat-last"))
            : List.of();
    MixtureSetup setup =
        new MixtureSetup(
            new MixturePlan(1, naives, LEVELS, 0),
            mixes,
            List.of(),
            new int[] {0},
            false,
            lane == Lane.MIX_AND_SCORE ? leads() : new int[0],
            hindsight);
    DataStream<ClosedCell> closed = forecasts.getSideOutput(CELLS);
    SingleOutputStreamOperator<IssuedForecast> mixed =
        closed
            .keyBy(ClosedCell::series, Types.STRING)
            .connect(forecasts.keyBy(IssuedForecast::series, Types.STRING))
            .transform("mixture", StateTypes.ISSUED_FORECAST, new MixtureOperator(setup));
    if (lane == Lane.MIX_AND_SCORE) {
      ScoreSettings settings =
          new ScoreSettings(ScoreSettings.leadsTo(horizon), 1, DAY, 1_000, 200, 4);
      // As the job has it.
      DataStreamUtils.reinterpretAsKeyedStream(
              mixed.getSideOutput(MixtureOperator.SCORED), MixtureOperator::series, Types.STRING)
          .transform(
              "scores",
              TypeInformation.of(ForecastScore.class),
              new ScoreOperator(new ScoreSetup(settings, horizon, hindsight, null)))
          .sinkTo(new DiscardingSink<>());
    }
    return mixed;
  }

  private int[] leads() {
    return ScoreSettings.leadsTo(horizon).stream().mapToInt(Integer::intValue).toArray();
  }

  /** One cell after the other of all series, each with the forecast that is made from it. */
  private static final class Forecasts extends ProcessFunction<Long, IssuedForecast> {

    private static final long serialVersionUID = 1L;

    private final int series;
    private final int horizon;
    private final boolean tellsCells;
    private transient String[] names;
    private transient float[][] points;
    private transient Issuer issuer;

    Forecasts(int series, int horizon, boolean tellsCells) {
      this.series = series;
      this.horizon = horizon;
      this.tellsCells = tellsCells;
    }

    @Override
    public void open(OpenContext context) {
      names = new String[series];
      for (int i = 0; i < series; i++) {
        names[i] = "site-" + i + "/power";
      }
      points = new float[SAMPLES][horizon];
      for (int i = 0; i < SAMPLES; i++) {
        for (int step = 0; step < horizon; step++) {
          points[i][step] = (float) Math.sin(i * 31 + step);
        }
      }
      issuer = new Issuer("model", "1", 1, new String[0], new double[0], "default");
    }

    @Override
    public void processElement(Long number, Context context, Collector<IssuedForecast> out) {
      int one = (int) (number % series);
      long cell = number / series;
      int sample = (int) (number % SAMPLES);
      long millis = STEP.startMillis(cell);
      if (tellsCells) {
        double[] values = {points[(sample + 7) % SAMPLES][0]};
        context.output(CELLS, new ClosedCell(names[one], millis, values, false));
      }
      out.collect(
          new IssuedForecast(
              names[one],
              millis,
              millis,
              issuer,
              points[sample],
              new float[0],
              0,
              false,
              0,
              horizon));
    }
  }
}
