package io.tidecast.flink.series;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.record.ForecastRequest;
import io.tidecast.flink.record.ForecastTask;
import io.tidecast.flink.testing.Samples;
import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.schemas.ErrorCode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.OperatorSnapshotUtil;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which series are remembered, and for how long; context of four cells of a second. */
class SeriesRetentionTest {

  private static final String TEN_SECONDS = "series: {step: 1s, time-to-live: 10s}";

  private final List<WindowHarness> started = new ArrayList<>();
  private WindowHarness harness;

  @AfterEach
  void close() throws Exception {
    for (WindowHarness one : started) {
      one.close();
    }
  }

  @Test
  void shouldForgetASeriesThatIsSilentForTooLong() throws Exception {
    start(null, TEN_SECONDS);
    fill("a", 1, 4);
    harness.watermark(14_998);
    assertThat(harness.keptSeries()).isEqualTo(1);
    harness.watermark(14_999);
    assertThat(harness.keptSeries()).isZero();
    assertThat(harness.timers()).isZero();

    fill("a", 15, 18);
    assertThat(harness.requests())
        .extracting(ForecastTask::originMillis)
        .as("a new series")
        .containsExactly(4_000L, 18_000L);
  }

  @Test
  void shouldKeepOneTimerForASeriesThatGoesOn() throws Exception {
    start(null, TEN_SECONDS);
    for (int cell = 1; cell <= 100; cell++) {
      fill("a", cell, cell);
      harness.watermark(cell * 1_000L);
      assertThat(harness.timers()).isEqualTo(1);
    }
    assertThat(harness.requests()).hasSize(97);
    harness.watermark(Long.MAX_VALUE);
    assertThat(harness.timers()).isZero();
    assertThat(harness.keptSeries()).isZero();
  }

  @Test
  void shouldSetNoTimerWhereNothingIsForgotten() throws Exception {
    start(null, "series: {step: 1s}");
    fill("a", 1, 4);
    assertThat(harness.timers()).isZero();
    harness.watermark(Long.MAX_VALUE);
    assertThat(harness.keptSeries()).isEqualTo(1);
  }

  @Test
  void shouldForgetByTheTimeOfTheSeriesItselfWhereTheWatermarkIsBehind() throws Exception {
    start(null, "series: {step: 1s, max-filled-cells: 2, time-to-live: 10s, close: watermark}");
    fill("a", 1, 4);
    observe("a", 14_999, 14);
    observe("a", 26_000, 26);
    fill("a", 27, 29);
    harness.watermark(29_999);
    assertThat(harness.requests())
        .extracting(ForecastTask::originMillis)
        .as("cell 14 was within, cell 26 begins anew")
        .containsExactly(4_000L, 29_000L);
    assertThat(harness.timers()).isEqualTo(1);
  }

  @Test
  void shouldCloseWhatWasOpenBeforeItForgets() throws Exception {
    start(null, "series: {step: 1s, time-to-live: 10s, close: watermark}");
    fill("a", 1, 4);
    harness.watermark(Long.MAX_VALUE);
    assertThat(harness.requests()).hasSize(1);
    assertThat(harness.keptSeries()).isZero();
    assertThat(harness.timers()).isZero();
  }

  @Test
  void shouldForgetAfterARestoreWhateverTheTimeWasBefore() throws Exception {
    for (boolean rocks : new boolean[] {false, true}) {
      start(null, rocks, "series: {step: 1s}");
      fill("a", 1, 4);
      fill("b", 1, 7);
      OperatorSubtaskState never = harness.snapshot();

      start(never, rocks, "series: {step: 1s, time-to-live: 1d}");
      assertThat(harness.timers()).as("also of series that stay silent").isEqualTo(2);
      OperatorSubtaskState long_ = harness.snapshot();

      start(long_, rocks, TEN_SECONDS);
      assertThat(harness.timers()).isEqualTo(2);
      harness.watermark(14_999);
      assertThat(harness.keptSeries()).isEqualTo(1);
      OperatorSubtaskState shorter = harness.snapshot();

      start(shorter, rocks, "series: {step: 1s}");
      harness.watermark(Long.MAX_VALUE);
      assertThat(harness.keptSeries()).isEqualTo(1);
      assertThat(harness.timers()).isZero();
    }
  }

