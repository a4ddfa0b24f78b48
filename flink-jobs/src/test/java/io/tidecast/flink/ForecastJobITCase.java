package io.tidecast.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.covariates.CovariateSamples;
import io.tidecast.flink.model.ForecastRole;
import io.tidecast.flink.model.ForecasterFactory;
import io.tidecast.flink.model.ModelSlot;
import io.tidecast.flink.model.ModelSlots;
import io.tidecast.flink.model.SeriesRoute;
import io.tidecast.flink.record.Anomaly;
import io.tidecast.flink.record.ForecastScore;
import io.tidecast.flink.record.IssuedForecast;
import io.tidecast.flink.record.ParsedMeasurement;
import io.tidecast.flink.record.SourceRecord;
import io.tidecast.flink.scores.ScoreSetup;
import io.tidecast.flink.source.ParseMeasurements;
import io.tidecast.flink.testing.Samples;
import io.tidecast.flink.testing.TestingModel;
import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.mixture.MixturePlan;
import io.tidecast.runtime.mixture.Naive;
import io.tidecast.runtime.mixture.TargetMixture;
import io.tidecast.runtime.scores.Contestant;
import io.tidecast.runtime.scores.ForecastValues;
import io.tidecast.runtime.scores.Score;
import io.tidecast.runtime.scores.ScoredForecast;
import io.tidecast.runtime.scores.Scoring;
import io.tidecast.runtime.scores.SeriesScores;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.common.state.CheckpointListener;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.connector.datagen.source.GeneratorFunction;
import org.apache.flink.metrics.Counter;
import org.apache.flink.runtime.testutils.InMemoryReporter;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.assertj.core.groups.Tuple;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The job between its source and its sinks, in a cluster in this JVM. */
@Tag("cluster")
@Timeout(120)
class ForecastJobITCase {

  private static final int CELLS = 120;

  /** Of this cell the values are far from what they count up to. */
  private static final long JUMP = 80;

  private static final long DAY = 86_400_000;
  private static final List<String> SERIES = List.of("a", "b", "c");

  private static final InMemoryReporter REPORTER = InMemoryReporter.createWithRetainedMetrics();

  @RegisterExtension
  static final MiniClusterExtension CLUSTER =
      new MiniClusterExtension(
          new MiniClusterResourceConfiguration.Builder()
              .setNumberTaskManagers(1)
              .setNumberSlotsPerTaskManager(2)
              .setConfiguration(REPORTER.addToConfiguration(new Configuration()))
              .build());

  // Static, because everything given to the cluster is serialized.
  private static final AtomicInteger CHECKPOINTS = new AtomicInteger();
  private static final AtomicInteger STARTS = new AtomicInteger();
  private static final AtomicBoolean TO_FAIL = new AtomicBoolean();

  @BeforeEach
  void reset() {
    CHECKPOINTS.set(0);
    STARTS.set(0);
    TO_FAIL.set(false);
  }

  @Test
  void shouldForecastEveryGoodRecordAndAnswerForEveryBadOne() throws Exception {
    assertThat(run("undisturbed", new TestingModel(w -> {})))
        .containsExactlyInAnyOrderElementsOf(expected());
    assertThat(STARTS).hasValue(2);
    assertThat(sum("window", "tidecast.reason.cold-start.skippedWindows")).isEqualTo(9);
    assertThat(sum("window", "tidecast.reason.too-many-missing.skippedWindows")).isZero();
    assertThat(sum("window", "tidecast.forecastRequests")).isEqualTo(3 * (CELLS - 3));
    assertThat(sum("forecast", "tidecast.timedOutWindows")).isZero();
  }

  @Test
  void shouldLoseNothingAndRepeatNothingWhenTheTaskFails() throws Exception {
    TO_FAIL.set(true);
    List<String> output = run("failing", failingOnce());
    assertThat(TO_FAIL).as("failed").isFalse();
    assertThat(STARTS).as("both subtasks twice").hasValue(4);
    assertThat(output).containsExactlyInAnyOrderElementsOf(expected());
  }

