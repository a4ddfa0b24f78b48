package io.tidecast.flink.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidecast.flink.record.ForecastTask;
import io.tidecast.flink.record.Measurement;
import io.tidecast.flink.record.Rejection;
import io.tidecast.flink.testing.Samples;
import io.tidecast.runtime.grid.GridStep;
import io.tidecast.schemas.ErrorCode;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Context of four cells of a second, at most two values missing. */
class CellCloserTest {

  private static final float NAN = Float.NaN;
  private static final long HOUR = 3_600_000;
  private static final String ARRIVAL = "series: {step: 1s, max-filled-cells: 2}";
  private static final String WATERMARK =
      "series: {step: 1s, max-filled-cells: 2, close: watermark}";

  private WindowHarness harness;

  private StateBackend backend = new HashMapStateBackend();

  @AfterEach
  void close() throws Exception {
    if (harness != null) {
      harness.close();
    }
  }

  @Test
  void shouldAskForNoForecastBeforeTheCellsSpanAContext() throws Exception {
    start(ARRIVAL);
    observe("a", 1_000, 1);
    observe("a", 2_000, 2);
    observe("a", 3_000, 3);
    assertThat(requests()).isEmpty();

    observe("a", 4_000, 4);

    ForecastTask request = requests().get(0);
    assertThat(request.series()).isEqualTo("a");
    assertThat(request.originMillis()).isEqualTo(4_000);
    assertThat(request.context()).containsExactly(1, 2, 3, 4);
  }

  @Test
  void shouldKeepSeriesApart() throws Exception {
    start(ARRIVAL);
    for (int i = 1; i <= 4; i++) {
      observe("a", i * 1_000, i);
      observe("b", i * 1_000, -i);
    }
    assertThat(requests()).extracting(ForecastTask::series).containsExactly("a", "b");
    assertThat(requests().get(1).context()).containsExactly(-1, -2, -3, -4);
    assertThat(harness.keptSeries()).isEqualTo(2);
  }

  @Test
  void shouldPutObservationsBetweenGridPointsIntoTheirCell() throws Exception {
    start(ARRIVAL);
    observe("a", 1_001, 1);
    observe("a", 2_999, 2);
    observe("a", 3_500, 3);
    observe("a", 4_250, 4);
    assertThat(origins()).containsExactly(4_000L);
    assertThat(requests().get(0).context()).containsExactly(1, 2, 3, 4);
  }

  @Test
  void shouldLetTheLastOfACellWinWithoutASecondForecast() throws Exception {
    start(ARRIVAL);
    fill("a", 1, 4);
    observe("a", 4_900, 40);
    observe("a", 4_900, 41);
    observe("a", 4_100, 42);
    observe("a", 5_000, 5);
    assertThat(origins()).containsExactly(4_000L, 5_000L);
    assertThat(requests().get(1).context()).containsExactly(2, 3, 41, 5);
  }

  @Test
  void shouldTakeACorrectionOfAnOlderCell() throws Exception {
    start(ARRIVAL);
    fill("a", 1, 4);
    observe("a", 3_000, 30);
    observe("a", 5_000, 5);
    assertThat(requests().get(1).context()).containsExactly(2, 30, 4, 5);
    assertThat(rejections()).isEmpty();
  }

  @Test
  void shouldSendWhatIsOlderThanTheRingToTheDeadLetters() throws Exception {
    start(ARRIVAL);
    fill("a", 1, 5);
    observe("a", 1_999, 1);
    assertThat(rejections())
        .singleElement()
        .satisfies(
            late -> {
              assertThat(late.code()).isEqualTo(ErrorCode.LATE);
              assertThat(late.series()).isEqualTo("a");
              assertThat(late.timeMillis()).isEqualTo(1_999);
              assertThat(late.source().offset()).isEqualTo(42);
              assertThat(late.source().value()).containsExactly(9);
              assertThat(late.detail()).contains("1970-01-01T00:00:02Z");
            });
  }