  @Test
  void shouldRejectNewSeriesBeyondTheGreatestNumber() throws Exception {
    String two = "series: {step: 1s, time-to-live: 10s, max-series: 2}";
    start(null, two);
    fill("a", 1, 2);
    fill("b", 1, 4);
    fill("c", 1, 1);
    fill("a", 3, 4);
    assertThat(harness.rejections())
        .singleElement()
        .satisfies(
            one -> {
              assertThat(one.code()).isEqualTo(ErrorCode.TOO_MANY_SERIES);
              assertThat(one.series()).isEqualTo("c");
              assertThat(one.detail()).contains("series.max-series=2", "share of 2");
            });
    assertThat(harness.requests()).as("known series go on").hasSize(2);
    OperatorSubtaskState snapshot = harness.snapshot();

    start(snapshot, two);
    fill("c", 1, 1);
    assertThat(harness.rejections()).as("counted after a restore").hasSize(1);
    harness.watermark(14_999);
    fill("c", 15, 18);
    assertThat(harness.requests()).as("forgotten ones made kept").hasSize(1);
    assertThat(harness.keptSeries()).isEqualTo(1);
  }

  @Test
  void shouldCountItsShareAfterTheJobWasRescaled() throws Exception {
    String config = "series: {step: 1s, max-series: 41}";
    start(null, config);
    for (int i = 0; i < 41; i++) {
      fill("s" + i, 1, 1);
    }
    assertThat(harness.rejections()).isEmpty();
    OperatorSubtaskState whole = harness.snapshot();

    int kept = 0;
    for (int subtask = 0; subtask < 2; subtask++) {
      OperatorSubtaskState part =
          AbstractStreamOperatorTestHarness.repartitionOperatorState(
              whole, WindowHarness.Setup.KEY_GROUPS, 1, 2, subtask);
      start(
          part,
          new WindowHarness.Setup(
              new HashMapStateBackend(), WindowHarness.Setup.KEY_GROUPS, subtask, 2),
          config);
      int restored = harness.keptSeries();
      int share = subtask == 0 ? 21 : 20;
      for (int i = 0; i < 200; i++) {
        String series = "new" + i;
        if (WindowHarness.belongsTo(series, subtask, 2)) {
          fill(series, 1, 1);
        }
      }
      int admitted = harness.keptSeries() - restored;
      assertThat(admitted).isEqualTo(Math.max(0, share - restored));
      kept += restored;
    }
    assertThat(kept).isEqualTo(41);
  }

  /** Nobody said how many: the memory does. One of 128 subtasks that share it is soon full. */
  @Test
  void shouldServeTheKnownSeriesThroughAFloodOfNames() throws Exception {
    int subtasks = WindowHarness.Setup.KEY_GROUPS;
    start(
        null,
        new WindowHarness.Setup(
            new HashMapStateBackend(), WindowHarness.Setup.KEY_GROUPS, 0, subtasks),
        "series: {step: 1s, max-filled-cells: 2, allowed-lateness: 500s}");
    int limit = harness.maxSeries();
    Random names = new Random(7);
    String good = name(names, subtasks);
    fill(good, 1, 2);
    for (int i = 0; i < limit + 500; i++) {
      observe(name(names, subtasks), 1_000, 1);
    }
    fill(good, 3, 6);

    assertThat(harness.keptSeries()).isEqualTo(limit);
    assertThat(harness.requests())
        .extracting(ForecastTask::originMillis)
        .as("the one that was there goes on")
        .containsExactly(4_000L, 5_000L, 6_000L);
    assertThat(harness.rejections())
        .hasSize(501)
        .allSatisfy(
            one -> {
              assertThat(one.code()).isEqualTo(ErrorCode.TOO_MANY_SERIES);
              assertThat(one.detail())
                  .contains(
                      String.format(Locale.ROOT, "more than %,d series", limit),
                      "30 % of a heap of ",
                      " MiB for 128 subtasks, ",
                      " bytes a series; set series.time-to-live",
                      "or series.max-series: series=" + one.series());
            });
  }

  private static String name(Random names, int subtasks) {
    String name;
    do {
      name = "junk-" + names.nextLong();
    } while (!WindowHarness.belongsTo(name, 0, subtasks));
    return name;
  }