  /** One series by a model of its own with a shorter context, and a shadow beside all of them. */
  @Test
  void shouldForecastEachSeriesByItsOwnModelAndShadowsBeside() throws Exception {
    String own = SERIES.get(0);
    ForecasterSpec shorter = new ForecasterSpec("shorter", "1", 2, 1, 1, List.of());
    ForecasterSpec longer = new ForecasterSpec("longer", "3", 5, 2, 1, List.of());
    JobConfig config =
        Samples.config(
            "models: [{name: own, path: a, series: \"%s\"}, {name: tried, path: b, role: shadow}]"
                .formatted(own));
    ModelSlots models =
        new ModelSlots(
            List.of(
                slot(ModelSlot.DEFAULT, ForecastRole.PRIMARY, SeriesRoute.ALL, Samples.SPEC),
                slot("own", ForecastRole.PRIMARY, new SeriesRoute(own, null), shorter),
                slot("tried", ForecastRole.SHADOW, SeriesRoute.ALL, longer)));
    StreamExecutionEnvironment env = environment();
    DataStream<ParsedMeasurement> parsed =
        parsed(
            env,
            CELLS * (SERIES.size() + 1),
            ForecastJobITCase::record,
            Samples.closedParser(config));
    ForecastJob.Outputs outputs =
        new Topology(config, models, () -> Samples.NOW)
            .connect(new Topology.Inputs(parsed, null, null, null));

    List<String> all =
        outputs
            .forecasts()
            .union(outputs.shadows())
            .map(ForecastJobITCase::byWhom)
            .returns(Types.STRING)
            .executeAndCollect("several", 10_000);

    List<String> primaries = new ArrayList<>();
    List<String> shadows = new ArrayList<>();
    for (String series : SERIES) {
      boolean isOwn = series.equals(own);
      for (long cell = isOwn ? 1 : 3; cell < CELLS; cell++) {
        String of = series + " " + cell;
        primaries.add(of + (isOwn ? " PRIMARY shorter 1" : " PRIMARY testing 2"));
        if (cell >= 4) {
          shadows.add(of + " SHADOW longer 2");
        }
      }
    }
    assertThat(all)
        .filteredOn(one -> one.contains("PRIMARY"))
        .containsExactlyInAnyOrderElementsOf(primaries);
    assertThat(all)
        .filteredOn(one -> one.contains("SHADOW"))
        .as("those that a busy shadow has no room for are left out")
        .isNotEmpty()
        .doesNotHaveDuplicates()
        .isSubsetOf(shadows);
  }

  private static String byWhom(IssuedForecast forecast) {
    return "%s %d %s %s %d"
        .formatted(
            forecast.series(),
            forecast.originMillis() / Samples.STEP,
            forecast.role(),
            forecast.issuer().modelId(),
            forecast.horizon());
  }

  /**
   * A model that fails once there are checkpoints to go back to, where {@link #TO_FAIL} says so.
   */
  private static TestingModel failingOnce() {
    return new TestingModel(
        windows -> {
          if (CHECKPOINTS.get() > 1 && TO_FAIL.compareAndSet(true, false)) {
            throw new AssertionError("injected");
          }
        });
  }

  private static ModelSlot slot(
      String name, ForecastRole role, SeriesRoute route, ForecasterSpec spec) {
    return new ModelSlot(name, role, route, new TestingModel(spec, w -> {}), "nowhere");
  }

  @Test
  void shouldForecastForeignRecordsAsItsOwn() throws Exception {
    JobConfig config =
        Samples.config(
            """
            source:
              format: json
              mapping:
                series: meter.id
                time: readAt
                time-format: iso-8601
                values: readings[0].kwh
            """);
    assertThat(run("foreign", new TestingModel(w -> {}), config, ForecastJobITCase::foreign))
        .containsExactlyInAnyOrderElementsOf(expected());
  }