  @Test
  void shouldAskTheModelBeforeAContextIsFullWhereItPads() throws Exception {
    start("series: {step: 1s, max-filled-cells: 1, min-context: 3}");
    observe("a", 1_000, 1);
    observe("a", 2_000, 2);
    observe("a", 4_000, 4);
    observe("b", 1_000, 1);
    observe("b", 3_000, 3);
    observe("b", 4_000, 4);
    observe("c", 1_000, 1);
    observe("c", 4_000, 4);
    observe("d", 1_000, 1);
    observe("d", 2_000, 2);
    observe("d", 3_000, 3);
    assertThat(origins())
        .as("after three cells with values")
        .containsExactly(4_000L, 4_000L, 3_000L);
    assertThat(requests().get(0).context()).containsExactly(1, 2, 2, 4);
    assertThat(requests().get(1).context()).containsExactly(1, 1, 3, 4);
    assertThat(requests().get(2).context()).containsExactly(NAN, 1, 2, 3);
    assertThat(requests()).extracting(ForecastTask::filledCells).containsExactly(1, 1, 0);
    assertThat(requests()).extracting(ForecastTask::baseline).containsOnly(false);
  }

  @Test
  void shouldAskTheBaselineForSeriesThatAreTooYoungForTheModel() throws Exception {
    start("series: {step: 1s, max-filled-cells: 2, min-context: 3, cold-start: baseline}");
    observe("a", 0, NAN);
    observe("a", 1_000, 1);
    observe("a", 3_000, 3);
    observe("a", 4_000, 4);
    assertThat(origins()).containsExactly(1_000L, 3_000L, 4_000L);
    assertThat(requests()).extracting(ForecastTask::baseline).containsExactly(true, true, false);
    assertThat(requests().get(0).context()).containsExactly(NAN, NAN, NAN, 1);
    assertThat(requests().get(1).filledCells()).isEqualTo(1);
    assertThat(requests().get(1).context()).containsExactly(NAN, 1, 1, 3);
    assertThat(requests().get(2).context()).containsExactly(1, 1, 3, 4);
  }

  @Test
  void shouldAskTheBaselineAgainWhenAYoungSeriesIsRepaired() throws Exception {
    start("series: {step: 1s, cold-start: baseline, reissue: true}");
    fill("a", 1, 2);
    observe("a", 1_000, 10);
    assertThat(origins()).containsExactly(1_000L, 2_000L, 2_000L);
    assertThat(requests().get(2).context()).containsExactly(NAN, NAN, 10, 2);
    assertThat(requests().get(2).baseline()).isTrue();
    assertThat(requests().get(2).revision()).isEqualTo(1);
  }

  @Test
  void shouldLeaveGapsMissingAndSkipWhenThereAreTooMany() throws Exception {
    start(ARRIVAL);
    fill("a", 1, 4);
    observe("a", 7_000, 7);
    assertThat(requests().get(1).context()).containsExactly(4, 4, 4, 7);

    observe("a", 11_000, 11);
    assertThat(origins()).containsExactly(4_000L, 7_000L);
    observe("a", 12_000, 12);
    assertThat(requests().get(2).context()).containsExactly(11, 11, 11, 12);
  }

  /** A device that started with its clock at 1970 has no context of half a century. */
  @Test
  void shouldForecastAfterALongSilenceAsSoonAsAYoungSeriesWould() throws Exception {
    start("series: {step: 1s, max-filled-cells: 1, min-context: 2}");
    observe("booted", 3_000, 246);
    observe("booted", 1_714_521_610_000L, 0);
    assertThat(requests()).as("one cell is too few").isEmpty();
    observe("booted", 1_714_521_611_000L, 1);
    observe("booted", 1_714_521_613_000L, 3);
    observe("booted", 1_714_521_614_000L, 4);
    assertThat(requests())
        .extracting(ForecastTask::context)
        .containsExactly(
            new float[] {NAN, NAN, 0, 1}, new float[] {0, 1, 1, 3}, new float[] {1, 1, 3, 4});
    assertThat(requests()).extracting(ForecastTask::filledCells).containsExactly(0, 1, 1);
  }

  /** A plug that says every now and then whether it is on is no thermometer. */
  @Test
  void shouldNeitherOpenNorCloseACellWithoutAnyValue() throws Exception {
    for (String config : new String[] {ARRIVAL, WATERMARK}) {
      start(config);
      for (int cell = 1; cell <= 7; cell++) {
        observe("a", cell * 1_000 + 1, NAN);
        observe("a", cell * 1_000 + 6, 20 + cell);
      }
      harness.watermark(7_999);
      assertThat(requests())
          .extracting(ForecastTask::context)
          .containsExactly(
              new float[] {21, 22, 23, 24},
              new float[] {22, 23, 24, 25},
              new float[] {23, 24, 25, 26},
              new float[] {24, 25, 26, 27});
      assertThat(requests()).extracting(ForecastTask::filledCells).containsOnly(0);
      observe("other", 8_000, NAN);
      assertThat(harness.keptSeries()).isEqualTo(1);
      assertThat(rejections()).isEmpty();
    }
  }

