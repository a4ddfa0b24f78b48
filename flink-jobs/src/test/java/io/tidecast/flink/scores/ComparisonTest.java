package io.tidecast.flink.scores;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.flink.hindsight.HindsightSetup;
import io.tidecast.flink.hindsight.TargetChannels;
import io.tidecast.flink.model.ForecastRole;
import io.tidecast.flink.record.ClosedCell;
import io.tidecast.flink.record.ComparedForecasts;
import io.tidecast.flink.record.ForecastScore;
import io.tidecast.flink.record.IssuedForecast;
import io.tidecast.flink.record.Issuer;
import io.tidecast.flink.record.LeadForecasts;
import io.tidecast.runtime.grid.GridStep;
import io.tidecast.runtime.promotion.Bout;
import io.tidecast.runtime.promotion.ModelName;
import io.tidecast.runtime.scores.LossMetric;
import io.tidecast.runtime.scores.ScoreSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.TreeMap;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedTwoInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

/** What goes on from the scores to the contests of models. */
class ComparisonTest {

  private static final long STEP = 60_000;
  private static final GridStep GRID = GridStep.fixed(Duration.ofMillis(STEP));
  private static final int[] LEADS = {1, 2};
  private static final Issuer A = issuer("a", "default");
  private static final Issuer B = issuer("b", "candidate");
  private static final Issuer NAIVE = issuer("seasonal-naive", "default");
  private static final ModelName NAME_A = new ModelName("a", "1");
  private static final ModelName NAME_B = new ModelName("b", "1");

  private KeyedTwoInputStreamOperatorTestHarness<String, ClosedCell, LeadForecasts, ForecastScore>
      harness;

  private static Issuer issuer(String id, String slot) {
    return new Issuer(id, "1", 1, new String[0], new double[0], slot);
  }

  /** Leads of 1 and 2, a season of one cell, 1 open cell. */
  private void start(OperatorSubtaskState snapshot) throws Exception {
    ScoreSetup setup =
        new ScoreSetup(
            new ScoreSettings(List.of(1, 2), 1, 1, 30, 10, 1),
            1,
            new HindsightSetup(GRID, null, new TargetChannels(List.of(), 1)),
            LossMetric.MAE);
    harness =
        new KeyedTwoInputStreamOperatorTestHarness<>(
            new ScoreOperator(setup), ClosedCell::series, LeadForecasts::series, Types.STRING);
    harness.setup();
    if (snapshot != null) {
      harness.initializeState(snapshot);
    }
    harness.open();
  }

  /** Values 0, 1, 0, 1: the naive of one cell is off by 1 each time. */
  private void close(String series, long cell) throws Exception {
    harness.processElement1(
        new StreamRecord<>(
            new ClosedCell(series, cell * STEP, new double[] {cell % 2}, false), cell * STEP));
  }