  @Test
  void shouldForecastFromCovariatesAndAnswerForWindowsThatLackSome() throws Exception {
    TestingModel model = new TestingModel(CovariateSamples.SPEC, CovariateSamples.MODEL, w -> {});
    JobConfig config = CovariateSamples.config("wait: 1h, max-waiting: 1000");
    StreamExecutionEnvironment env = environment();
    int count = CELLS * (SERIES.size() + 1);
    DataStream<ParsedMeasurement> loads =
        parsed(env, count, ForecastJobITCase::load, Samples.closedParser(config));
    DataStream<ParsedMeasurement> winds =
        parsed(env, count, ForecastJobITCase::wind, Samples.covariateParser(config));
    List<String> expected = new ArrayList<>();
    for (int cell = 0; cell < CELLS; cell++) {
      for (int turn = 0; turn <= SERIES.size(); turn++) {
        if (turn == 2 || turn == 3 || turn == 1 && cell >= CELLS - 2) {
          expected.add("malformed " + (cell * (SERIES.size() + 1) + turn));
        }
        if (turn < 3 && cell >= 2) {
          boolean known = cell <= CELLS - 3 - 2 * turn && turn < 2;
          // The last channel is the hour; the baseline repeats the load.
          String values =
              known
                  ? "%d.0 %d.0".formatted(cell / 60 + 1, cell / 60 + 2)
                  : "%d.0 %d.0".formatted(cell, cell);
          expected.add(
              "%s %d %s".formatted(SERIES.get(turn), cell * CovariateSamples.STEP, values));
        }
      }
      expected.add("invalid-series " + (cell * (SERIES.size() + 1) + 3));
    }

    assertThat(
            run(
                "covariates",
                new Topology(config, ModelSlots.of(model), () -> Samples.NOW)
                    .connect(new Topology.Inputs(loads, null, winds, null))))
        .containsExactlyInAnyOrderElementsOf(expected);
  }

  /** In turn one minute of each series, then one of none. */
  private static SourceRecord load(long index) {
    int turn = (int) (index % (SERIES.size() + 1));
    long cell = index / (SERIES.size() + 1);
    String series = turn < SERIES.size() ? SERIES.get(turn) : " ";
    byte[] value = Samples.observation(series, cell * CovariateSamples.STEP, (double) cell);
    return new SourceRecord("observations", 0, index, 0, null, value);
  }

  /** Of the first series, and of the second but for two minutes; the rest is no record. */
  private static SourceRecord wind(long index) {
    int turn = (int) (index % (SERIES.size() + 1));
    long cell = index / (SERIES.size() + 1);
    boolean known = turn == 0 || turn == 1 && cell < CELLS - 2;
    byte[] value =
        known
            ? Samples.observation(SERIES.get(turn), cell * CovariateSamples.STEP, 7.0)
            : new byte[] {1};
    return new SourceRecord("weather", 0, index, 0, null, value);
  }

  @Test
  void shouldScoreWhatItForecasts() throws Exception {
    JobConfig config = Samples.config("scores: {topic: how-good, every: 4}");
    int count = CELLS * (SERIES.size() + 1);
    DataStream<ParsedMeasurement> parsed =
        parsed(environment(), count, ForecastJobITCase::record, Samples.closedParser(config));
    ForecastJob.Outputs outputs =
        new Topology(config, ModelSlots.of(new TestingModel(windows -> {})), () -> Samples.NOW)
            .connect(new Topology.Inputs(parsed, null, null, null));

    List<ForecastScore> scores = outputs.scores().executeAndCollect("scored", 10_000);

    assertThat(scores)
        .extracting(ForecastScore::series)
        .hasSameElementsAs(SERIES)
        .hasSizeLessThanOrEqualTo(SERIES.size() * (CELLS - 3));
    // What counts up by one in each cell is forecast without an error, but for its season.
    assertThat(scores)
        .allSatisfy(
            score -> {
              assertThat(score.modelId()).isEqualTo("testing");
              assertThat(score.window().mae()).isZero();
              assertThat(score.window().naiveMae()).isEqualTo(score.lastLead());
              assertThat(score.window().mase()).isZero();
            });
    assertThat(scores).extracting(ForecastScore::lastLead).contains(1, 2);
  }

