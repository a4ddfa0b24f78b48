package io.tidecast.flink.series;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.flink.record.ForecastTask;
import io.tidecast.flink.testing.Samples;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Series that say nothing, and are forecast; contexts of four cells of a second. */
class SilenceTest {

  private static final String SALES = "close: watermark, aggregate: sum, silence: fill";

  private final List<WindowHarness> started = new ArrayList<>();
  private WindowHarness harness;

  @AfterEach
  void close() throws Exception {
    for (WindowHarness one : started) {
      one.close();
    }
  }

  /** Sold on days 1, 3, 8 and 9. */
  @Test
  void shouldForecastWhatIsSoldSeldomOnEveryDay() throws Exception {
    for (boolean rocks : new boolean[] {false, true}) {
      start(SALES + ", max-filled-cells: 1", null, rocks);
      for (int day = 1; day <= 20; day++) {
        observe("daily", day * 1_000, day);
        if (day == 1 || day == 3 || day == 8 || day == 9) {
          observe("seldom", day * 1_000, 5);
        }
        harness.watermark(day * 1_000 - 1);
      }
      List<ForecastTask> seldom = requests("seldom");
      assertThat(seldom)
          .extracting(ForecastTask::originMillis)
          .isEqualTo(requests("daily").stream().map(ForecastTask::originMillis).toList());
      assertThat(seldom.get(0).context()).containsExactly(5, 0, 5, 0);
      assertThat(seldom.get(0).filledCells()).isEqualTo(2);
      assertThat(seldom.get(5).context()).containsExactly(0, 0, 0 + 5, 5);
      assertThat(seldom.get(seldom.size() - 1).context()).containsExactly(0, 0, 0, 0);
      assertThat(seldom.get(seldom.size() - 1).originMillis()).isEqualTo(19_000);
    }
  }

  @Test
  void shouldHoldTheLastValueOfASensorThatReportsOnChange() throws Exception {
    start("close: watermark, silence: fill", null, false);
    observe("a", 1_000, 20);
    observe("a", 2_000, 21);
    OperatorSubtaskState snapshot = null;
    for (int second = 3; second <= 30; second++) {
      harness.watermark(second * 1_000 - 1);
      if (second == 15) {
        snapshot = harness.snapshot();
      }
    }
    assertThat(harness.requests()).hasSize(26);
    assertThat(harness.requests().get(25).context()).containsExactly(21, 21, 21, 21);
    assertThat(harness.requests().get(25).filledCells()).isEqualTo(4);

    start("close: watermark, silence: fill", snapshot, false);
    harness.watermark(16_999);
    assertThat(harness.requests())
        .extracting(ForecastTask::originMillis)
        .as("goes on after a restore")
        .containsExactly(15_000L, 16_000L);
    observe("a", 19_000, 5);
    harness.watermark(20_999);
    assertThat(harness.requests().get(5).context()).containsExactly(21, 21, 5, 5);
    assertThat(harness.requests().get(5).originMillis()).isEqualTo(20_000);
  }

  @Test
  void shouldWeighAStateOverSilentCellsAsLongAsItHolds() throws Exception {
    start("aggregate: time-weighted-mean, silence: fill", null, false);
    observe("a", 500, 10);
    observe("a", 1_500, 20);
    harness.watermark(5_999);
    observe("a", 6_250, 0);
    harness.watermark(6_999);
    assertThat(harness.requests())
        .extracting(ForecastTask::context)
        .containsExactly(
            new float[] {10, 15, 20, 20},
            new float[] {15, 20, 20, 20},
            new float[] {20, 20, 20, 20},
            new float[] {20, 20, 20, 5});
  }

  @Test
  void shouldRestAfterTheLongestSilenceAndBeYoungThen() throws Exception {
    start(SALES + ", max-silence: 3s, min-context: 2", null, false);
    observe("a", 1_000, 1);
    harness.watermark(20_000);
    assertThat(harness.requests())
        .extracting(ForecastTask::originMillis)
        .containsExactly(2_000L, 3_000L, 4_000L);
    assertThat(harness.timers()).isZero();
    observe("a", 21_000, 2);
    harness.watermark(22_999);
    assertThat(harness.requests())
        .last()
        .satisfies(
            request -> assertThat(request.context()).containsExactly(Float.NaN, Float.NaN, 2, 0));
  }

  @Test
  void shouldForgetASilentSeriesAfterItsTimeToLive() throws Exception {
    start(SALES + ", time-to-live: 5s, min-context: 1", null, false);
    observe("a", 1_000, 1);
    harness.watermark(30_000);
    assertThat(harness.requests()).last().extracting(ForecastTask::originMillis).isEqualTo(6_000L);
    assertThat(harness.keptSeries()).isZero();
    assertThat(harness.timers()).isZero();
  }

  @Test
  void shouldNotGoOnForEverAtTheEndOfTheInput() throws Exception {
    start(SALES + ", min-context: 1", null, false);
    observe("a", 1_000, 1);
    observe("a", 4_000, 1);
    harness.watermark(Long.MAX_VALUE);
    assertThat(harness.requests())
        .extracting(ForecastTask::originMillis)
        .as("no silent cell after the last observation is over")
        .containsExactly(1_000L, 2_000L, 3_000L, 4_000L);
    assertThat(harness.timers()).isZero();
  }

  @Test
  void shouldTakeALateObservationInPlaceOfSilence() throws Exception {
    start(SALES + ", allowed-lateness: 3s, reissue: true", null, false);
    observe("a", 1_000, 1);
    harness.watermark(4_999);
    observe("a", 3_500, 7);
    assertThat(harness.requests())
        .last()
        .satisfies(
            request -> {
              assertThat(request.context()).containsExactly(1, 0, 7, 0);
              assertThat(request.revision()).isEqualTo(1);
              assertThat(request.filledCells()).isEqualTo(2);
            });
  }

  private List<ForecastTask> requests(String series) {
    return harness.requests().stream().filter(one -> one.series().equals(series)).toList();
  }

  private void start(String keys, OperatorSubtaskState snapshot, boolean rocks) throws Exception {
    harness =
        WindowHarness.start(
            Samples.config("series: {step: 1s, " + keys + "}"),
            Samples.SPEC,
            1,
            snapshot,
            new WindowHarness.Setup(
                rocks ? new EmbeddedRocksDBStateBackend() : new HashMapStateBackend()));
    started.add(harness);
  }

  private void observe(String series, long millis, float value) throws Exception {
    harness.observe(Samples.measurement(series, millis, value));
  }
}
