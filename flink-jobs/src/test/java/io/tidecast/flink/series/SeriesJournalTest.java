package io.tidecast.flink.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidecast.flink.record.ForecastRequest;
import io.tidecast.flink.record.ForecastTask;
import io.tidecast.flink.testing.Samples;
import io.tidecast.runtime.manifest.ForecasterSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Contexts of a hundred cells of a second: journals of three observations, of six on a disk. */
class SeriesJournalTest {

  private static final int CONTEXT = 100;
  private static final int JOURNAL = 3;
  private static final int JOURNAL_ON_DISK = 6;
  private static final ForecasterSpec SPEC =
      new ForecasterSpec("testing", "7", CONTEXT, 2, 1, List.of());
  private static final String SUMS =
      "series: {step: 1s, close: watermark, aggregate: sum, forecast-every: 10}";
  private static final String ON_REQUEST = "requests: {topic: asked}";

  private final List<WindowHarness> started = new ArrayList<>();
  private WindowHarness harness;

  @AfterEach
  void close() throws Exception {
    for (WindowHarness one : started) {
      one.close();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldDeferWhatAsksForNothing(boolean rocks) throws Exception {
    start(null, rocks, SUMS);
    int full = rocks ? JOURNAL_ON_DISK : JOURNAL;
    int most = 0;
    for (int cell = 1; cell <= 131; cell++) {
      observe(cell, cell);
      observe(cell, 1_000);
      harness.watermark(cell * 1_000L - 1);
      assertThat(harness.deferred()).isLessThanOrEqualTo(full);
      most = Math.max(most, harness.deferred());
    }
    assertThat(most).isEqualTo(full);
    assertThat(harness.requests())
        .extracting(ForecastTask::originMillis)
        .containsExactly(100_000L, 110_000L, 120_000L, 130_000L);
    for (ForecastTask request : harness.requests()) {
      long first = request.originMillis() / 1_000 - CONTEXT + 1;
      assertThat(request.context()).containsExactly(sums(first));
    }
  }

  /** On the heap a ring is changed in place: what it took must not be taken again. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldTakeWhatItDeferredOnce(boolean rocks) throws Exception {
    start(null, rocks, SUMS, ON_REQUEST);
    for (int cell = 1; cell <= 105; cell++) {
      observe(cell, cell);
      observe(cell, 1_000);
    }
    harness.watermark(105_999);
    assertThat(harness.deferred()).isPositive();
    harness.query(new ForecastRequest(Samples.source(new byte[0]).origin(), "a", 2));
    harness.query(new ForecastRequest(Samples.source(new byte[0]).origin(), "a", 2));
    List<ForecastTask> asked = harness.requests();
    assertThat(asked).hasSize(3);
    assertThat(asked.get(1).context()).containsExactly(sums(6));
    assertThat(asked.get(2).context()).containsExactly(sums(6));
  }

  @ParameterizedTest
  @ValueSource(strings = {"forecast-every: 1", "forecast-every: 3", "max-filled-cells: 3"})
  void shouldTakeWhatAJobOfAnotherConfigurationDeferred(String other) throws Exception {
    start(null, false, SUMS);
    for (int cell = 1; cell <= 103; cell++) {
      observe(cell, 1_000 + cell);
    }
    assertThat(harness.deferred()).isPositive();
    OperatorSubtaskState snapshot = harness.snapshot();

    String config = SUMS.replace("forecast-every: 10", "forecast-every: 10, " + other);
    start(
        snapshot,
        false,
        other.startsWith("forecast-every") ? config.replace("forecast-every: 10, ", "") : config);
    for (int cell = 104; cell <= 111; cell++) {
      observe(cell, 1_000 + cell);
    }
    long[] origins =
        switch (other) {
          case "forecast-every: 1" -> LongStream.rangeClosed(101, 110).toArray();
          case "forecast-every: 3" -> new long[] {103, 106, 109};
          default -> new long[] {110};
        };
    assertThat(harness.requests().stream().mapToLong(r -> r.originMillis() / 1_000))
        .containsExactly(LongStream.of(origins).boxed().toArray(Long[]::new));
    for (ForecastTask request : harness.requests()) {
      long first = request.originMillis() / 1_000 - CONTEXT + 1;
      assertThat(request.context()).containsExactly(sums(first));
    }
  }

  @Test
  void shouldNotDeferWhatHasToBeLookedAtAgainstItsCell() throws Exception {
    start(null, false, SUMS.replace("sum", "sum, duplicates: first"));
    for (int cell = 1; cell <= 103; cell++) {
      observe(cell, cell);
    }
    assertThat(harness.deferred()).isZero();
  }

  @Test
  void shouldKeepWhatItsVersionKept() throws Exception {
    SeriesGrid grid =
        SeriesGrid.of(Samples.config("series: {step: 1s, channels: 2}").series(), CONTEXT);
    SeriesRing ring = SeriesRing.create(grid, 7, 5);
    ring.wakeAt(77_000);
    SeriesJournal journal = SeriesJournal.after(ring, 2, 90, 4_711);
    journal.add(8, 8_001, new double[] {1.5, Float.NaN});
    journal.add(9, 9_002, new double[] {-2, 3});
    journal.closeThrough(6);
    byte[] kept =
        Files.readAllBytes(
            Path.of(SeriesJournalTest.class.getResource("series-journal-1.bin").toURI()));
    assertThat(journal.bytes()).isEqualTo(kept);

    SeriesJournal read = SeriesJournal.of(2, kept);
    assertThat(read.configuration()).isEqualTo(4_711);
    assertThat(read.newest()).isEqualTo(9);
    assertThat(read.closed()).isEqualTo(6);
    assertThat(read.nothingDueThrough()).isEqualTo(90);
    assertThat(read.wakeMillis()).isEqualTo(77_000);
    assertThat(read.size()).isEqualTo(2);
    assertThat(read.timeMillis(1)).isEqualTo(9_002);
    assertThat(read.values(0)).containsExactly(1.5f, Float.NaN);
    assertThat(read.values(1)).containsExactly(-2, 3);
  }

  @Test
  void shouldKeepDoublesWhereFloatsWouldRound() throws Exception {
    SeriesGrid grid =
        SeriesGrid.of(Samples.config("series: {step: 1s, channels: 2}").series(), CONTEXT);
    SeriesJournal journal = SeriesJournal.after(SeriesRing.create(grid, 7, 5), 2, 90, 4_711);
    journal.add(8, 8_001, new double[] {1.5, Double.NaN});
    journal.add(9, 9_002, new double[] {1e9 + 0.25, 3});
    byte[] kept =
        Files.readAllBytes(
            Path.of(SeriesJournalTest.class.getResource("series-journal-2.bin").toURI()));
    assertThat(journal.bytes()).isEqualTo(kept);

    SeriesJournal read = SeriesJournal.of(2, kept);
    assertThat(read.size()).isEqualTo(2);
    assertThat(read.timeMillis(1)).isEqualTo(9_002);
    assertThat(read.values(0)).containsExactly(1.5, Double.NaN);
    assertThat(read.values(1)).containsExactly(1e9 + 0.25, 3);
  }

  @Test
  void shouldRefuseWhatALaterVersionKept() {
    byte[] later = new byte[44];
    later[0] = SeriesJournal.DOUBLES + 1;
    assertThatThrownBy(() -> SeriesJournal.of(1, later))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("journal version=3");
  }

  /** From each cell, its number and a thousand. */
  private static float[] sums(long first) {
    float[] sums = new float[CONTEXT];
    for (int i = 0; i < CONTEXT; i++) {
      sums[i] = 1_000 + first + i;
    }
    return sums;
  }

  private void start(OperatorSubtaskState snapshot, boolean rocks, String... config)
      throws Exception {
    harness =
        WindowHarness.start(
            Samples.config(config),
            SPEC,
            1,
            snapshot,
            new WindowHarness.Setup(
                rocks ? new EmbeddedRocksDBStateBackend() : new HashMapStateBackend()));
    started.add(harness);
  }

  private void observe(long cell, float value) throws Exception {
    harness.observe(Samples.measurement("a", cell * 1_000 + (value == 1_000 ? 500 : 0), value));
  }
}