  @Test
  void shouldCountWhatASeriesTakesWhereItIsKept() throws Exception {
    SeriesGrid grid = SeriesGrid.of(Samples.config("series: {step: 30min}").series(), 336);
    SeriesCost cost = SeriesCost.of(grid, 9, 0, false);
    assertThat(cost.heapBytes()).as("1,680 of the array, 188 of the journal").isEqualTo(2_164);
    assertThat(SeriesCost.of(grid, 9, 3, true).heapBytes())
        .as("timers and the group")
        .isEqualTo(2_164 + 3 * 80 + 48 + 168);

    SeriesLimit heap = SeriesLimit.ofMemory(new StateRoom(true, 1L << 30), 2, cost);
    assertThat(heap.series()).isEqualTo((int) ((1L << 30) / 100 * 30 / 2 / 2_164));
    assertThat(heap.reason())
        .isEqualTo(
            "at most 74,427 series, what there is room for: 30 % of a heap of 1,024 MiB for 2"
                + " subtasks, 2,164 bytes a series");
    SeriesLimit disk = SeriesLimit.ofMemory(new StateRoom(false, 1L << 40), 1, cost);
    assertThat(disk.reason())
        .contains("50 % of 1,048,576 MiB that are free on disk for 1 subtask,");
    assertThat(
            SeriesLimit.ofMemory(
                    new StateRoom(false, Long.MAX_VALUE), 1, new SeriesCost(1, 1, false))
                .series())
        .isEqualTo(Integer.MAX_VALUE);
  }

  /** Names are shorter than those that are reckoned with, and journals are rarely full. */
  @Test
  void shouldKeepNoMoreThanIsReckoned() throws Exception {
    JobConfig config = Samples.config("series: {step: 1s, forecast-every: 48}");
    ForecasterSpec spec = new ForecasterSpec("testing", "7", 336, 2, 1, List.of());
    WindowHarness full =
        WindowHarness.start(
            config, spec, 1, null, new WindowHarness.Setup(new HashMapStateBackend()));
    started.add(full);
    Random readings = new Random(1);
    int count = 200;
    for (int cell = 0; cell < 400; cell++) {
      for (int series = 0; series < count; series++) {
        full.observe(
            Samples.measurement("meter-" + series, cell * 1_000L, 100 + readings.nextFloat()));
      }
    }
    long kept = 0;
    for (KeyedStateHandle state : full.snapshot().getManagedKeyedState()) {
      kept += state.getStateSize();
    }

    SeriesSettings settings = config.series();
    SeriesCost cost =
        SeriesCost.of(
            settings,
            new CellCloser(settings, ContextNeeds.of(settings.coldStart(), 336, 0), () -> 0),
            0);
    assertThat(kept / count).isBetween(1_680L, cost.diskBytes());
  }

  /** A journal is longer on a disk. Half of a disk and 30 % of a heap are for series. */
  @Test
  void shouldSayHowMuchRoomSoManySeriesTake() {
    SeriesSettings settings =
        Samples.config("series: {step: 30min, forecast-every: 48, time-to-live: 30d}").series();
    CellCloser closer =
        new CellCloser(settings, ContextNeeds.of(settings.coldStart(), 336, 0), () -> 0);

    SeriesCost cost = SeriesCost.of(settings, closer, 1_000);

    assertThat(cost.heapBytes())
        .isEqualTo(1_680 + 64 + 168 + (SeriesJournal.bytes(10, 1) + 64) + 80 + 1_000);
    assertThat(cost.diskBytes())
        .isEqualTo(1_680 + 160 + (SeriesJournal.bytes(20, 1) + 160) + 160 + 1_000);
    for (long series : new long[] {1, 999, 1_000_000}) {
      assertThat(new StateRoom(true, cost.heapFor(series)).forSeriesBytes())
          .isBetween(series * cost.heapBytes(), series * cost.heapBytes() + 30);
      assertThat(new StateRoom(false, cost.diskFor(series)).forSeriesBytes())
          .isBetween(series * cost.diskBytes(), series * cost.diskBytes() + 50);
    }
  }

  @Test
  void shouldLimitWhatIsKeptOnDiskByTheDisk() throws Exception {
    start(null, true, "series: {step: 1s}");
    assertThat(harness.maxSeries()).isGreaterThan(100_000);
  }