  @Test
  void shouldBeYoungAgainAfterASilenceOfAContext() throws Exception {
    start("series: {step: 1s, max-filled-cells: 16, min-context: 2, cold-start: baseline}");
    fill("a", 1, 4);
    observe("a", 8_000, 8);
    observe("a", 13_000, 13);
    observe("a", 14_000, 14);
    assertThat(requests())
        .extracting(ForecastTask::context)
        .endsWith(
            new float[] {8, 8, 8, 8},
            new float[] {NAN, NAN, NAN, 13},
            new float[] {NAN, NAN, 13, 14});
    assertThat(requests())
        .extracting(ForecastTask::baseline)
        .as("four silent cells make it young, three do not")
        .containsExactly(true, false, false, false, false, true, false);
  }

  @Test
  void shouldForecastEveryNthCell() throws Exception {
    start("series: {step: 1s, max-filled-cells: 2, forecast-every: 3}");
    fill("a", 1, 12);
    assertThat(origins()).containsExactly(4_000L, 7_000L, 10_000L);
  }

  @Test
  void shouldForecastAtTimesOfDay() throws Exception {
    start("series: {step: 1h, max-filled-cells: 2, forecast-at: [\"06:00\", \"18:00\"]}");
    for (int hour = 0; hour < 48; hour++) {
      observe("a", hour * HOUR, hour);
    }
    assertThat(origins())
        .as("the last hours that are over by then; the first comes before there is a context")
        .containsExactly(5 * HOUR, 17 * HOUR, 29 * HOUR, 41 * HOUR);
  }

  @Test
  void shouldForecastAtTheNextCellWhereTheOneOfATimeIsMissing() throws Exception {
    String config =
        "series: {step: 1h, max-filled-cells: 2, close: watermark, forecast-at: [\"06:30\", \"08:00\"]}";
    start(config);
    for (int hour = 0; hour <= 4; hour++) {
      observe("a", hour * HOUR, hour);
    }
    observe("a", 5 * HOUR, NAN);
    observe("a", 6 * HOUR, 6);
    harness.watermark(7 * HOUR - 1);
    OperatorSubtaskState snapshot = harness.snapshot();
    assertThat(origins()).containsExactly(6 * HOUR);
    restart(snapshot, config);
    observe("a", 7 * HOUR, 7);
    observe("a", 8 * HOUR, 8);
    observe("a", 31 * HOUR, 31);
    harness.watermark(32 * HOUR - 1);
    assertThat(origins()).as("the context of 31 misses too much").containsExactly(7 * HOUR);
    observe("a", 32 * HOUR, 32);
    observe("a", 33 * HOUR, 33);
    harness.watermark(34 * HOUR - 1);
    assertThat(origins()).as("once for each instant").containsExactly(7 * HOUR);
  }

  @Test
  void shouldAskOnceForSeveralTimesOfOneCell() throws Exception {
    start(
        "series: {step: P1D, zone: Europe/Berlin, max-filled-cells: 2, forecast-at: [\"06:00\", \"18:00\"]}");
    long first = Instant.parse("2024-03-27T23:00:00Z").toEpochMilli();
    for (int day = 0; day < 6; day++) {
      observe("a", first + day * 24 * HOUR, day);
    }
    assertThat(origins()).hasSize(3);
  }

  @Test
  void shouldWorkBefore1970() throws Exception {
    start(ARRIVAL);
    fill("a", -3, 1);
    assertThat(origins()).containsExactly(0L, 1_000L);
    assertThat(requests().get(0).context()).containsExactly(-3, -2, -1, 0);
  }

  @Test
  void shouldGoOnWhereItWasAfterARestore() throws Exception {
    start(ARRIVAL);
    fill("a", 1, 3);
    OperatorSubtaskState snapshot = harness.snapshot();
    observe("a", 4_000, -1);

    restart(snapshot, ARRIVAL);
    observe("a", 4_000, 4);

    assertThat(requests().get(0).context()).containsExactly(1, 2, 3, 4);
  }