  /**
   * Two models and two naives, with a failure in the middle: what the arithmetic says, to the bit.
   */
  @Test
  void shouldMixAndCalibrateWhatModelsAndCellsSay() throws Exception {
    ForecasterSpec longer = new ForecasterSpec("longer", "3", 5, 2, 1, List.of());
    JobConfig config =
        Samples.config(
            "models: [{name: second, path: b, role: member}]",
            "mixture: {members: [model, seasonal-naive-3s, repeat-last], show-members: true}",
            "calibration: {levels: [0.1, 0.5, 0.9]}");
    TO_FAIL.set(true);
    ModelSlots models =
        new ModelSlots(
            List.of(
                new ModelSlot(
                    ModelSlot.DEFAULT,
                    ForecastRole.PRIMARY,
                    SeriesRoute.ALL,
                    failingOnce(),
                    "nowhere"),
                slot("second", ForecastRole.MEMBER, SeriesRoute.ALL, longer)));
    DataStream<ParsedMeasurement> parsed =
        parsed(
            environment(),
            CELLS * (SERIES.size() + 1),
            ForecastJobITCase::wavy,
            Samples.closedParser(config));
    ForecastJob.Outputs outputs =
        new Topology(config, models, () -> Samples.NOW)
            .connect(new Topology.Inputs(parsed, null, null, null));

    List<String> all =
        outputs
            .forecasts()
            .union(outputs.shadows())
            .map(ForecastJobITCase::whole)
            .returns(Types.STRING)
            .executeAndCollect("mixed", 10_000);

    assertThat(TO_FAIL).as("failed").isFalse();
    List<String> mixed = new ArrayList<>();
    int members = 0;
    for (int turn = 0; turn < SERIES.size(); turn++) {
      mixed.addAll(mixed(turn));
      // The model from its third cell on, the other from its fourth, the naives with them.
      members += 3 * (CELLS - 3) + CELLS - 4;
    }
    assertThat(all)
        .filteredOn(one -> one.contains(" PRIMARY "))
        .containsExactlyInAnyOrderElementsOf(mixed);
    assertThat(all)
        .filteredOn(one -> one.contains(" MEMBER "))
        .hasSize(members)
        .doesNotHaveDuplicates();
  }

  /** What is to come of one series. */
  private static List<String> mixed(int turn) {
    List<String> mixed = new ArrayList<>();
    mix(
        turn,
        (cell, value, all, known) -> {
          if (all != null) {
            mixed.add(
                "%s %d PRIMARY mixture %s %s"
                    .formatted(
                        SERIES.get(turn),
                        cell,
                        Arrays.toString(all.mixed()),
                        Arrays.toString(known ? all.quantiles() : new float[0])));
          }
        });
    return mixed;
  }

  /** Hears of each cell, and of what is said at it. */
  private interface Mixes {

    /**
     * @param all what is said, null where nothing is
     * @param known whether there are quantiles
     */
    void hear(long cell, double value, TargetMixture.@Nullable Said all, boolean known);
  }

  private static void mix(int turn, Mixes mixes) {
    MixturePlan plan =
        new MixturePlan(
            2,
            List.of(Naive.season("seasonal-naive-3s", 3), Naive.last("repeat-last")),
            new double[] {.1, .5, .9},
            0);
    TargetMixture mixture = plan.begin();
    for (long cell = 0; cell < CELLS; cell++) {
      float value = (float) wave(turn, cell);
      mixture.close(cell, value);
      if (cell < 3) {
        mixes.hear(cell, value, null, false);
      } else {
        float[] said = {value + 1, value + 2};
        float[] silent = {Float.NaN, Float.NaN};
        TargetMixture.Said all =
            new TargetMixture.Said(
                new float[][] {said, cell >= 4 ? said : silent, new float[2], new float[2]},
                said,
                new float[2],
                new float[6],
                new double[4]);
        boolean known = mixture.forecast(cell, 0, all);
        mixes.hear(cell, value, all, known);
      }
    }
  }