  @Test
  void shouldShareTheGreatestNumberEvenly() {
    Retention ten = new Retention(Duration.ofDays(1), 10);
    assertThat(List.of(ten.share(0, 4), ten.share(1, 4), ten.share(2, 4), ten.share(3, 4)))
        .containsExactly(3, 3, 2, 2);
    assertThat(new Retention(null, null).share(0, 4)).isEqualTo(Integer.MAX_VALUE);
  }

  /** As an operator of an earlier version kept it: rings of version 2, and the timers of cells. */
  @Test
  void shouldGoOnFromTheStateOfAnEarlierOperator() throws Exception {
    start(
        stored("window-state-2.bin"),
        new WindowHarness.Setup(new HashMapStateBackend(), 1, 0, 1),
        "series: {step: 1s, max-filled-cells: 2, close: watermark, allowed-lateness: 2s,"
            + " reissue: true, time-to-live: 1min}",
        "source: {max-out-of-orderness: 1s}");
    assertThat(harness.keptSeries()).isEqualTo(2);
    observe("b", 6_000, -6);
    observe("a", 4_000, 40);
    harness.watermark(7_999);
    fill("b", 8, 8);
    harness.watermark(8_999);
    assertThat(harness.requests())
        .extracting(r -> r.series() + " " + r.originMillis() + " " + r.revision())
        .containsExactly("a 5000 1", "a 6000 0", "b 8000 0");
    assertThat(harness.requests().get(1).context()).containsExactly(3, 40, 5, 6);
    assertThat(harness.requests().get(2).context()).containsExactly(-5, -6, -7, 8);
    harness.watermark(Long.MAX_VALUE);
    assertThat(harness.keptSeries()).isZero();
    assertThat(harness.timers()).isZero();
  }

  /** The same with rings of version 3, one of them repaired, and the timers of their ends. */
  @Test
  void shouldGoOnFromTheStateOfThisOperator() throws Exception {
    start(
        stored("window-state-3.bin"),
        new WindowHarness.Setup(new HashMapStateBackend(), 1, 0, 1),
        "series: {step: 1s, max-filled-cells: 2, close: watermark, allowed-lateness: 2s,"
            + " reissue: true, time-to-live: 10s}",
        "source: {max-out-of-orderness: 1s}");
    assertThat(harness.timers()).as("of two open cells and of two ends").isEqualTo(4);
    harness.query(new ForecastRequest(Samples.source(new byte[0]).origin(), "a", 1));
    assertThat(harness.requests())
        .extracting(r -> r.series() + " " + r.originMillis() + " " + r.revision())
        .containsExactly("a 5000 1");
    assertThat(harness.requests().get(0).context()).containsExactly(2, 3, 4, 50);
    harness.watermark(16_999);
    assertThat(harness.keptSeries()).isEqualTo(1);
    harness.watermark(17_999);
    assertThat(harness.keptSeries()).isZero();
    assertThat(harness.timers()).isZero();
  }

  private static OperatorSubtaskState stored(String name) throws Exception {
    Path kept = Path.of(SeriesRetentionTest.class.getResource(name).toURI());
    return OperatorSnapshotUtil.readStateHandle(kept.toString());
  }

  private void start(OperatorSubtaskState snapshot, String... config) throws Exception {
    start(snapshot, false, config);
  }

  private void start(OperatorSubtaskState snapshot, boolean rocks, String... config)
      throws Exception {
    start(
        snapshot,
        new WindowHarness.Setup(
            rocks ? new EmbeddedRocksDBStateBackend() : new HashMapStateBackend()),
        config);
  }

  private void start(OperatorSubtaskState snapshot, WindowHarness.Setup setup, String... config)
      throws Exception {
    harness = WindowHarness.start(Samples.config(config), Samples.SPEC, 1, snapshot, setup);
    started.add(harness);
  }

  private void fill(String series, int firstCell, int lastCell) throws Exception {
    for (int cell = firstCell; cell <= lastCell; cell++) {
      observe(series, cell * 1_000L, cell);
    }
  }

  private void observe(String series, long timeMillis, float value) throws Exception {
    harness.observe(Samples.measurement(series, timeMillis, value));
  }
}