  private void forecast(Issuer issuer, ForecastRole role, String series, long origin, float off)
      throws Exception {
    float next = (origin + 1) % 2;
    harness.processElement2(
        new StreamRecord<>(
            LeadForecasts.of(
                new IssuedForecast(
                    series,
                    origin * STEP,
                    0,
                    issuer,
                    new double[0],
                    new float[] {next + off, 1 - next + off},
                    new float[0],
                    0,
                    issuer == NAIVE,
                    0,
                    2,
                    null,
                    role),
                LEADS),
            origin * STEP));
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

  private List<ComparedForecasts> compared() {
    Queue<StreamRecord<ComparedForecasts>> output = harness.getSideOutput(ScoreOperator.COMPARED);
    List<ComparedForecasts> all = new ArrayList<>();
    while (output != null && !output.isEmpty()) {
      all.add(output.remove().getValue());
    }
    return all;
  }

  private static Bout bout(long cell, ModelName primary, ModelName rival, int... halves) {
    long half = Bout.UNIT / 2;
    return new Bout(cell, primary, rival, halves[0] * half, halves[1] * half, halves[2], true);
  }

  @Test
  void shouldAddUpOverSeriesAndLeadsAndTellWithTheWatermark() throws Exception {
    start(null);
    for (String series : List.of("s", "t")) {
      for (long cell = 0; cell < 6; cell++) {
        close(series, cell);
        forecast(A, ForecastRole.PRIMARY, series, cell, 1.5f);
        forecast(B, ForecastRole.SHADOW, series, cell, -.5f);
      }
    }
    assertThat(compared()).as("nothing before a watermark").isEmpty();
    watermark(6);
    List<ComparedForecasts> all = compared();
    assertThat(all).extracting(ComparedForecasts::slot).containsOnly("default");
    // Two series and two leads; the naive is off by 1, or by 0 two cells ahead.
    assertThat(all)
        .extracting(ComparedForecasts::bout)
        .contains(bout(4, NAME_A, NAME_B, 12, 4, 4), bout(4, NAME_A, null, 12, 4, 4));
    watermark(7);
    assertThat(compared()).as("once").isEmpty();
    harness.close();
  }

  @Test
  void shouldTakeForThePrimaryWhoAnsweredTheOrigin() throws Exception {
    start(null);
    for (long cell = 0; cell < 12; cell++) {
      close("s", cell);
      forecast(cell < 6 ? A : B, ForecastRole.PRIMARY, "s", cell, 1.5f);
      forecast(cell < 6 ? B : A, ForecastRole.SHADOW, "s", cell, -.5f);
    }
    watermark(12);
    TreeMap<Long, List<String>> byCell = new TreeMap<>();
    for (ComparedForecasts each : compared()) {
      if (each.bout().rival() != null) {
        byCell
            .computeIfAbsent(each.bout().cell(), any -> new ArrayList<>())
            .add(each.slot() + " " + each.bout().primary().id() + each.bout().ofNewOrigin());
      }
    }
    assertThat(byCell.get(6L)).containsExactly("default atrue");
    // Of origin 6 one cell ahead, of origin 5 two.
    assertThat(byCell.get(7L)).containsExactlyInAnyOrder("default afalse", "candidate btrue");
    assertThat(byCell.get(8L)).containsExactly("candidate btrue");
    harness.close();
  }

  @Test
  void shouldNotTakeAFallbackForThePrimary() throws Exception {
    start(null);
    for (long cell = 0; cell < 9; cell++) {
      close("s", cell);
      forecast(cell % 3 == 0 ? NAIVE : A, ForecastRole.PRIMARY, "s", cell, 1);
      forecast(B, ForecastRole.SHADOW, "s", cell, 0);
    }
    watermark(9);
    assertThat(compared())
        .extracting(ComparedForecasts::bout)
        .isNotEmpty()
        .allSatisfy(bout -> assertThat(bout.primary()).isEqualTo(NAME_A))
        .allSatisfy(bout -> assertThat(bout.rival()).isIn(NAME_B, null));
    harness.close();
  }

  /** What is told of each cell, added up. */
  private static void sum(TreeMap<String, long[]> sums, List<ComparedForecasts> all) {
    for (ComparedForecasts each : all) {
      Bout bout = each.bout();
      long[] sum =
          sums.computeIfAbsent(
              "%d %s %s".formatted(bout.cell(), bout.primary(), bout.rival()), any -> new long[3]);
      sum[0] += bout.primaryLoss();
      sum[1] += bout.rivalLoss();
      sum[2] += bout.count();
    }
  }

  private TreeMap<String, long[]> run(boolean restores, Random order) throws Exception {
    start(null);
    TreeMap<String, long[]> sums = new TreeMap<>();
    List<String> series = new ArrayList<>(List.of("s", "t", "u"));
    for (long cell = 0; cell < 60; cell++) {
      Collections.shuffle(series, order);
      for (String each : series) {
        close(each, cell);
        float off = (each.charAt(0) * 7 + cell * 13) % 10 / 7f;
        forecast(cell < 30 ? A : B, ForecastRole.PRIMARY, each, cell, off);
        forecast(cell < 30 ? B : A, ForecastRole.SHADOW, each, cell, off / 3);
      }
      watermark(cell);
      if (restores && cell % 20 == 7) {
        OperatorSubtaskState snapshot = snapshot(cell);
        sum(sums, compared());
        harness.close();
        start(snapshot);
        watermark(cell);
      }
    }
    sum(sums, compared());
    harness.close();
    return sums;
  }

  @Test
  void shouldTellTheSameAfterRestoresAndInAnyOrderOfSeries() throws Exception {
    TreeMap<String, long[]> straight = run(false, new Random(1));
    TreeMap<String, long[]> restored = run(true, new Random(2));
    assertThat(straight).hasSizeGreaterThan(100);
    assertThat(restored.keySet()).isEqualTo(straight.keySet());
    straight.forEach((key, sum) -> assertThat(restored.get(key)).as(key).isEqualTo(sum));
  }
}