  @Test
  void shouldNotLetASnapshotSeeWhatCameAfterIt() throws Exception {
    start(ARRIVAL);
    fill("a", 1, 4);
    OperatorSubtaskState snapshot = harness.snapshot();
    fill("a", 5, 9);

    restart(snapshot, ARRIVAL);
    observe("a", 5_000, 50);

    assertThat(requests().get(0).context()).containsExactly(2, 3, 4, 50);
  }

  @Test
  void shouldKeepStateOutsideTheHeap() throws Exception {
    backend = new EmbeddedRocksDBStateBackend();
    start(WATERMARK);
    fill("a", 1, 4);
    OperatorSubtaskState snapshot = harness.snapshot();
    fill("a", 5, 9);

    restart(snapshot, WATERMARK);
    fill("a", 5, 5);
    harness.watermark(5_999);

    assertThat(origins()).containsExactly(4_000L, 5_000L);
    assertThat(requests().get(1).context()).containsExactly(2, 3, 4, 5);
  }

  @Test
  void shouldSayWhatToDoWhenTheStepHasChanged() throws Exception {
    start(ARRIVAL);
    fill("a", 1, 3);
    OperatorSubtaskState snapshot = harness.snapshot();

    assertThatThrownBy(() -> restart(snapshot, "series: {step: 2s, max-filled-cells: 2}"))
        .isInstanceOf(SuppressRestartsException.class)
        .cause()
        .hasMessageContaining("series.step=PT2S, was kept with PT1S");
  }

  @Test
  void shouldCloseCellsWhenTheWatermarkPassesTheirEnd() throws Exception {
    start(WATERMARK);
    fill("a", 1, 4);
    observe("a", 4_999, 44);
    assertThat(requests()).isEmpty();

    harness.watermark(4_998);
    assertThat(requests()).isEmpty();
    harness.watermark(4_999);

    assertThat(requests().get(0).context()).containsExactly(1, 2, 3, 44);
    assertThat(harness.timers()).isZero();
  }

  @Test
  void shouldCloseCellsWhenTheSeriesItselfGoesOn() throws Exception {
    start(WATERMARK);
    fill("a", 1, 6);
    assertThat(origins()).containsExactly(4_000L, 5_000L);
    assertThat(requests().get(1).context()).containsExactly(2, 3, 4, 5);
    harness.watermark(100_000);
    assertThat(origins()).containsExactly(4_000L, 5_000L, 6_000L);
    assertThat(harness.timers()).isZero();
  }

  @Test
  void shouldSendWhatBelongsToAClosedCellToTheDeadLetters() throws Exception {
    start(WATERMARK);
    fill("a", 1, 4);
    observe("a", 3_500, 9);
    harness.watermark(4_999);
    observe("a", 4_500, 9);
    assertThat(rejections()).extracting(Rejection::timeMillis).containsExactly(3_500L, 4_500L);
  }

  @Test
  void shouldKeepCellsOpenForWhatIsOutOfOrder() throws Exception {
    start(WATERMARK, "source: {max-out-of-orderness: 3s}");
    fill("a", 1, 3);
    observe("a", 6_000, 6);
    observe("a", 4_000, 4);
    observe("a", 5_000, 5);
    observe("a", 2_000, 2.5f);
    assertThat(rejections()).as("2 s is more than 3 s behind 6 s").hasSize(1);
    fill("a", 7, 9);
    assertThat(origins()).containsExactly(4_000L, 5_000L);
    harness.watermark(9_999);
    assertThat(origins()).containsExactly(4_000L, 5_000L, 6_000L, 7_000L, 8_000L, 9_000L);
    assertThat(requests().get(5).context()).containsExactly(6, 7, 8, 9);
  }

  @Test
  void shouldTakeOutOfOrderFirstObservations() throws Exception {
    start(WATERMARK, "source: {max-out-of-orderness: 3s}");
    observe("a", 4_000, 4);
    observe("a", 2_000, 2);
    observe("a", 1_000, 1);
    observe("a", 3_000, 3);
    harness.watermark(4_999);
    assertThat(requests()).singleElement();
    assertThat(requests().get(0).context()).containsExactly(1, 2, 3, 4);
    assertThat(rejections()).isEmpty();
  }

