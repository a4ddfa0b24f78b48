package io.tidecast.flink.anomalies;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.flink.hindsight.HindsightSetup;
import io.tidecast.flink.hindsight.TargetChannels;
import io.tidecast.flink.record.Anomaly;
import io.tidecast.flink.record.ClosedCell;
import io.tidecast.flink.record.IssuedForecast;
import io.tidecast.flink.record.Issuer;
import io.tidecast.flink.series.SeriesSettings;
import io.tidecast.runtime.anomalies.AnomalySettings;
import io.tidecast.runtime.anomalies.AnomalySettings.Interval;
import io.tidecast.runtime.anomalies.AnomalySettings.Rule;
import io.tidecast.runtime.anomalies.Finding.Kind;
import io.tidecast.runtime.anomalies.RunRule;
import io.tidecast.runtime.anomalies.Side;
import io.tidecast.runtime.anomalies.Sides;
import io.tidecast.runtime.grid.GridStep;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedTwoInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnomalyOperatorTest {

  private static final long STEP = 60_000;
  private static final GridStep GRID = GridStep.fixed(Duration.ofMillis(STEP));
  private static final Issuer MODEL = new Issuer("m", "7", 1, new String[0], new double[0]);
  private static final int USUAL = 100;

  private static AnomalySetup setup(int channels, List<String> names, Duration timeToLive) {
    return new AnomalySetup(
        new AnomalySettings(channels, new Interval(0.99, 200), Rule.EACH, 5, 2, 4),
        new HindsightSetup(GRID, timeToLive, new TargetChannels(names, channels)));
  }

  private KeyedTwoInputStreamOperatorTestHarness<String, ClosedCell, IssuedForecast, Anomaly>
      harness;

  private void start(AnomalySetup setup, StateBackend backend, OperatorSubtaskState snapshot)
      throws Exception {
    harness =
        new KeyedTwoInputStreamOperatorTestHarness<>(
            new AnomalyOperator(setup), ClosedCell::series, IssuedForecast::series, Types.STRING);
    harness.setStateBackend(backend);
    harness.setup();
    if (snapshot != null) {
      harness.initializeState(snapshot);
    }
    harness.open();
  }

  /** After 100 cells that were 1 off what was forecast, up and down by turns. */
  private void start(AnomalySetup setup, double... usual) throws Exception {
    start(setup, new HashMapStateBackend(), null);
    for (int cell = 0; cell < USUAL; cell++) {
      double[] values = usual.clone();
      for (int channel = 0; channel < values.length; channel++) {
        values[channel] += cell % 2 == 0 ? 1 : -1;
      }
      close(cell, values);
      forecast(MODEL, cell, 10, 10);
    }
    assertThat(told()).isEmpty();
  }

  private void close(long cell, double... values) throws Exception {
    harness.processElement1(
        new StreamRecord<>(new ClosedCell("a", cell * STEP, values, false), cell * STEP));
  }

  private void forecast(Issuer issuer, long origin, float... points) throws Exception {
    forecast(issuer, origin, points.length / issuer.channels(), points);
  }

  private void forecast(Issuer issuer, long origin, int horizon, float[] points) throws Exception {
    harness.processElement2(
        new StreamRecord<>(
            new IssuedForecast(
                "a", origin * STEP, 0, issuer, points, new float[0], 0, false, 0, horizon),
            origin * STEP));
  }

  /** What the harness does not call of itself, a task does before each barrier. */
  private OperatorSubtaskState snapshot(long checkpoint) throws Exception {
    harness.prepareSnapshotPreBarrier(checkpoint);
    return harness.snapshot(checkpoint, checkpoint);
  }

  /** Of both inputs. */
  private void watermark(long cell) throws Exception {
    harness.processWatermark1(new Watermark(cell * STEP));
    harness.processWatermark2(new Watermark(cell * STEP));
  }

  private List<Anomaly> told() {
    return harness.extractOutputValues();
  }

  @Test
  void shouldTellWhatWasNotExpected() throws Exception {
    start(setup(1, List.of(), null), 10);
    close(USUAL, 14);
    assertThat(told()).as("a forecast may be under way").isEmpty();
    watermark(USUAL);
    assertThat(told())
        .singleElement()
        .isEqualTo(
            new Anomaly(
                "a",
                "0",
                USUAL * STEP,
                Kind.ANOMALY,
                Side.ABOVE,
                14,
                10,
                new Anomaly.Interval(9, 11, 0.99),
                4,
                new Anomaly.Run(1, 1, USUAL * STEP, Double.NaN, Double.NaN),
                new Anomaly.Source((USUAL - 1) * STEP, 1, "m", "7"),
                0,
                false));
    harness.close();
  }

  @Test
  void shouldHoldACellAgainstTheForecastThatCameBeforeItsTurn() throws Exception {
    start(setup(1, List.of(), null), 10);
    close(USUAL, 10);
    close(USUAL + 1, 30);
    // It was made before the second cell closed, and says that it would come.
    forecast(MODEL, USUAL, 30, 10);
    watermark(USUAL + 2);
    assertThat(told()).isEmpty();
    close(USUAL + 2, 30);
    watermark(USUAL + 3);
    assertThat(told())
        .singleElement()
        .satisfies(anomaly -> assertThat(anomaly.source().lead()).isEqualTo(2));
    harness.close();
  }

  /** The request takes the place of what was forecast without it, and has all steps in it. */
  @Test
  void shouldJudgeByAllStepsOfAForecastOfWhichARequestWantsAFew() throws Exception {
    start(setup(1, List.of(), null), 10);
    forecast(MODEL, USUAL - 1, 1, new float[] {10, 10});
    close(USUAL, 10);
    close(USUAL + 1, 30);
    watermark(USUAL + 1);
    assertThat(told())
        .singleElement()
        .satisfies(anomaly -> assertThat(anomaly.source().lead()).isEqualTo(2));
    harness.close();
  }

  /** Each input has buffers of its own on the network, so either may be ahead. */
  @Test
  void shouldTakeForecastsThatComeBeforeTheirCells() throws Exception {
    start(setup(1, List.of(), null), new HashMapStateBackend(), null);
    for (int cell = 0; cell < USUAL; cell++) {
      forecast(MODEL, cell, cell, 0);
    }
    for (int cell = 0; cell < USUAL; cell++) {
      close(cell, cell == 80 ? 99 : cell - 1 + (cell % 2 == 0 ? 1 : -1));
    }
    assertThat(told()).isEmpty();
    watermark(USUAL);
    assertThat(told()).extracting(Anomaly::timeMillis).containsExactly(80 * STEP);
    assertThat(told().get(0).expected()).isEqualTo(79);
    harness.close();
  }

  @Test
  void shouldTakeBackWhatALateObservationExplains() throws Exception {
    start(setup(1, List.of(), null), 10);
    close(USUAL, 14);
    watermark(USUAL);
    harness.processElement1(
        new StreamRecord<>(
            new ClosedCell("a", USUAL * STEP, new double[] {10.5}, true), (USUAL + 1) * STEP));
    watermark(USUAL + 1);
    assertThat(told()).extracting(Anomaly::withdrawn).containsExactly(false, true);
    assertThat(told()).extracting(Anomaly::value).containsExactly(14.0, 10.5);
    assertThat(told()).extracting(Anomaly::revision).containsExactly(0, 1);
    assertThat(told()).extracting(Anomaly::timeMillis).containsOnly(USUAL * STEP);
    harness.close();
  }

  @Test
  void shouldTellAShiftOfLevelWithBothLevels() throws Exception {
    start(setup(1, List.of(), null), 10);
    for (int cell = USUAL; cell < USUAL + 30; cell++) {
      close(cell, 20);
      forecast(MODEL, cell, 10, 10);
    }
    watermark(USUAL + 30);
    List<Anomaly> shifts = new ArrayList<>(told());
    shifts.removeIf(anomaly -> anomaly.kind() == Kind.ANOMALY);
    assertThat(shifts)
        .singleElement()
        .satisfies(
            shift -> {
              assertThat(shift.timeMillis()).isEqualTo((USUAL + 4) * STEP);
              assertThat(shift.run()).isEqualTo(new Anomaly.Run(5, 5, USUAL * STEP, 10, 20));
              assertThat(shift.score()).isEqualTo(10);
            });
    assertThat(told()).hasSize(2);
    harness.close();
  }

  @Test
  void shouldFindTheTargetsOfAModelByTheirNames() throws Exception {
    start(setup(3, List.of("load", "wind", "price"), null), new HashMapStateBackend(), null);
    Issuer joint = new Issuer("j", "1", 2, new String[] {"price", "load"}, new double[0]);
    Issuer foreign = new Issuer("f", "1", 1, new String[] {"heat"}, new double[0]);
    for (int cell = 0; cell <= USUAL; cell++) {
      int sign = cell % 2 == 0 ? 1 : -1;
      close(cell, 100 + sign, 50 * cell, cell == USUAL ? 15 : 10 + sign);
      forecast(joint, cell, 10, 100);
      forecast(foreign, cell, 1, 1);
    }
    watermark(USUAL);
    assertThat(told()).extracting(Anomaly::target).containsExactly("price");
    assertThat(told().get(0).source().modelId()).isEqualTo("j");
    assertThat(told().get(0).score()).isEqualTo(5);
    harness.close();
  }

  @Test
  void shouldForgetASilentSeriesByTheTimeToLiveThatItGoesOnWith() throws Exception {
    start(setup(1, List.of(), Duration.ofHours(9)), 10);
    OperatorSubtaskState snapshot = snapshot(1);
    harness.close();
    start(setup(1, List.of(), Duration.ofHours(1)), new HashMapStateBackend(), snapshot);
    watermark(USUAL + 59);
    assertThat(harness.numKeyedStateEntries()).isEqualTo(1);
    watermark(USUAL + 60);
    assertThat(harness.numKeyedStateEntries()).isZero();
    assertThat(harness.numEventTimeTimers()).isZero();
    harness.close();
  }

  @Test
  void shouldForgetASeriesThatStaysSilent() throws Exception {
    start(setup(1, List.of(), Duration.ofHours(1)), 10);
    watermark(USUAL);
    assertThat(harness.numKeyedStateEntries()).isEqualTo(1);
    watermark(USUAL + 59);
    assertThat(harness.numKeyedStateEntries()).isEqualTo(1);
    watermark(USUAL + 60);
    assertThat(harness.numKeyedStateEntries()).isZero();
    assertThat(harness.numEventTimeTimers()).isZero();
    harness.close();
  }

  @Test
  void shouldTakeACellThatWaitedWhenTheJobStoppedByTheWatermarkAlone() throws Exception {
    AnomalySetup setup = setup(1, List.of(), null);
    start(setup, 10);
    close(USUAL + 1, 1_000);
    watermark(USUAL);
    assertThat(told()).as("the forecast of before may still come").isEmpty();
    OperatorSubtaskState snapshot = snapshot(1);
    harness.close();
    start(setup, new HashMapStateBackend(), snapshot);
    watermark(USUAL + 1);
    assertThat(told()).extracting(Anomaly::timeMillis).containsExactly((USUAL + 1) * STEP);
    assertThat(harness.numEventTimeTimers()).isZero();
    harness.close();
  }

  /** What is told when everything comes in its order. */
  private List<Anomaly> inOrder(AnomalySetup setup, double[] values) throws Exception {
    start(setup, new HashMapStateBackend(), null);
    for (int cell = 0; cell < values.length; cell++) {
      close(cell, values[cell]);
      forecast(MODEL, cell, 10, 10);
    }
    watermark(values.length);
    List<Anomaly> told = told();
    harness.close();
    return told;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldTellTheSameWhateverIsUnderWayAndAfterRestores(boolean onDisk) throws Exception {
    Random random = new Random(5);
    AnomalySetup setup = setup(1, List.of(), null);
    int cells = 400;
    double[] values = new double[cells];
    for (int cell = 0; cell < cells; cell++) {
      values[cell] = 10 + random.nextGaussian() + (cell > 300 ? 9 : 0);
      values[cell] += random.nextInt(30) == 0 ? 8 * random.nextGaussian() : 0;
    }
    List<Anomaly> expected = inOrder(setup, values);
    StateBackend backend = onDisk ? new EmbeddedRocksDBStateBackend() : new HashMapStateBackend();
    start(setup, backend, null);
    List<Anomaly> told = new ArrayList<>();
    int answered = 0;
    for (int cell = 0; cell < cells; cell++) {
      close(cell, values[cell]);
      harness.processWatermark1(new Watermark(cell * STEP));
      // The model lags behind by up to 20 forecasts.
      int until = Math.max(answered, cell - random.nextInt(20));
      for (; answered < until; answered++) {
        forecast(MODEL, answered, 10, 10);
        harness.processWatermark2(new Watermark(answered * STEP));
      }
      if (cell % 50 == 17) {
        OperatorSubtaskState snapshot = snapshot(cell);
        told.addAll(told());
        harness.close();
        start(setup, backend, snapshot);
        harness.processWatermark1(new Watermark(cell * STEP));
        harness.processWatermark2(new Watermark((answered - 1) * STEP));
      }
    }
    for (; answered < cells; answered++) {
      forecast(MODEL, answered, 10, 10);
    }
    watermark(cells);
    told.addAll(told());
    harness.close();
    assertThat(told).isEqualTo(expected).hasSizeGreaterThan(3);
    assertThat(told).extracting(Anomaly::kind).contains(Kind.LEVEL_SHIFT);
  }

  @Test
  void shouldTakeFromTheJobWhatItDoesNotSay() {
    SeriesSettings series = SeriesSettings.builder(GRID).channels(2).build();
    Interval interval = new Interval(0.99, 300);
    Rule rule = new Rule(new RunRule(2, 3), Sides.ABOVE, 1, 0.1, 6);
    AnomaliesSettings settings = new AnomaliesSettings("t", interval, rule, 0, null);
    AnomalySetup setup = AnomalySetup.of(settings, series, 7, List.of("a", "b"));
    assertThat(setup.settings()).isEqualTo(new AnomalySettings(2, interval, rule, 0, 7, 1));
    AnomalySetup given =
        AnomalySetup.of(
            new AnomaliesSettings("t", interval, rule, 0, 3), series, 7, List.of("a", "b"));
    assertThat(given.settings().longestLead()).isEqualTo(3);
    assertThat(given.bytesOfASeries(2)).isLessThan(setup.bytesOfASeries(2));
  }
}