  /**
   * The mixture and its members are scored where they are mixed, with a failure in the middle: what
   * the arithmetic says, to the bit. Shadows, which may leave windows out, come there as well.
   */
  @Test
  void shouldScoreWhatItMixes() throws Exception {
    ForecasterSpec longer = new ForecasterSpec("longer", "3", 5, 2, 1, List.of());
    ForecasterSpec tried = new ForecasterSpec("tried", "1", 2, 2, 1, List.of());
    JobConfig config =
        Samples.config(
            "models: [{name: second, path: b, role: member}, {name: third, path: c, role: shadow}]",
            "mixture: {members: [model, seasonal-naive-3s, repeat-last]}",
            "calibration: {levels: [0.1, 0.5, 0.9]}",
            "scores: {topic: how-good, every: 4, season: PT3S}");
    TO_FAIL.set(true);
    ModelSlots models =
        new ModelSlots(
            List.of(
                new ModelSlot(
                    ModelSlot.DEFAULT,
                    ForecastRole.PRIMARY,
                    SeriesRoute.ALL,
                    failingOnce(),
                    "nowhere"),
                slot("second", ForecastRole.MEMBER, SeriesRoute.ALL, longer),
                slot("third", ForecastRole.SHADOW, SeriesRoute.ALL, tried)));
    DataStream<ParsedMeasurement> parsed =
        parsed(
            environment(),
            CELLS * (SERIES.size() + 1),
            ForecastJobITCase::wavy,
            Samples.closedParser(config));

    List<ForecastScore> scores =
        new Topology(config, models, () -> Samples.NOW)
            .connect(new Topology.Inputs(parsed, null, null, null))
            .scores()
            .executeAndCollect("scored-mixture", 10_000);

    assertThat(TO_FAIL).as("failed").isFalse();
    assertThat(scores)
        .filteredOn(score -> score.role() == ForecastRole.SHADOW)
        .extracting(ForecastScore::modelId)
        .isNotEmpty()
        .containsOnly("tried");
    for (int turn = 0; turn < SERIES.size(); turn++) {
      String series = SERIES.get(turn);
      Map<String, Score> expected = scored(turn, config);
      List<ForecastScore> told =
          scores.stream()
              .filter(score -> score.series().equals(series))
              .filter(score -> score.role() != ForecastRole.SHADOW)
              .toList();
      assertThat(told)
          .extracting(ForecastScore::modelId)
          .contains("mixture", "testing", "longer", "seasonal-naive-3s", "repeat-last");
      // Every fourth cell or so, of each model at both leads.
      assertThat(told).hasSizeGreaterThan(CELLS / 4 * 5);
      for (ForecastScore score : told) {
        long cell = score.timeMillis() / Samples.STEP;
        Score then = expected.get(of(cell, score.modelId(), score.lastLead()));
        assertThat(score.window()).as("%s", score).isEqualTo(then.window());
        assertThat(score.recent()).as("%s", score).isEqualTo(then.weighted());
        assertThat(score.role().text()).isEqualTo(then.role());
        // Before a checkpoint, a score may be told when the forecast from its cell is under way.
        Score before = expected.getOrDefault(of(cell - 1, score.modelId(), score.lastLead()), then);
        assertThat(score.weight()).isIn(then.weight(), before.weight());
      }
    }
  }