  @Test
  void shouldAskForNothingAtGapsOfAnyLength() throws Exception {
    start(WATERMARK);
    fill("a", 1, 4);
    observe("a", 7_000, 7);
    observe("a", 9_000_000_000_000L, 9);
    harness.watermark(Long.MAX_VALUE);
    assertThat(origins()).containsExactly(4_000L, 7_000L);
    assertThat(harness.timers()).isZero();
  }

  @Test
  void shouldStillTakeASeriesThatIsBehindTheWatermark() throws Exception {
    start(WATERMARK);
    harness.watermark(1_000_000);
    fill("a", 1, 5);
    harness.watermark(1_000_001);
    assertThat(rejections()).isEmpty();
    assertThat(origins()).containsExactly(4_000L, 5_000L);
  }

  @Test
  void shouldFireTheTimersOfBeforeAfterARestore() throws Exception {
    start(WATERMARK);
    fill("a", 1, 4);
    OperatorSubtaskState snapshot = harness.snapshot();

    restart(snapshot, WATERMARK);
    harness.watermark(4_999);

    assertThat(requests().get(0).context()).containsExactly(1, 2, 3, 4);
    assertThat(harness.timers()).isZero();
  }

  @Test
  void shouldCarryOnInTheOtherMode() throws Exception {
    start(WATERMARK);
    fill("a", 1, 4);
    OperatorSubtaskState snapshot = harness.snapshot();

    restart(snapshot, ARRIVAL);
    observe("a", 5_000, 5);
    harness.watermark(9_999);

    assertThat(origins()).containsExactly(5_000L);
    assertThat(requests().get(0).context()).containsExactly(2, 3, 4, 5);
  }

  @Test
  void shouldTakeTheMeanOfEachCellInAnyOrder() throws Exception {
    start(
        "series: {step: 1s, close: watermark, aggregate: mean}",
        "source: {max-out-of-orderness: 2s}");
    observe("a", 1_000, 1);
    observe("a", 2_900, 4);
    observe("a", 2_100, 2);
    observe("a", 1_500, 3);
    observe("a", 3_000, 3);
    observe("a", 4_000, 4);
    observe("a", 2_500, 6);
    harness.watermark(4_999);
    assertThat(requests().get(0).context()).containsExactly(2, 4, 3, 4);
  }

  @Test
  void shouldCountADoubledObservationOnce() throws Exception {
    start("series: {step: 1s, close: watermark, aggregate: sum, duplicates: last}");
    for (int cell = 1; cell <= 4; cell++) {
      observe("a", cell * 1_000L, cell);
      observe("a", cell * 1_000L + 500, 100);
      observe("a", cell * 1_000L, 10 * cell);
    }
    harness.watermark(4_999);
    assertThat(requests().get(0).context()).containsExactly(110, 120, 130, 140);
  }

  @Test
  void shouldSendWhatACellCannotRememberToTheDeadLetters() throws Exception {
    start(
        "series: {step: 1s, close: watermark, aggregate: sum, duplicates: first, max-observations: 2}");
    observe("a", 1_000, 1);
    observe("a", 1_100, 2);
    observe("a", 1_100, 3);
    observe("a", 1_200, 4);
    observe("a", 2_000, 5);
    assertThat(rejections())
        .singleElement()
        .satisfies(
            full -> {
              assertThat(full.code()).isEqualTo(ErrorCode.CELL_FULL);
              assertThat(full.timeMillis()).isEqualTo(1_200);
              assertThat(full.detail()).contains("series.max-observations=2");
            });
  }

  @Test
  void shouldNotAskAcrossAGapThatIsTooLong() throws Exception {
    start("series: {step: 1s, fill: linear, max-consecutive-filled: 1}");
    fill("a", 1, 4);
    observe("a", 6_000, 8);
    observe("a", 9_000, 9);
    observe("a", 10_000, 10);
    assertThat(origins()).containsExactly(4_000L, 6_000L);
    ForecastTask filled = requests().get(1);
    assertThat(filled.context()).containsExactly(3, 4, 6, 8);
    assertThat(filled.filledCells()).isEqualTo(1);
    assertThat(requests().get(0).filledCells()).isZero();
  }

  @Test
  void shouldNotAskWithAnythingMissingWhenNothingIsToBeFilled() throws Exception {
    start("series: {step: 1s, fill: none}");
    fill("a", 1, 4);
    fill("a", 6, 8);
    assertThat(origins()).containsExactly(4_000L);
    observe("a", 9_000, 9);
    assertThat(origins()).containsExactly(4_000L, 9_000L);
  }

