package io.tidecast.flink.mixture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidecast.flink.grid.Cadence;
import io.tidecast.flink.hindsight.HindsightSetup;
import io.tidecast.flink.hindsight.TargetChannels;
import io.tidecast.flink.model.ForecastRole;
import io.tidecast.flink.record.ClosedCell;
import io.tidecast.flink.record.IssuedForecast;
import io.tidecast.flink.record.Issuer;
import io.tidecast.flink.record.LeadForecast;
import io.tidecast.flink.record.LeadForecasts;
import io.tidecast.flink.series.SeriesSettings;
import io.tidecast.flink.state.StateTypes;
import io.tidecast.runtime.grid.GridStep;
import io.tidecast.runtime.manifest.Residuals;
import io.tidecast.runtime.mixture.MixturePlan;
import io.tidecast.runtime.mixture.Naive;
import io.tidecast.runtime.mixture.TargetMixture;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.stream.LongStream;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedTwoInputStreamOperatorTestHarness;
import org.apache.flink.types.Either;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MixtureOperatorTest {

  private static final long STEP = 60_000;
  private static final GridStep GRID = GridStep.fixed(Duration.ofMillis(STEP));
  private static final int SEASON = 3;
  private static final int HORIZON = 4;
  private static final double[] LEVELS = {.05, .5, .95};

  private static final int[] LEADS = {1, 2, 4};

  private static final Issuer MODEL = model("m", "7", "default");
  private static final Issuer OTHER = model("other", "1", "second");
  private static final Issuer BASELINE = model("seasonal-naive", "3", "default");

  private static Issuer model(String id, String version, String slot) {
    return new Issuer(id, version, 1, new String[0], new double[0], slot);
  }

  /** Two models, the last season of 3 cells, the last value and a line through 6 cells. */
  private static final MixturePlan PLAN =
      new MixturePlan(
          2,
          List.of(
              Naive.season("seasonal-naive-3min", SEASON),
              Naive.last("repeat-last"),
              Naive.line("linear", 6)),
          LEVELS,
          2);

  private static MixtureSetup setup(@Nullable Duration timeToLive) {
    return new MixtureSetup(
        PLAN,
        true,
        List.of("second"),
        new int[] {0},
        true,
        LEADS,
        new HindsightSetup(GRID, timeToLive, new TargetChannels(List.of(), 1)));
  }

  private @Nullable
      KeyedTwoInputStreamOperatorTestHarness<String, ClosedCell, IssuedForecast, IssuedForecast>
      harness;

  private void start(
      MixtureSetup setup, StateBackend backend, @Nullable OperatorSubtaskState snapshot)
      throws Exception {
    harness =
        new KeyedTwoInputStreamOperatorTestHarness<>(
            new MixtureOperator(setup), ClosedCell::series, IssuedForecast::series, Types.STRING);
    harness.setStateBackend(backend);
    harness.setup(StateTypes.ISSUED_FORECAST.createSerializer(new SerializerConfigImpl()));
    if (snapshot != null) {
      harness.initializeState(snapshot);
    }
    harness.open();
  }

  private void start() throws Exception {
    start(setup(null), new HashMapStateBackend(), null);
  }

  @AfterEach
  void close() throws Exception {
    if (harness != null) {
      harness.close();
    }
  }

  private void cell(long cell, double... values) throws Exception {
    harness.processElement1(
        new StreamRecord<>(new ClosedCell("a", cell * STEP, values, false), cell * STEP));
  }

  private void correct(long cell, long readyCell, double value) throws Exception {
    harness.processElement1(
        new StreamRecord<>(
            new ClosedCell("a", cell * STEP, new double[] {value}, true), readyCell * STEP));
  }

  private static IssuedForecast forecast(
      Issuer issuer, ForecastRole role, long origin, int revision, float... points) {
    return new IssuedForecast(
        "a",
        origin * STEP,
        5,
        issuer,
        new double[0],
        points,
        new float[0],
        0,
        issuer == BASELINE,
        revision,
        points.length / issuer.channels(),
        null,
        role);
  }

  private void primary(Issuer issuer, long origin, float... points) throws Exception {
    give(forecast(issuer, ForecastRole.PRIMARY, origin, 0, points));
  }

  private void member(long origin, float... points) throws Exception {
    give(forecast(OTHER, ForecastRole.MEMBER, origin, 0, points));
  }

  private void give(IssuedForecast forecast) throws Exception {
    harness.processElement2(new StreamRecord<>(forecast, forecast.originMillis()));
  }

  /** What the harness does not call of itself, a task does before each barrier. */
  private OperatorSubtaskState snapshot(long checkpoint) throws Exception {
    harness.prepareSnapshotPreBarrier(checkpoint);
    return harness.snapshot(checkpoint, checkpoint);
  }

  private void watermark(long cell) throws Exception {
    harness.processWatermark1(new Watermark(cell * STEP));
    harness.processWatermark2(new Watermark(cell * STEP));
  }

  private List<IssuedForecast> mixed() {
    return harness.extractOutputValues();
  }

  private List<IssuedForecast> members() {
    Queue<StreamRecord<IssuedForecast>> side = harness.getSideOutput(MixtureOperator.MEMBERS);
    return side == null ? List.of() : side.stream().map(StreamRecord::getValue).toList();
  }

  @Test
  void shouldMixWhatModelsAndCellsSay() throws Exception {
    start();
    for (int cell = 0; cell < 20; cell++) {
      cell(cell, cell == 7 ? 5 : cell % 3);
    }
    member(19, 10, 10, 10, 10);
    primary(MODEL, 19, 4, 4, 4, 4);
    assertThat(mixed())
        .singleElement()
        .satisfies(
            one -> {
              assertThat(one.role()).isEqualTo(ForecastRole.PRIMARY);
              assertThat(one.weight()).isNaN();
              assertThat(one.issuer().modelId()).isEqualTo("mixture");
              assertThat(one.issuer().modelVersion()).isEqualTo("1");
              assertThat(one.issuer().levels()).containsExactly(LEVELS);
              assertThat(one.issuedAtMillis()).isEqualTo(5);
              assertThat(one.fallback()).isFalse();
              assertThat(one.hasQuantiles()).isTrue();
              // Nothing has been learned, so all are alike: 4, 10, 2 (the season), 1 and 1 - .2.
              assertThat(one.point(0, 0)).isCloseTo((4 + 10 + 2 + 1 + .8) / 5, within(1e-6));
              for (int step = 0; step < HORIZON; step++) {
                assertThat(one.quantile(step, 0, 0)).isLessThan(one.point(step, 0));
                assertThat(one.quantile(step, 0, 2)).isGreaterThan(one.point(step, 0));
              }
            });
    assertThat(members())
        .extracting(one -> one.issuer().modelId())
        .containsExactly("m", "other", "seasonal-naive-3min", "repeat-last", "linear");
    assertThat(members()).extracting(IssuedForecast::role).containsOnly(ForecastRole.MEMBER);
    assertThat(members())
        .extracting(IssuedForecast::weight)
        .allSatisfy(weight -> assertThat(weight).isCloseTo(.2, within(1e-12)));
    assertThat(members().get(2).points()).containsExactly(2, 0, 1, 2);
    assertThat(members().get(3).points()).containsExactly(1, 1, 1, 1);
  }

  @Test
  void shouldGiveTheWeightToWhoIsRight() throws Exception {
    start();
    for (int cell = 0; cell < 200; cell++) {
      cell(cell, cell % 3 + cell / 100.0);
      member(cell, 10, 10, 10, 10);
      primary(MODEL, cell, right(cell + 1), right(cell + 2), right(cell + 3), right(cell + 4));
    }
    IssuedForecast last = mixed().get(mixed().size() - 1);
    assertThat(last.point(0, 0)).isCloseTo(right(200), within(.02));
    List<IssuedForecast> from = members().subList(members().size() - 5, members().size());
    assertThat(from.get(0).weight()).isGreaterThan(.8);
    assertThat(from.stream().mapToDouble(IssuedForecast::weight).sum()).isCloseTo(1, within(1e-9));
    assertThat(last.quantile(0, 0, 2) - last.quantile(0, 0, 0)).isLessThan(.5);
  }

  private static float right(long cell) {
    return cell % 3 + cell / 100f;
  }

  @Test
  void shouldHoldAForecastUntilItsCellHasComeAndNoLonger() throws Exception {
    start();
    for (int cell = 0; cell < 12; cell++) {
      cell(cell, cell);
    }
    primary(MODEL, 12, 1, 1, 1, 1);
    assertThat(mixed()).isEmpty();
    assertThat(harness.numKeyedStateEntries()).isEqualTo(1);
    cell(12, 30);
    assertThat(mixed()).hasSize(1);
    assertThat(members().get(2).points())
        .as("the last value is known")
        .containsExactly(30, 30, 30, 30);
    // A silent cell was never told of: a later one, or the watermark, says that none will come.
    primary(MODEL, 13, 1, 1, 1, 1);
    assertThat(mixed()).hasSize(1);
    cell(14, 2);
    assertThat(mixed()).hasSize(2);
    primary(MODEL, 15, 1, 1, 1, 1);
    assertThat(mixed()).hasSize(2);
    watermark(15);
    assertThat(mixed()).hasSize(3);
    watermark(20);
    assertThat(harness.numEventTimeTimers()).isZero();
  }

  @Test
  void shouldTakeNoCellBeforeTheForecastsThatWereMadeBeforeIt() throws Exception {
    start();
    for (int cell = 0; cell < 14; cell++) {
      cell(cell, cell);
    }
    primary(MODEL, 10, 1, 1, 1, 1);
    assertThat(members().get(2).points()).containsExactly(10, 10, 10, 10);
    primary(MODEL, 13, 1, 1, 1, 1);
    assertThat(members().get(6).points()).containsExactly(13, 13, 13, 13);
  }

  /** What came after the origin closed counts from the next one on, whenever it came here. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldTakeACorrectionWithTheNextCell(boolean early) throws Exception {
    start();
    for (int cell = 0; cell < 12; cell++) {
      cell(cell, cell);
    }
    if (early) {
      correct(11, 12, 50);
    }
    primary(MODEL, 11, 1, 1, 1, 1);
    if (!early) {
      correct(11, 12, 50);
    }
    // Made again, from the corrected cell, and still from the cells as they were.
    give(forecast(MODEL, ForecastRole.PRIMARY, 11, 1, 2, 2, 2, 2));
    cell(12, 12);
    primary(MODEL, 12, 3, 3, 3, 3);
    List<IssuedForecast> seasons =
        members().stream().filter(one -> one.issuer().modelId().startsWith("seasonal")).toList();
    assertThat(seasons.get(0).points()).containsExactly(9, 10, 11, 9);
    assertThat(seasons.get(1).points()).containsExactly(9, 10, 11, 9);
    assertThat(seasons.get(1).revision()).isEqualTo(1);
    assertThat(seasons.get(2).points()).containsExactly(10, 50, 12, 10);
  }

  @Test
  void shouldLetNaivesAnswerWhereNoModelDoes() throws Exception {
    start();
    for (int cell = 0; cell < 30; cell++) {
      cell(cell, cell % 3);
      primary(BASELINE, cell, 9, 9, 9, 9);
    }
    IssuedForecast last = mixed().get(mixed().size() - 1);
    assertThat(last.fallback()).isTrue();
    assertThat(last.issuer().modelId()).isEqualTo("mixture");
    assertThat(last.point(0, 0)).isCloseTo(0, within(.2));
    assertThat(members())
        .extracting(one -> one.issuer().modelId())
        .doesNotContain("seasonal-naive");
    assertThat(mixed().get(0).hasQuantiles()).as("one cell says nothing of errors").isFalse();
    assertThat(last.hasQuantiles()).isTrue();
  }

  /** Even without a cell, there is what the primary says. */
  @Test
  void shouldPassOnThePrimaryWhereNobodyElseSaysAnything() throws Exception {
    start();
    cell(5, Double.NaN);
    primary(BASELINE, 5, 9, 8, 7, 6);
    assertThat(mixed().get(0).points()).containsExactly(9, 8, 7, 6);
    assertThat(mixed().get(0).fallback()).isTrue();
    assertThat(members()).isEmpty();
  }

  @Test
  void shouldBeginAnewWithAnotherVersionOfAModel() throws Exception {
    start();
    for (int cell = 0; cell < 100; cell++) {
      cell(cell, cell % 3);
      member(cell, 10, 10, 10, 10);
      primary(MODEL, cell, 9, 9, 9, 9);
    }
    double before = weightOf("m");
    assertThat(before).isLessThan(.01);
    Issuer better = model("m", "8", "default");
    cell(100, 100 % 3);
    primary(better, 100, 2, 0, 1, 2);
    assertThat(weightOf("m")).isGreaterThan(before).isGreaterThan(.02);
    // A forecast from an older origin is that of the version before, and begins nothing anew.
    give(forecast(MODEL, ForecastRole.PRIMARY, 99, 1, 9, 9, 9, 9));
    cell(101, 101 % 3);
    primary(better, 101, 0, 1, 2, 0);
    assertThat(weightOf("m")).isGreaterThan(.02);
  }

  private double weightOf(String model) {
    List<IssuedForecast> its =
        members().stream().filter(one -> one.issuer().modelId().equals(model)).toList();
    return its.get(its.size() - 1).weight();
  }

  @Test
  void shouldTellWhatIsScoredAsItIsGivenOut() throws Exception {
    start();
    for (int cell = 0; cell < 20; cell++) {
      cell(cell, cell % 3);
    }
    member(19, 10, 11, 12, 13);
    primary(MODEL, 19, 4, 5, 6, 7);
    List<IssuedForecast> given = new ArrayList<>(mixed());
    given.addAll(members());
    assertThat(given).hasSize(6);
    List<Either<ClosedCell, LeadForecasts>> side = toScore();
    assertThat(side).hasSize(21);
    assertThat(side.subList(0, 20))
        .extracting(one -> one.left().timeMillis() / STEP)
        .isEqualTo(LongStream.range(0, 20).boxed().toList());
    LeadForecasts scored = side.get(20).right();
    assertThat(scored.series()).isEqualTo("a");
    assertThat(scored.originMillis()).isEqualTo(19 * STEP);
    assertThat(scored.forecasts())
        .usingRecursiveComparison()
        .withComparatorForType(Double::compare, Double.class)
        .isEqualTo(given.stream().map(one -> LeadForecast.of(one, LEADS)).toList());
    assertThat(scored.forecasts().get(0).quantile(2, 0, 1))
        .isEqualTo(mixed().get(0).quantile(3, 0, 1));
    assertThat(scored.forecasts().get(2).point(1, 0)).isEqualTo(11);
  }

  private List<Either<ClosedCell, LeadForecasts>> toScore() {
    return harness.getSideOutput(MixtureOperator.SCORED).stream()
        .map(StreamRecord::getValue)
        .toList();
  }

  @Test
  void shouldPassShadowsOnToBeScored() throws Exception {
    start();
    for (int cell = 0; cell < 20; cell++) {
      cell(cell, cell % 3);
    }
    Issuer shadow = model("s", "1", "shadow");
    give(forecast(shadow, ForecastRole.SHADOW, 19, 0, 1, 2, 3, 4));
    List<Either<ClosedCell, LeadForecasts>> side = toScore();
    assertThat(side.get(side.size() - 1).right())
        .usingRecursiveComparison()
        .withComparatorForType(Double::compare, Double.class)
        .isEqualTo(
            LeadForecasts.of(forecast(shadow, ForecastRole.SHADOW, 19, 0, 1, 2, 3, 4), LEADS));
    assertThat(mixed()).isEmpty();
    primary(MODEL, 19, 4, 5, 6, 7);
    assertThat(mixed()).hasSize(1);
    assertThat(members()).noneMatch(one -> one.issuer().modelId().equals("s"));
  }

  @Test
  void shouldTellOfEachCellOnceWhateverBecomesOfIt() throws Exception {
    start();
    cell(0, 1);
    // Waits with its forecast for the cell of that, and goes into the state before a checkpoint.
    primary(MODEL, 1, 4, 5, 6, 7);
    assertThat(toScore()).hasSize(1);
    harness.prepareSnapshotPreBarrier(1);
    OperatorSubtaskState kept = harness.snapshot(1, 1);
    harness.close();
    start(setup(null), new HashMapStateBackend(), kept);
    assertThat(harness.getSideOutput(MixtureOperator.SCORED)).isNull();
    cell(1, 2);
    correct(0, 2, 3);
    harness.processBothWatermarks(new Watermark(9 * STEP));
    assertThat(toScore())
        .extracting(one -> one.isLeft() ? "cell " + one.left().timeMillis() / STEP : "forecast")
        .containsExactly("cell 1", "forecast", "cell 0");
  }

  @Test
  void shouldPassOnWhatItDoesNotKeep() throws Exception {
    start(
        new MixtureSetup(
            PLAN,
            true,
            List.of("second"),
            new int[] {1},
            true,
            LEADS,
            new HindsightSetup(GRID, null, new TargetChannels(List.of("load", "price"), 2))),
        new HashMapStateBackend(),
        null);
    Issuer price = new Issuer("m", "7", 1, new String[] {"price"}, new double[0], "default");
    Issuer load = new Issuer("m", "8", 1, new String[] {"load"}, new double[0], "default");
    for (int cell = 0; cell < 20; cell++) {
      cell(cell, -1, cell % 3);
    }
    IssuedForecast unmixed = forecast(load, ForecastRole.PRIMARY, 19, 0, 7, 7, 7, 7);
    give(unmixed);
    primary(price, 19, 4, 4, 4, 4);
    assertThat(mixed()).hasSize(2);
    assertThat(mixed().get(0)).isSameAs(unmixed);
    assertThat(mixed().get(1).issuer().modelId()).isEqualTo("mixture");
    assertThat(mixed().get(1).issuer().targets()).containsExactly("price");
  }

  @Test
  void shouldCalibrateAloneWhereNothingIsMixed() throws Exception {
    start(
        new MixtureSetup(
            new MixturePlan(1, List.of(), LEVELS, 0),
            false,
            List.of(),
            new int[] {0},
            false,
            LEADS,
            new HindsightSetup(GRID, null, new TargetChannels(List.of(), 1))),
        new HashMapStateBackend(),
        null);
    Random random = new Random(3);
    for (int cell = 0; cell < 300; cell++) {
      cell(cell, random.nextGaussian());
      primary(cell % 50 == 49 ? BASELINE : MODEL, cell, 0, 0, 0, 0);
    }
    IssuedForecast last = mixed().get(298);
    assertThat(last.issuer().modelId()).isEqualTo("m");
    assertThat(last.issuer().modelVersion()).isEqualTo("7");
    assertThat(last.issuer().slot()).isEqualTo(MODEL.slot()).isNotEmpty();
    assertThat(last.points()).containsExactly(0, 0, 0, 0);
    assertThat(last.quantile(0, 0, 0)).isBetween(-2.4, -1.1);
    assertThat(last.quantile(0, 0, 2)).isBetween(1.1, 2.4);
    assertThat(mixed().get(299).fallback()).isTrue();
    assertThat(mixed().get(299).issuer().modelId()).isEqualTo("seasonal-naive");
    assertThat(members()).isEmpty();
  }

  private static KnownErrors.OfAModel known(String version, double unit) {
    Residuals.Target target =
        new Residuals.Target(List.of(1.0), List.of(.5), List.of(List.of(-1.0, 0.0, 1.0)), unit);
    Residuals residuals =
        new Residuals("days.csv", 9, List.of(), List.of(1), List.of(.05, .5, .95), List.of(target));
    return new KnownErrors.OfAModel("default", "m", version, List.of(residuals));
  }

  /** Of its version, or of that of its slot in the job file; another version changes nothing. */
  @Test
  void shouldBeginASeriesWithWhatTheManifestOfItsModelSays() throws Exception {
    MixtureSetup setup =
        new MixtureSetup(
            new MixturePlan(1, List.of(), LEVELS, 0),
            false,
            List.of(),
            new int[] {0},
            false,
            LEADS,
            new HindsightSetup(GRID, null, new TargetChannels(List.of(), 1)),
            new KnownErrors(List.of(known("7", 10), known("8", 100))));
    start(setup, new HashMapStateBackend(), null);
    cell(0, 5);
    primary(BASELINE, 0, 5, 5, 5, 5);
    assertThat(mixed().get(0).quantiles()).as("no model").isEmpty();
    cell(1, 5);
    primary(MODEL, 1, 5, 5, 5, 5);
    assertThat(mixed().get(1).quantile(0, 0, 2)).isEqualTo(5 + 10);
    OperatorSubtaskState snapshot = snapshot(1);
    close();
    start(setup, new HashMapStateBackend(), snapshot);
    cell(2, 5);
    primary(model("m", "8", "default"), 2, 5, 5, 5, 5);
    assertThat(mixed().get(0).quantile(0, 0, 2)).isBetween(5 + 5.0, 5 + 10.0);
    close();

    start(setup, new HashMapStateBackend(), null);
    cell(0, 5);
    primary(model("m", "8", "default"), 0, 5, 5, 5, 5);
    assertThat(mixed().get(0).quantile(0, 0, 2)).isEqualTo(5 + 100);
    close();

    start(setup, new HashMapStateBackend(), null);
    cell(0, 5);
    primary(model("m", "by-command", "default"), 0, 5, 5, 5, 5);
    assertThat(mixed().get(0).quantile(0, 0, 2)).isEqualTo(5 + 100);
    close();

    start(setup, new HashMapStateBackend(), null);
    cell(0, 5);
    primary(model("m", "by-command", "elsewhere"), 0, 5, 5, 5, 5);
    assertThat(mixed().get(0).quantiles()).isEmpty();
  }

  /** A level of a billion and a step of a quarter are no matter of 32-bit floats. */
  @Test
  void shouldKeepToTheBaseOfAForecast() throws Exception {
    start();
    double level = 1e9 + .25;
    for (int cell = 0; cell < 40; cell++) {
      cell(cell, level + cell % 3 * .25);
      give(
          new IssuedForecast(
              "a",
              cell * STEP,
              0,
              MODEL,
              new double[] {level + (cell < 30 ? 0 : 2)},
              new float[] {9, 9, 9, 9},
              new float[0],
              0,
              false,
              0,
              HORIZON,
              null));
    }
    IssuedForecast last = mixed().get(39);
    IssuedForecast season = members().get(members().size() - 3);
    assertThat(last.bases()).containsExactly(level + 2);
    for (int step = 0; step < HORIZON; step++) {
      assertThat(season.point(step, 0)).isEqualTo(level + (40 + step) % 3 * .25);
      assertThat(last.point(step, 0)).isCloseTo(level + (40 + step) % 3 * .25, within(.3));
      assertThat(last.quantile(step, 0, 2) - last.quantile(step, 0, 0)).isLessThan(3);
    }
  }

  @Test
  void shouldForgetASeriesThatStaysSilent() throws Exception {
    start(setup(Duration.ofHours(1)), new HashMapStateBackend(), null);
    cell(10, 5);
    primary(MODEL, 10, 7, 9, 7, 9);
    watermark(10 + 60);
    assertThat(harness.numKeyedStateEntries()).isEqualTo(1);
    watermark(10 + 61);
    assertThat(harness.numKeyedStateEntries()).isZero();
    assertThat(harness.numEventTimeTimers()).isZero();
  }

  @Test
  void shouldForgetASilentSeriesByTheTimeToLiveThatItGoesOnWith() throws Exception {
    start();
    cell(10, 5);
    primary(MODEL, 10, 7, 9, 7, 9);
    primary(MODEL, 11, 7, 9, 7, 9);
    OperatorSubtaskState snapshot = snapshot(1);
    harness.close();
    start(setup(Duration.ofHours(1)), new HashMapStateBackend(), snapshot);
    watermark(10 + 60);
    assertThat(mixed()).as("held when the job stopped").hasSize(1);
    assertThat(harness.numKeyedStateEntries()).isEqualTo(1);
    watermark(10 + 61);
    assertThat(harness.numKeyedStateEntries()).isZero();
    assertThat(harness.numEventTimeTimers()).isZero();
  }

  /** What goes out is the same to the bit, whatever is here first and wherever it begins again. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldSayTheSameWhateverIsUnderWayAndAfterRestores(boolean onDisk) throws Exception {
    Random random = new Random(5);
    int cells = 260;
    double[] values = new double[cells];
    float[][] models = new float[cells][HORIZON];
    float[][] others = new float[cells][HORIZON];
    for (int cell = 0; cell < cells; cell++) {
      values[cell] = cell % 17 == 5 ? Double.NaN : cell % 3 + random.nextGaussian();
      for (int step = 0; step < HORIZON; step++) {
        models[cell][step] = (cell + step + 1) % 3 + (float) random.nextGaussian();
        others[cell][step] = (float) random.nextGaussian();
      }
    }
    List<byte[]> expected = expected(values, models, others);
    StateBackend backend = onDisk ? new EmbeddedRocksDBStateBackend() : new HashMapStateBackend();
    start(setup(null), backend, null);
    List<IssuedForecast> told = new ArrayList<>();
    int closed = 0;
    int answered = 0;
    while (answered < cells) {
      // Either edge may be ahead of the other, by as much as a batch.
      boolean cellFirst = random.nextInt(3) != 0 && closed < cells && closed < answered + 40;
      if (cellFirst) {
        cell(closed, values[closed]);
        closed++;
      } else if (answered < closed + 5) {
        if (answered % 7 != 3) {
          member(answered, others[answered]);
        }
        primary(answered % 11 == 4 ? BASELINE : MODEL, answered, models[answered]);
        answered++;
      }
      if (random.nextInt(20) == 0) {
        harness.processWatermark1(new Watermark((closed - 1) * STEP));
        harness.processWatermark2(new Watermark((answered - 1) * STEP));
      }
      if (random.nextInt(60) == 0) {
        OperatorSubtaskState snapshot = snapshot(closed + answered);
        told.addAll(mixed());
        harness.close();
        start(setup(null), backend, snapshot);
      }
    }
    for (; closed < cells; closed++) {
      cell(closed, values[closed]);
    }
    told.addAll(mixed());
    assertThat(told).hasSize(cells);
    for (int origin = 0; origin < cells; origin++) {
      assertThat(bytes(told.get(origin))).as("origin " + origin).isEqualTo(expected.get(origin));
    }
  }

  /** A replay reads on until 256 windows wait for the model, which are 6,144 cells here. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldSayTheSameOfSparseForecastsWhateverIsUnderWay(boolean onDisk) throws Exception {
    int apart = 24;
    int windows = 256;
    int forecasts = 300;
    SeriesSettings daily =
        SeriesSettings.builder(GRID).cadence(new Cadence(apart, List.of(), ZoneOffset.UTC)).build();
    HindsightSetup hindsight = HindsightSetup.of(daily, List.of(), windows);
    MixtureSetup setup =
        new MixtureSetup(
            new MixturePlan(1, List.of(Naive.season("season", SEASON)), LEVELS, 0),
            true,
            List.of(),
            new int[] {0},
            false,
            LEADS,
            hindsight);
    List<List<byte[]>> told = new ArrayList<>();
    for (int ahead : new int[] {1, windows}) {
      start(setup, onDisk ? new EmbeddedRocksDBStateBackend() : new HashMapStateBackend(), null);
      int cell = 0;
      for (int i = 0; i < forecasts; i++) {
        for (; cell < Math.min(forecasts, i + ahead) * apart; cell++) {
          cell(cell, cell % SEASON);
        }
        primary(MODEL, i * apart + apart - 1, 9, 9, 9, 9);
      }
      List<byte[]> bytes = new ArrayList<>();
      for (IssuedForecast one : mixed()) {
        bytes.add(bytes(one));
      }
      told.add(bytes);
      assertThat(mixed().get(forecasts - 1).point(0, 0)).as("learned").isCloseTo(0, within(.5));
      harness.close();
    }
    assertThat(told.get(0)).hasSize(forecasts);
    for (int i = 0; i < forecasts; i++) {
      assertThat(told.get(1).get(i)).as("forecast " + i).isEqualTo(told.get(0).get(i));
    }
  }

  /** In order, one after the other. */
  private List<byte[]> expected(double[] values, float[][] models, float[][] others)
      throws Exception {
    start();
    for (int cell = 0; cell < values.length; cell++) {
      cell(cell, values[cell]);
      if (cell % 7 != 3) {
        member(cell, others[cell]);
      }
      primary(cell % 11 == 4 ? BASELINE : MODEL, cell, models[cell]);
    }
    List<byte[]> bytes = new ArrayList<>();
    for (IssuedForecast one : mixed()) {
      bytes.add(bytes(one));
    }
    // What the arithmetic says by itself.
    TargetMixture alone = PLAN.begin();
    for (int cell = 0; cell < values.length; cell++) {
      alone.close(cell, values[cell]);
      float[][] said = new float[PLAN.members()][HORIZON];
      Arrays.fill(said[0], Float.NaN);
      Arrays.fill(said[1], Float.NaN);
      if (cell % 11 != 4) {
        said[0] = models[cell].clone();
      }
      if (cell % 7 != 3) {
        said[1] = others[cell].clone();
      }
      float[] mixed = new float[HORIZON];
      float[] quantiles = new float[HORIZON * LEVELS.length];
      boolean known =
          alone.forecast(
              cell,
              0,
              new TargetMixture.Said(
                  said, models[cell], mixed, quantiles, new double[PLAN.members()]));
      assertThat(mixed().get(cell).points()).isEqualTo(mixed);
      assertThat(mixed().get(cell).quantiles()).isEqualTo(known ? quantiles : new float[0]);
    }
    harness.close();
    return bytes;
  }

  private static byte[] bytes(IssuedForecast forecast) throws Exception {
    TypeSerializer<IssuedForecast> serializer =
        StateTypes.ISSUED_FORECAST.createSerializer(new SerializerConfigImpl());
    DataOutputSerializer out = new DataOutputSerializer(512);
    serializer.serialize(forecast, out);
    return out.getCopyOfBuffer();
  }

  /** The model and the last value. */
  private static MixtureSetup withoutMembers() {
    return new MixtureSetup(
        new MixturePlan(1, List.of(Naive.last("repeat-last")), LEVELS, 2),
        true,
        List.of(),
        new int[] {0},
        true,
        LEADS,
        setup(null).hindsight());
  }

  /** What was learned of other members is worth nothing; what is held goes out all the same. */
  @Test
  void shouldBeginAnewWithOtherMembers() throws Exception {
    start();
    for (int cell = 0; cell < 100; cell++) {
      cell(cell, cell % 3);
      primary(MODEL, cell, 9, 9, 9, 9);
    }
    primary(MODEL, 100, 9, 9, 9, 9);
    OperatorSubtaskState snapshot = snapshot(1);
    harness.close();
    start(withoutMembers(), new HashMapStateBackend(), snapshot);
    cell(100, 1);
    assertThat(mixed())
        .singleElement()
        .satisfies(one -> assertThat(one.originMillis()).isEqualTo(100 * STEP));
    assertThat(members()).extracting(IssuedForecast::weight).containsExactly(.5, .5);
  }

  /** The first forecast of another mixture knows no cell, and then its own may be corrected. */
  @ParameterizedTest
  @ValueSource(longs = {98, 99})
  void shouldTakeCorrectionsBehindTheFirstOriginOfOtherMembers(long corrected) throws Exception {
    start();
    for (int cell = 0; cell < 100; cell++) {
      cell(cell, cell % 3);
      primary(MODEL, cell, 9, 9, 9, 9);
    }
    OperatorSubtaskState snapshot = snapshot(1);
    harness.close();
    start(withoutMembers(), new HashMapStateBackend(), snapshot);
    primary(MODEL, 99, 9, 9, 9, 9);
    correct(corrected, 100, 5);
    watermark(100);
    cell(100, 7);
    primary(MODEL, 100, 9, 9, 9, 9);
    assertThat(mixed()).hasSize(2);
    assertThat(members().get(members().size() - 1).points()).containsExactly(7, 7, 7, 7);
  }
}