  /** The scores of one series at each cell, by cell, model and lead. */
  private static Map<String, Score> scored(int turn, JobConfig config) {
    ScoreSetup setup =
        ScoreSetup.of(
            config.scores(), config.series(), new ScoreSetup.Of(2, 3, List.of(), null, 256));
    SeriesScores scores = new Scoring(setup.settings()).begin();
    Map<String, Score> expected = new HashMap<>();
    mix(
        turn,
        (cell, value, all, known) -> {
          scores.close(cell, new double[] {value});
          if (all != null) {
            double[] levels = {.1, .5, .9};
            scores.forecast(
                said(
                    "mixture",
                    levels,
                    cell,
                    all.mixed(),
                    known ? all.quantiles() : null,
                    "primary",
                    Double.NaN));
            String[] members = {"testing", "longer", "seasonal-naive-3s", "repeat-last"};
            for (int i = 0; i < members.length; i++) {
              float[] points = all.points()[i];
              if (!Float.isNaN(points[0])) {
                scores.forecast(
                    said(members[i], new double[0], cell, points, null, "member", all.shares()[i]));
              }
            }
          }
          scores
              .scores()
              .forEach(one -> expected.put(of(cell, one.by().model(), one.lastLead()), one));
        });
    return expected;
  }

  private static String of(long cell, String model, int lead) {
    return "%d %s %d".formatted(cell, model, lead);
  }

  private static ScoredForecast said(
      String model,
      double[] levels,
      long origin,
      float[] points,
      float @Nullable [] quantiles,
      String role,
      double weight) {
    float[] then = points.clone();
    float[] around = quantiles == null ? null : quantiles.clone();
    return new ScoredForecast(
        new Contestant(model, "1", new int[] {0}, levels),
        origin,
        0,
        2,
        new ForecastValues() {
          @Override
          public double point(int step, int target) {
            return then[step];
          }

          @Override
          public double quantile(int step, int target, int level) {
            return around == null ? then[step] : around[step * levels.length + level];
          }
        },
        role,
        weight);
  }

  private static String whole(IssuedForecast forecast) {
    return "%s %d %s %s %s %s"
        .formatted(
            forecast.series(),
            forecast.originMillis() / Samples.STEP,
            forecast.role(),
            forecast.issuer().modelId(),
            Arrays.toString(forecast.points()),
            Arrays.toString(forecast.quantiles()));
  }

  private static double wave(int turn, long cell) {
    return Math.rint(100 * Math.sin(cell * (turn + 2)) + 10 * (cell % 3));
  }

  private static SourceRecord wavy(long index) {
    int turn = (int) (index % (SERIES.size() + 1));
    long cell = index / (SERIES.size() + 1);
    byte[] good =
        Samples.observation(
            SERIES.get(turn % SERIES.size()), cell * Samples.STEP, wave(turn, cell));
    byte[] value = turn < SERIES.size() ? good : Arrays.copyOf(good, good.length - 1);
    return new SourceRecord("observations", 0, index, 0, null, value);
  }

  @Test
  void shouldTellWhatItDidNotExpect() throws Exception {
    JobConfig config = Samples.config("anomalies: {topic: strange}");
    int count = CELLS * (SERIES.size() + 1);
    DataStream<ParsedMeasurement> parsed =
        parsed(environment(), count, ForecastJobITCase::jumping, Samples.closedParser(config))
            .assignTimestampsAndWatermarks(
                WatermarkStrategy.<ParsedMeasurement>forMonotonousTimestamps()
                    .withTimestampAssigner(
                        (one, before) ->
                            one.accepted() == null ? before : one.accepted().timeMillis()))
            // With the source, or the order of its records would be lost on the way.
            .setParallelism(1);
    ForecastJob.Outputs outputs =
        new Topology(config, ModelSlots.of(new TestingModel(windows -> {})), () -> Samples.NOW)
            .connect(new Topology.Inputs(parsed, null, null, null));

    List<Anomaly> anomalies = outputs.anomalies().executeAndCollect("watched", 10_000);

    // The value that jumps, and the next one, which the model expects to be as high.
    assertThat(anomalies)
        .extracting(Anomaly::series, Anomaly::timeMillis, Anomaly::value, Anomaly::expected)
        .containsExactlyInAnyOrder(
            SERIES.stream()
                .flatMap(
                    series ->
                        Stream.of(
                            tuple(series, JUMP * Samples.STEP, JUMP + 500.0, (double) JUMP),
                            tuple(series, (JUMP + 1) * Samples.STEP, JUMP + 1.0, JUMP + 501.0)))
                .toArray(Tuple[]::new));
    assertThat(anomalies)
        .allSatisfy(
            anomaly -> {
              assertThat(anomaly.source().modelId()).isEqualTo("testing");
              assertThat(anomaly.source().lead()).isEqualTo(1);
              assertThat(anomaly.score()).isGreaterThan(1);
            });
  }