  @Test
  void shouldFillFromTheSeasonOfTheBaselineOrItsOwn() throws Exception {
    start("series: {step: 1s, fill: seasonal, fill-season: 2}");
    fill("a", 1, 3);
    observe("a", 5_000, 5);
    assertThat(requests().get(0).context()).containsExactly(2, 3, 2, 5);
    start("series: {step: 1s, fill: seasonal}");
    fill("a", 1, 3);
    observe("a", 5_000, 5);
    assertThat(requests().get(0).context()).containsExactly(2, 3, 3, 5);
  }

  @Test
  void shouldRepairAClosedCellWithinTheAllowedLateness() throws Exception {
    start("series: {step: 1s, close: watermark, allowed-lateness: 2s}");
    fill("a", 1, 5);
    harness.watermark(5_999);
    observe("a", 4_000, 40);
    observe("a", 3_999, 39);
    observe("a", 6_000, 6);
    harness.watermark(6_999);
    assertThat(rejections()).extracting(Rejection::timeMillis).containsExactly(3_999L);
    assertThat(origins()).containsExactly(4_000L, 5_000L, 6_000L);
    assertThat(requests().get(2).context()).containsExactly(3, 40, 5, 6);
    assertThat(requests()).extracting(ForecastTask::revision).containsOnly(0);
    assertThat(harness.timers()).isZero();
  }

  @Test
  void shouldAskAgainForTheNewestForecastThatALateObservationChanged() throws Exception {
    start("series: {step: 1s, close: watermark, allowed-lateness: 10s, reissue: true}");
    fill("a", 1, 6);
    harness.watermark(6_999);
    observe("a", 5_000, 50);
    observe("a", 5_000, 50);
    observe("a", 2_000, 20);
    observe("a", 6_500, 60);
    assertThat(origins()).containsExactly(4_000L, 5_000L, 6_000L, 6_000L, 6_000L);
    assertThat(requests()).extracting(ForecastTask::revision).containsExactly(0, 0, 0, 1, 2);
    assertThat(requests().get(3).context()).containsExactly(3, 4, 50, 6);
    assertThat(requests().get(4).context()).containsExactly(3, 4, 50, 60);
  }

  @Test
  void shouldAskAgainForAsManyOriginsAsItIsTold() throws Exception {
    start(
        "series: {step: 1s, close: watermark, allowed-lateness: 9s, reissue: true, reissue-origins: 2}");
    fill("a", 1, 7);
    harness.watermark(7_999);
    OperatorSubtaskState snapshot = harness.snapshot();
    restart(
        snapshot,
        "series: {step: 1s, close: watermark, allowed-lateness: 9s, reissue: true, reissue-origins: 2}");
    observe("a", 4_000, 40);
    observe("a", 3_000, 30);
    assertThat(origins()).containsExactly(6_000L, 7_000L, 6_000L);
    assertThat(requests()).extracting(ForecastTask::revision).containsExactly(1, 1, 2);
    assertThat(requests().get(2).context()).containsExactly(30, 40, 5, 6);
  }

  @Test
  void shouldAskAgainWhenACellOfArrivalIsCorrected() throws Exception {
    start("series: {step: 1s, reissue: true}");
    fill("a", 1, 5);
    observe("a", 5_100, 50);
    observe("a", 3_000, 30);
    assertThat(origins()).containsExactly(4_000L, 5_000L, 5_000L, 5_000L);
    assertThat(requests().get(3).context()).containsExactly(2, 30, 4, 50);
    assertThat(requests().get(3).revision()).isEqualTo(2);
  }

  @Test
  void shouldTakeOlderCellsOfArrivalAsLateWhereTheyCannotBeReplaced() throws Exception {
    start("series: {step: 1s, aggregate: first, allowed-lateness: 1s}");
    fill("a", 1, 4);
    observe("a", 5_500, 55);
    observe("a", 5_000, 5);
    observe("a", 4_500, 100);
    observe("a", 3_500, 100);
    observe("a", 6_000, 6);
    assertThat(rejections()).extracting(Rejection::timeMillis).containsExactly(3_500L);
    assertThat(requests().get(2).context()).containsExactly(3, 4, 5, 6);
  }

