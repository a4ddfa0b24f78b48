package io.tidecast.flink.scores;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.flink.hindsight.HindsightSetup;
import io.tidecast.flink.hindsight.TargetChannels;
import io.tidecast.flink.mixture.MixtureOperator;
import io.tidecast.flink.model.ForecastRole;
import io.tidecast.flink.record.ClosedCell;
import io.tidecast.flink.record.ForecastScore;
import io.tidecast.flink.record.IssuedForecast;
import io.tidecast.flink.record.Issuer;
import io.tidecast.flink.record.LeadForecasts;
import io.tidecast.flink.series.SeriesSettings;
import io.tidecast.runtime.grid.GridStep;
import io.tidecast.runtime.scores.Contestant;
import io.tidecast.runtime.scores.ForecastValues;
import io.tidecast.runtime.scores.Score;
import io.tidecast.runtime.scores.ScoreSettings;
import io.tidecast.runtime.scores.ScoredForecast;
import io.tidecast.runtime.scores.Scoring;
import io.tidecast.runtime.scores.SeriesScores;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedTwoInputStreamOperatorTestHarness;
import org.apache.flink.types.Either;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScoreOperatorTest {

  private static final long STEP = 60_000;
  private static final GridStep GRID = GridStep.fixed(Duration.ofMillis(STEP));
  private static final int[] LEADS = {1, 2};
  private static final Issuer MODEL = new Issuer("m", "7", 1, new String[0], new double[0]);
  private static final Issuer SHADOW = new Issuer("s", "1", 1, new String[0], new double[0]);
  private static final Issuer BASELINE =
      new Issuer("seasonal-naive", "3", 1, new String[0], new double[0]);

  /** Leads of 1 and 2, a season of 3 cells, a score for every cell, 2 open cells. */
  private static ScoreSetup setup(int channels, List<String> names, Duration timeToLive) {
    return new ScoreSetup(
        new ScoreSettings(List.of(1, 2), channels, 3, 30, 10, 2),
        1,
        new HindsightSetup(GRID, timeToLive, new TargetChannels(names, channels)),
        null);
  }

  private KeyedTwoInputStreamOperatorTestHarness<String, ClosedCell, LeadForecasts, ForecastScore>
      harness;

  /** In its place, where cells and forecasts come from one operator. */
  private KeyedOneInputStreamOperatorTestHarness<
          String, Either<ClosedCell, LeadForecasts>, ForecastScore>
      behind;

  private void startBehind(ScoreSetup setup, StateBackend backend, OperatorSubtaskState snapshot)
      throws Exception {
    behind =
        new KeyedOneInputStreamOperatorTestHarness<>(
            new ScoreOperator(setup), MixtureOperator::series, Types.STRING);
    behind.setStateBackend(backend);
    behind.setup();
    behind.initializeState(snapshot);
    behind.open();
  }

  private void start(ScoreSetup setup, StateBackend backend, OperatorSubtaskState snapshot)
      throws Exception {
    harness =
        new KeyedTwoInputStreamOperatorTestHarness<>(
            new ScoreOperator(setup), ClosedCell::series, LeadForecasts::series, Types.STRING);
    harness.setStateBackend(backend);
    harness.setup();
    if (snapshot != null) {
      harness.initializeState(snapshot);
    }
    harness.open();
  }

  private void start() throws Exception {
    start(setup(1, List.of(), null), new HashMapStateBackend(), null);
  }

  private void close(long cell, double... values) throws Exception {
    ClosedCell closed = new ClosedCell("a", cell * STEP, values, false);
    if (behind == null) {
      harness.processElement1(new StreamRecord<>(closed, cell * STEP));
    } else {
      behind.processElement(new StreamRecord<>(Either.Left(closed), cell * STEP));
    }
  }

  private void forecast(Issuer issuer, long origin, float... points) throws Exception {
    forecast(issuer, ForecastRole.PRIMARY, origin, points);
  }

  private void forecast(Issuer issuer, ForecastRole role, long origin, float... points)
      throws Exception {
    LeadForecasts forecasts =
        LeadForecasts.of(
            new IssuedForecast(
                "a",
                origin * STEP,
                0,
                issuer,
                new double[0],
                points,
                new float[0],
                0,
                issuer == BASELINE,
                0,
                points.length / issuer.channels(),
                null,
                role),
            LEADS);
    if (behind == null) {
      harness.processElement2(new StreamRecord<>(forecasts, origin * STEP));
    } else {
      behind.processElement(new StreamRecord<>(Either.Right(forecasts), origin * STEP));
    }
  }

  private AbstractStreamOperatorTestHarness<ForecastScore> running() {
    return behind == null ? harness : behind;
  }

  /** What the harness does not call of itself, a task does before each barrier. */
  private OperatorSubtaskState snapshot(long checkpoint) throws Exception {
    AbstractStreamOperatorTestHarness<ForecastScore> running = running();
    running.prepareSnapshotPreBarrier(checkpoint);
    return running.snapshot(checkpoint, checkpoint);
  }

  /** Of both inputs. */
  private void watermark(long cell) throws Exception {
    cellsThrough(cell);
    forecastsThrough(cell);
  }

  private void cellsThrough(long cell) throws Exception {
    if (behind == null) {
      harness.processWatermark1(new Watermark(cell * STEP));
    }
  }

  /** Later than those of cells, so that they are the watermark of both. */
  private void forecastsThrough(long cell) throws Exception {
    if (behind == null) {
      harness.processWatermark2(new Watermark(cell * STEP));
    } else {
      behind.processWatermark(new Watermark(cell * STEP));
    }
  }

  private List<ForecastScore> scores() {
    return running().extractOutputValues();
  }

  /** A shadow comes by a way of its own, and may be far ahead of the model that answers. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldScoreWhatHasOvertakenAndWhatWasOvertaken(boolean restarts) throws Exception {
    start();
    for (int cell = 0; cell < 60; cell++) {
      close(cell, cell % 3);
    }
    for (int origin = 0; origin < 50; origin++) {
      forecast(SHADOW, ForecastRole.SHADOW, origin, 1, 1);
    }
    if (restarts) {
      OperatorSubtaskState snapshot = snapshot(1);
      harness.close();
      start(setup(1, List.of(), null), new HashMapStateBackend(), snapshot);
    }
    for (int origin = 0; origin < 60; origin++) {
      forecast(MODEL, origin, 1, 1);
    }
    watermark(59);
    for (Issuer one : List.of(MODEL, SHADOW)) {
      assertThat(scores())
          .filteredOn(score -> score.modelId().equals(one.modelId()))
          .anySatisfy(score -> assertThat(score.window().count()).isGreaterThan(25));
    }
    harness.close();
  }

  @Test
  void shouldHoldForecastsAgainstWhatCame() throws Exception {
    start();
    close(10, 5);
    forecast(MODEL, 10, 7, 9);
    close(11, 4);
    watermark(11);
    assertThat(scores()).as("two bands of one forecast").isEmpty();
    forecast(MODEL, 11, 10, 10);
    assertThat(scores())
        .singleElement()
        .satisfies(
            score -> {
              assertThat(score.series()).isEqualTo("a");
              assertThat(score.timeMillis()).isEqualTo(11 * STEP);
              assertThat(score.modelId()).isEqualTo("m");
              assertThat(score.modelVersion()).isEqualTo("7");
              assertThat(score.target()).isEqualTo("0");
              assertThat(score.firstLead()).isEqualTo(1);
              assertThat(score.lastLead()).isEqualTo(1);
              assertThat(score.window().mae()).isEqualTo(3);
            });
    harness.close();
  }

  @Test
  void shouldNotWaitOnceAForecastHasComeFromALaterCell() throws Exception {
    start();
    close(10, 5);
    forecast(MODEL, 10, 7, 9);
    close(11, 4);
    forecast(MODEL, 11, 10, 10);
    assertThat(scores()).extracting(ForecastScore::timeMillis).containsExactly(11 * STEP);
    harness.close();
  }

  @Test
  void shouldWaitForForecastsThatAreUnderWay() throws Exception {
    start();
    for (int cell = 0; cell < 50; cell++) {
      close(cell, cell);
    }
    // The model has answered none of them yet.
    harness.processWatermark1(new Watermark(50 * STEP));
    for (int origin = 0; origin < 50; origin++) {
      forecast(MODEL, origin, origin + 2, origin + 4);
    }
    watermark(50);
    ForecastScore last = scores().get(scores().size() - 1);
    assertThat(last.window().mae()).isEqualTo(2);
    assertThat(last.window().count()).isGreaterThan(20);
    harness.close();
  }

  @Test
  void shouldScoreAFallbackAsTheBaselinesOwn() throws Exception {
    start();
    for (int cell = 0; cell < 12; cell++) {
      close(cell, 1);
      forecast(cell % 2 == 0 ? MODEL : BASELINE, cell, cell % 2 == 0 ? 1 : 3, 1);
    }
    watermark(12);
    Map<String, Double> worst = new HashMap<>();
    scores().forEach(score -> worst.merge(score.modelId(), score.window().mae(), Math::max));
    assertThat(worst).containsOnly(Map.entry("m", 0.0), Map.entry("seasonal-naive", 2.0));
    harness.close();
  }

  @Test
  void shouldFindTheTargetsOfAModelByTheirNames() throws Exception {
    start(setup(3, List.of("load", "wind", "price"), null), new HashMapStateBackend(), null);
    Issuer joint = new Issuer("j", "1", 2, new String[] {"price", "load"}, new double[0]);
    Issuer foreign = new Issuer("f", "1", 1, new String[] {"heat"}, new double[0]);
    for (int cell = 0; cell < 20; cell++) {
      close(cell, 100, 50, 10);
      forecast(joint, cell, 11, 105, 11, 105);
      forecast(foreign, cell, 1, 1);
    }
    watermark(20);
    assertThat(scores()).extracting(ForecastScore::modelId).containsOnly("j");
    assertThat(scores())
        .allSatisfy(
            score ->
                assertThat(score.window().mae()).isEqualTo(score.target().equals("price") ? 1 : 5));
    assertThat(scores()).extracting(ForecastScore::target).contains("price", "load");
    harness.close();
  }

  @Test
  void shouldForgetASilentSeriesByTheTimeToLiveThatItGoesOnWith() throws Exception {
    start(setup(1, List.of(), Duration.ofHours(9)), new HashMapStateBackend(), null);
    close(10, 5);
    forecast(MODEL, 10, 7, 9);
    OperatorSubtaskState snapshot = snapshot(1);
    harness.close();
    start(setup(1, List.of(), Duration.ofHours(1)), new HashMapStateBackend(), snapshot);
    watermark(10 + 60);
    assertThat(harness.numKeyedStateEntries()).isEqualTo(1);
    watermark(10 + 61);
    assertThat(harness.numKeyedStateEntries()).isZero();
    assertThat(harness.numEventTimeTimers()).isZero();
    harness.close();
  }

  @Test
  void shouldForgetASeriesThatStaysSilent() throws Exception {
    start(setup(1, List.of(), Duration.ofHours(1)), new HashMapStateBackend(), null);
    close(10, 5);
    forecast(MODEL, 10, 7, 9);
    watermark(30);
    assertThat(harness.numKeyedStateEntries()).isEqualTo(1);
    close(31, 5);
    watermark(31 + 60);
    assertThat(harness.numKeyedStateEntries()).isEqualTo(1);
    watermark(31 + 61);
    assertThat(harness.numKeyedStateEntries()).isZero();
    assertThat(harness.numEventTimeTimers()).isZero();
    harness.close();
  }

  @Test
  void shouldNotWaitForEver() throws Exception {
    start();
    for (int cell = 0; cell < 4_240; cell++) {
      close(cell, cell);
    }
    // Those that had to go first are settled; what was forecast of them came too late.
    for (int origin = 0; origin < 4_240; origin++) {
      forecast(MODEL, origin, 1, 1);
    }
    watermark(4_240);
    assertThat(scores().get(scores().size() - 1).window().count()).isGreaterThan(20);
    assertThat(scores())
        .allSatisfy(score -> assertThat(score.timeMillis()).isGreaterThan(140 * STEP));
    harness.close();
  }

  /** What is scored at each cell when everything comes in its order. */
  private static Map<Long, List<Score>> inOrder(
      ScoreSettings settings, double[] values, float[][] points) {
    SeriesScores scores = new Scoring(settings).begin();
    Contestant by = new Contestant("m", "7", new int[] {0}, new double[0]);
    Map<Long, List<Score>> all = new HashMap<>();
    for (int cell = 0; cell < values.length; cell++) {
      assertThat(scores.close(cell, new double[] {values[cell]})).isTrue();
      all.put((long) cell, scores.scores());
      float[] said = points[cell];
      scores.forecast(
          new ScoredForecast(
              by,
              cell,
              0,
              2,
              new ForecastValues() {
                @Override
                public double point(int step, int target) {
                  return said[step];
                }

                @Override
                public double quantile(int step, int target, int level) {
                  throw new AssertionError("no quantiles");
                }
              }));
    }
    return all;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldGiveTheSameScoresWhateverIsUnderWayAndAfterRestores(boolean onDisk) throws Exception {
    Random random = new Random(5);
    ScoreSetup setup = setup(1, List.of(), null);
    int cells = 300;
    double[] values = random.doubles(cells).toArray();
    float[][] points = new float[cells][];
    for (int cell = 0; cell < cells; cell++) {
      points[cell] = new float[] {random.nextFloat(), random.nextFloat()};
    }
    StateBackend backend = onDisk ? new EmbeddedRocksDBStateBackend() : new HashMapStateBackend();
    start(setup, backend, null);
    List<ForecastScore> told = new ArrayList<>();
    int answered = 0;
    for (int cell = 0; cell < cells; cell++) {
      close(cell, values[cell]);
      cellsThrough(cell);
      // The model lags behind by up to 20 forecasts.
      int until = Math.max(answered, cell - random.nextInt(20));
      for (; answered < until; answered++) {
        forecast(MODEL, answered, points[answered]);
        forecastsThrough(answered);
      }
      if (cell % 50 == 17) {
        OperatorSubtaskState snapshot = snapshot(cell);
        told.addAll(scores());
        running().close();
        // A job that mixes from now on, or no longer.
        if (behind == null) {
          startBehind(setup, backend, snapshot);
        } else {
          behind = null;
          start(setup, backend, snapshot);
        }
        cellsThrough(cell);
        forecastsThrough(answered - 1);
      }
    }
    for (; answered < cells; answered++) {
      forecast(MODEL, answered, points[answered]);
    }
    watermark(cells);
    told.addAll(scores());
    running().close();
    Map<Long, List<Score>> expected = inOrder(setup.settings(), values, points);
    assertThat(told).hasSizeGreaterThan(100).hasSizeLessThanOrEqualTo(cells);
    for (ForecastScore score : told) {
      List<Score> then = expected.get(score.timeMillis() / STEP);
      assertThat(then)
          .filteredOn(one -> one.lastLead() == score.lastLead())
          .singleElement()
          .satisfies(
              one -> {
                assertThat(score.window()).isEqualTo(one.window());
                assertThat(score.recent()).isEqualTo(one.weighted());
              });
    }
  }

  @Test
  void shouldTakeFromTheJobWhatItDoesNotSay() {
    SeriesSettings series = SeriesSettings.builder(GRID).channels(2).build();
    ScoreSetup setup =
        ScoreSetup.of(
            new ScoresSettings("scores", null, 30, 10, null, null),
            series,
            new ScoreSetup.Of(5, 7, List.of("a", "b"), null, 256));
    assertThat(setup.settings()).isEqualTo(new ScoreSettings(List.of(1, 2, 4, 5), 2, 7, 30, 10, 4));
    assertThat(setup.everyCells()).isEqualTo(5);
    ScoreSetup given =
        ScoreSetup.of(
            new ScoresSettings("scores", List.of(3), 30, 10, Duration.ofMinutes(2), 9),
            series,
            new ScoreSetup.Of(5, 7, List.of("a", "b"), null, 256));
    assertThat(given.settings().leads()).containsExactly(3);
    assertThat(given.settings().seasonCells()).isEqualTo(2);
    assertThat(given.everyCells()).isEqualTo(9);
  }
}