  @Test
  void shouldLetTheBaselineAnswerForYoungSeries() throws Exception {
    JobConfig config =
        Samples.config(
            "series: {step: 1s, cold-start: baseline, time-to-live: 1h, max-series: 100}",
            "model: {path: nowhere, on-failure: dead-letter}");
    List<String> expected = expected();
    for (String series : SERIES) {
      for (int cell = 0; cell < 3; cell++) {
        expected.add("%s %d %d.0 %d.0".formatted(series, cell * 1_000, cell, cell));
      }
    }
    assertThat(run("young", new TestingModel(w -> {}), config, ForecastJobITCase::record))
        .containsExactlyInAnyOrderElementsOf(expected);
  }

  /** A counter of the undisturbed job, all subtasks together. */
  private static long sum(String operator, String counter) {
    List<Long> counts = new ArrayList<>();
    REPORTER
        .getMetricsByGroup()
        .forEach(
            (group, metrics) ->
                metrics.forEach(
                    (name, metric) -> {
                      String id = group.getMetricIdentifier(name);
                      if (id.contains(".undisturbed." + operator + ".")
                          && id.endsWith("." + counter)) {
                        counts.add(((Counter) metric).getCount());
                      }
                    }));
    assertThat(counts).as("one for each subtask").hasSize(2);
    return counts.get(0) + counts.get(1);
  }

  private static List<String> run(String name, ForecasterFactory model) throws Exception {
    return run(name, model, Samples.config(), ForecastJobITCase::record);
  }

  private static List<String> run(
      String name,
      ForecasterFactory model,
      JobConfig config,
      GeneratorFunction<Long, SourceRecord> records)
      throws Exception {
    StreamExecutionEnvironment env = environment();
    int count = CELLS * (SERIES.size() + 1);
    DataStream<ParsedMeasurement> parsed =
        parsed(env, count, records, Samples.closedParser(config));
    return run(
        name,
        new Topology(config, ModelSlots.of(model), () -> Samples.NOW)
            .connect(new Topology.Inputs(parsed, null, null, null)));
  }