  /** A device that sends what it has, newest first: its last value of a second is the one at .9. */
  @Test
  void shouldGoByTheTimeOfTheLastObservationWhereItComesLate() throws Exception {
    start("series: {step: 1s, reissue: true}");
    fill("a", 1, 5);
    observe("a", 3_900, 39);
    observe("a", 3_500, 35);
    observe("a", 3_900, 38);
    observe("a", 3_000, 30);
    observe("a", 4_100, 41);
    assertThat(rejections()).isEmpty();
    assertThat(requests())
        .last()
        .satisfies(request -> assertThat(request.context()).containsExactly(2, 38, 41, 5));
  }

  @Test
  void shouldNotReplaceOlderCellsOfArrivalWhereTheFirstOfATimeHolds() throws Exception {
    start("series: {step: 1s, duplicates: first}");
    fill("a", 1, 5);
    observe("a", 3_000, 30);
    observe("a", 5_000, 50);
    observe("a", 6_000, 6);
    assertThat(rejections()).extracting(Rejection::timeMillis).containsExactly(3_000L);
    assertThat(requests().get(2).context()).containsExactly(3, 4, 5, 6);
  }

  @Test
  void shouldCutDaysAsTheClocksOfAZoneDo() throws Exception {
    start("series: {step: P1D, zone: Europe/Berlin, aggregate: count, close: watermark}");
    Instant first = Instant.parse("2024-03-28T23:00:00Z");
    for (int hour = 0; hour < 95; hour++) {
      observe("a", first.plusSeconds(hour * 3_600L).toEpochMilli(), 1);
    }
    harness.watermark(Long.MAX_VALUE);
    ForecastTask request = requests().get(0);
    assertThat(request.context()).containsExactly(24, 24, 23, 24);
    assertThat(Instant.ofEpochMilli(request.originMillis())).isEqualTo("2024-03-31T22:00:00Z");
    GridStep step = GridStep.of(GridStep.Unit.DAY, ZoneId.of("Europe/Berlin"));
    assertThat(Instant.ofEpochMilli(request.window(step).originMillis()))
        .as("the date that the model is given")
        .isEqualTo("2024-04-01T00:00:00Z");
    assertThat(request.window(step).stepMillis()).isEqualTo(86_400_000);
  }

  @Test
  void shouldSayTheGroupThatTheLastObservationNamed() throws Exception {
    String source = "source: {format: json, mapping: {series: s, group: g, time: t, values: v}}";
    String covariates =
        "covariates: {topic: w, names: x, keyed-by: group, format: json,"
            + " mapping: {key: g, time: t, values: x}}";
    start(ARRIVAL, source, covariates);
    for (int cell = 0; cell < 4; cell++) {
      observe("a", "north", cell);
    }
    OperatorSubtaskState snapshot = harness.snapshot();
    assertThat(requests()).extracting(ForecastTask::group).containsExactly("north");

    restart(snapshot, ARRIVAL, source, covariates);
    observe("a", "north", 4);
    observe("a", "south", 5);
    assertThat(requests()).extracting(ForecastTask::group).containsExactly("north", "south");
  }

  private void observe(String series, String group, int cell) throws Exception {
    long time = cell * Samples.STEP;
    Measurement bare = Samples.measurement(series, time, cell);
    harness.observe(new Measurement(bare.source(), series, group, time, bare.values()));
  }

  private void start(String... config) throws Exception {
    restart(null, config);
  }

  private void restart(OperatorSubtaskState snapshot, String... config) throws Exception {
    if (harness != null) {
      harness.close();
    }
    harness = null;
    harness =
        WindowHarness.start(
            Samples.config(config), Samples.SPEC, 1, snapshot, new WindowHarness.Setup(backend));
  }

  /** One observation a cell, its value the number of the cell. */
  private void fill(String series, int firstCell, int lastCell) throws Exception {
    for (int cell = firstCell; cell <= lastCell; cell++) {
      observe(series, cell * 1_000L, cell);
    }
  }

  private void observe(String series, long timeMillis, float value) throws Exception {
    harness.observe(Samples.measurement(series, timeMillis, value));
  }

  private List<ForecastTask> requests() {
    return harness.requests();
  }

  private List<Long> origins() {
    return requests().stream().map(ForecastTask::originMillis).toList();
  }

  private List<Rejection> rejections() {
    return harness.rejections();
  }
}