  private static StreamExecutionEnvironment environment() {
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    Configuration settings = new Configuration();
    settings.set(PipelineOptions.GENERIC_TYPES, false);
    settings.set(PipelineOptions.OBJECT_REUSE, true);
    settings.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
    settings.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 1);
    settings.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ZERO);
    env.configure(settings);
    env.setParallelism(2);
    env.enableCheckpointing(100);
    return env;
  }

  private static DataStream<ParsedMeasurement> parsed(
      StreamExecutionEnvironment env,
      int count,
      GeneratorFunction<Long, SourceRecord> records,
      ParseMeasurements parser) {
    return env.fromSource(
            new DataGeneratorSource<>(
                records,
                count,
                RateLimiterStrategy.perSecond(count / 2.0),
                TypeInformation.of(SourceRecord.class)),
            WatermarkStrategy.noWatermarks(),
            "records")
        .setParallelism(1)
        .map(new Parse(parser), TypeInformation.of(ParsedMeasurement.class))
        .setParallelism(1);
  }

  private static List<String> run(String name, ForecastJob.Outputs outputs) throws Exception {
    DataStream<String> all =
        outputs
            .forecasts()
            .map(new Starts())
            .returns(Types.STRING)
            .union(
                outputs
                    .rejections()
                    .map(r -> r.code().code() + " " + r.source().offset())
                    .returns(Types.STRING));
    return all.executeAndCollect(name, 10_000);
  }

  /** The same in JSON, under other names. */
  private static SourceRecord foreign(long index) {
    int turn = (int) (index % (SERIES.size() + 1));
    long cell = index / (SERIES.size() + 1);
    String json =
        """
        {"readAt": "%s", "meter": {"id": "%s", "model": 3}, "readings": [{"kwh": %d}]}\
        """
            .formatted(
                Instant.ofEpochMilli(cell * Samples.STEP), SERIES.get(turn % SERIES.size()), cell);
    int length = turn < SERIES.size() ? json.length() : json.length() - 1;
    byte[] value = json.substring(0, length).getBytes(StandardCharsets.UTF_8);
    return new SourceRecord("meters", 0, index, 0, null, value);
  }

  /** In turn one cell of each series, then a record that is none. */
  private static SourceRecord record(long index) {
    int turn = (int) (index % (SERIES.size() + 1));
    long cell = index / (SERIES.size() + 1);
    byte[] good =
        Samples.observation(SERIES.get(turn % SERIES.size()), cell * Samples.STEP, (double) cell);
    byte[] value = turn < SERIES.size() ? good : Arrays.copyOf(good, good.length - 1);
    return new SourceRecord("observations", 0, index, 0, null, value);
  }

  /** The same with one value that is out of turn. */
  private static SourceRecord jumping(long index) {
    int turn = (int) (index % (SERIES.size() + 1));
    long cell = index / (SERIES.size() + 1);
    double value = cell == JUMP ? cell + 500 : cell;
    byte[] good = Samples.observation(SERIES.get(turn % SERIES.size()), cell * Samples.STEP, value);
    byte[] bytes = turn < SERIES.size() ? good : Arrays.copyOf(good, good.length - 1);
    return new SourceRecord("observations", 0, index, 0, null, bytes);
  }

  /** The same with a second channel, the first one's opposite. */
  private static SourceRecord wide(long index) {
    int turn = (int) (index % (SERIES.size() + 1));
    long cell = index / (SERIES.size() + 1);
    byte[] good =
        Samples.observation(
            SERIES.get(turn % SERIES.size()), cell * Samples.STEP, (double) cell, (double) -cell);
    byte[] value = turn < SERIES.size() ? good : Arrays.copyOf(good, good.length - 1);
    return new SourceRecord("observations", 0, index, 0, null, value);
  }

  private static List<String> expected() {
    List<String> expected = new ArrayList<>();
    for (int cell = 0; cell < CELLS; cell++) {
      expected.add("malformed " + (cell * (SERIES.size() + 1) + SERIES.size()));
      for (String series : SERIES) {
        if (cell >= 3) {
          expected.add("%s %d %d.0 %d.0".formatted(series, cell * 1_000, cell + 1, cell + 2));
        }
      }
    }
    return expected;
  }

  private static final class Parse extends RichMapFunction<SourceRecord, ParsedMeasurement>
      implements CheckpointListener {

    private static final long serialVersionUID = 1L;

    private final ParseMeasurements parser;

    Parse(ParseMeasurements parser) {
      this.parser = parser;
    }

    @Override
    public void open(OpenContext context) {
      parser.open(null);
    }

    @Override
    public ParsedMeasurement map(SourceRecord record) {
      return parser.parse(record, Samples.NO_HEADERS).get(0);
    }

    @Override
    public void notifyCheckpointComplete(long checkpoint) {
      CHECKPOINTS.incrementAndGet();
    }
  }

  private static final class Starts extends RichMapFunction<IssuedForecast, String> {

    private static final long serialVersionUID = 1L;

    @Override
    public void open(OpenContext context) {
      STARTS.incrementAndGet();
    }

    @Override
    public String map(IssuedForecast forecast) {
      return "%s %d %s %s"
          .formatted(
              forecast.series(),
              forecast.originMillis(),
              forecast.points()[0],
              forecast.points()[1]);
    }
  }
}
