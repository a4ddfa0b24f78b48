package io.tidecast.flink.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidecast.flink.grid.CellRule;
import io.tidecast.flink.grid.CellRule.Aggregate;
import io.tidecast.flink.grid.CellRule.Duplicates;
import io.tidecast.flink.series.SeriesGrid.KeptCells;
import io.tidecast.flink.series.SeriesRing.Changed;
import io.tidecast.flink.testing.Samples;
import io.tidecast.runtime.grid.GridStep;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;

class SeriesRingTest {

  private static final float NAN = Float.NaN;
  private static final GridStep SECOND = GridStep.fixed(Duration.ofSeconds(1));
  private static final CellRule LAST = new CellRule(Aggregate.LAST, Duplicates.LAST, 10);
  private static final CellRule MEAN = new CellRule(Aggregate.MEAN, Duplicates.AGGREGATE, 10);
  private static final CellRule DELTA = new CellRule(Aggregate.DELTA, Duplicates.LAST, 10);
  private static final CellRule DISTINCT_SUM = new CellRule(Aggregate.SUM, Duplicates.LAST, 3);

  /** A cell a second, two channels, four cells of context and one ahead, two origins. */
  private static final SeriesGrid GRID = grid(LAST, 4, 2, 2);

  @Test
  void shouldKeepTheNewestCellsOldestFirst() {
    SeriesRing ring = filled(GRID, -3, 10);

    assertThat(context(ring, 10)).containsExactly(7, 7.5f, 8, 8.5f, 9, 9.5f, 10, 10.5f);
    assertThat(context(ring, 9)).containsExactly(6, 6.5f, 7, 7.5f, 8, 8.5f, 9, 9.5f);
    assertThat(ring.first()).isEqualTo(-3);
    assertThat(ring.oldest()).isEqualTo(6);
    assertThat(ring.oldestOpen()).isEqualTo(9);
  }

  @Test
  void shouldMakeGapsMissing() {
    SeriesRing ring = filled(GRID, 0, 1);
    put(ring, 4, 4, 4.5f);

    assertThat(context(ring, 4)).containsExactly(1, 1.5f, NAN, NAN, NAN, NAN, 4, 4.5f);
    assertThat(ring.hasValue(4)).isTrue();
    assertThat(ring.hasValue(3)).isFalse();
  }

  @Test
  void shouldForgetEverythingAfterAGapOfAnyLength() {
    SeriesRing ring = filled(GRID, -5, 0);
    put(ring, 9_000_000_000L, 1, 2);

    assertThat(context(ring, 9_000_000_000L)).containsExactly(NAN, NAN, NAN, NAN, NAN, NAN, 1, 2);
  }

  @Test
  void shouldLeaveWhatIsThereWhereAValueIsMissing() {
    SeriesRing ring = filled(GRID, 0, 3);
    assertThat(put(ring, 3, NAN, 30)).isTrue();
    assertThat(ring.correct(2, new double[] {20, NAN})).isEqualTo(new Changed(2, 2));
    assertThat(put(ring, 3, NAN, NAN)).isFalse();
    assertThat(put(ring, 3, NAN, 30)).isFalse();

    assertThat(context(ring, 3)).containsExactly(0, 0.5f, 1, 1.5f, 20, 2.5f, 3, 30);
  }

  @Test
  void shouldTakeAnEarlierFirstCell() {
    SeriesRing ring = filled(GRID, 3, 3);
    put(ring, 2, 1, 1.5f);

    assertThat(ring.first()).isEqualTo(2);
    assertThat(ring.newest()).isEqualTo(3);
    assertThat(context(ring, 3)).containsExactly(NAN, NAN, NAN, NAN, 1, 1.5f, 3, 3.5f);
  }

  @Test
  void shouldRememberTheNewestOriginsAndTheirRevisions() {
    SeriesRing ring = filled(GRID, 0, 3);
    assertThat(ring.lastForecast()).isEqualTo(SeriesRing.NEVER);
    assertThat(ring.origin(0)).isEqualTo(SeriesRing.NEVER);
    ring.forecastAt(1);
    ring.revise(0);
    ring.revise(0);
    ring.forecastAt(3);

    assertThat(ring.origin(0)).isEqualTo(3);
    assertThat(ring.revision(0)).isZero();
    assertThat(ring.origin(1)).isEqualTo(1);
    assertThat(ring.revision(1)).isEqualTo(2);
    ring.forecastAt(4);
    assertThat(ring.origin(1)).isEqualTo(3);
    assertThat(ring.lastForecast()).isEqualTo(4);
  }

  @Test
  void shouldRememberObservationsOnlyAsLongAsTheirCellIsOpen() {
    SeriesRing ring = SeriesRing.create(grid(DISTINCT_SUM, 4, 2, 0), 0, -1);
    int empty = ring.bytes().length;
    ring.put(0, 100, new double[] {1, NAN});
    ring.put(0, 50, new double[] {2, 5});
    ring.put(0, 100, new double[] {10, 20});
    assertThat(ring.bytes()).hasSize(empty + 2 * (8 + 2 * 4));
    assertThat(context(ring, 0)).endsWith(12, 25);

    ring.put(0, 70, new double[] {100, NAN});
    assertThat(ring.isFull(0, 71)).isTrue();
    assertThat(ring.isFull(0, 70)).as("takes the place of another").isFalse();
    assertThat(ring.isFull(1, 1_000)).isFalse();

    put(ring, 1, 1, 1);
    put(ring, 2, 1, 1);
    assertThat(ring.bytes()).hasSize(empty + 2 * (8 + 2 * 4));
    assertThat(context(ring, 2)).endsWith(112, 25, 1, 1, 1, 1);
  }

  @Test
  void shouldReadTheStoredBytesOfVersion1() throws IOException {
    SeriesRing ring = SeriesRing.of(GRID, stored("series-ring-1.bin"));

    assertThat(ring.first()).isEqualTo(-3);
    assertThat(ring.newest()).isEqualTo(10);
    assertThat(ring.closed()).isEqualTo(9);
    assertThat(ring.lastForecast()).isEqualTo(8);
    assertThat(ring.origin(0)).isEqualTo(8);
    assertThat(ring.origin(1)).isEqualTo(SeriesRing.NEVER);
    assertThat(context(ring, 10)).containsExactly(7, 7.5f, 8, 8.5f, 9, 9.5f, 10, 10.5f);
    ring.put(10, 9_999, new double[] {-1, NAN});
    ring.put(10, 10_000, new double[] {NAN, -1});
    assertThat(context(ring, 10)).as("dated at the beginning of the cell").endsWith(10, -1);
  }

  @Test
  void shouldRefuseVersion1ForAnotherAggregate() throws IOException {
    byte[] kept = stored("series-ring-1.bin");
    assertThatThrownBy(() -> SeriesRing.of(grid(MEAN, 4, 2, 0), kept))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("series.aggregate=mean, was kept with last");
  }

  @Test
  void shouldReadTheStoredBytesOfVersion2() throws IOException {
    SeriesRing read = assertRead("series-ring-2-last.bin", LAST);
    assertThat(read.lastAsked()).as("where the last forecast was").isEqualTo(8);
    assertThat(read.repairs(8)).as("as often as it was made again").isEqualTo(1);
    assertThat(read.wakeMillis()).isEqualTo(SeriesRing.NEVER);
    assertRead("series-ring-2-mean.bin", MEAN);
    assertRead("series-ring-2-distinct-sum.bin", DISTINCT_SUM);
  }

  @Test
  void shouldReadTheStoredBytesOfVersion3() throws IOException {
    for (SeriesRing read :
        new SeriesRing[] {
          assertRead("series-ring-3-last.bin", LAST),
          assertRead("series-ring-3-mean.bin", MEAN),
          assertRead("series-ring-3-distinct-sum.bin", DISTINCT_SUM)
        }) {
      assertThat(read.lastAsked()).isEqualTo(9);
      assertThat(read.repairs(9)).isEqualTo(2);
      assertThat(read.wakeMillis()).isEqualTo(99_999);
      assertThat(read.observed()).as("the newest cell").isEqualTo(10);
      assertThat(read.spoken()).as("the last that asked").isEqualTo(9);
    }
  }

  @Test
  void shouldReadAndWriteTheStoredBytesOfVersion4() throws IOException {
    assertWritten("series-ring-4-last.bin", LAST);
    assertWritten("series-ring-4-mean.bin", MEAN);
    assertWritten("series-ring-4-distinct-sum.bin", DISTINCT_SUM);
    assertWritten("series-ring-4-delta.bin", DELTA);
  }

  @Test
  void shouldReadAndWriteTheStoredBytesOfDoubles() throws IOException {
    for (CellRule rule : new CellRule[] {LAST, DISTINCT_SUM}) {
      String name =
          rule.equals(LAST)
              ? "series-ring-4-doubles-last.bin"
              : "series-ring-4-doubles-distinct-sum.bin";
      SeriesGrid grid = grid(rule, 4, 2, 2);
      SeriesRing ring = SeriesRing.create(grid, -3, -4);
      for (long cell = -3; cell <= 10; cell++) {
        ring.put(cell, cell * 1_000, new double[] {1e9 + cell / 4.0, cell});
      }
      assertThat(ring.bytes()).as(name).isEqualTo(stored(name));
      SeriesRing read = SeriesRing.of(grid, stored(name));
      assertThat(read.hasDoubles()).isTrue();
      double[] context = new double[8];
      read.context(10, context);
      assertThat(context).containsExactly(1e9 + 1.75, 7, 1e9 + 2, 8, 1e9 + 2.25, 9, 1e9 + 2.5, 10);
    }
  }

  /** What was kept in doubles at first, for nobody knew what would change. */
  @Test
  void shouldGoBackToFloatsWhereTheyAreEnough() {
    SeriesGrid grid = new SeriesGrid(SECOND, LAST, 1, new KeptCells(20, 1, 0, 0));
    SeriesRing ring = SeriesRing.create(grid, 0, -1);
    int floats = ring.bytes().length;
    ring.put(0, 0, new double[] {21.3});
    assertThat(ring.hasDoubles()).isTrue();
    for (int cell = 1; cell <= 16; cell++) {
      ring.put(cell, cell * 1_000, new double[] {21.3 + cell % 5 * 0.1});
    }
    assertThat(ring.hasDoubles()).isFalse();
    assertThat(ring.bytes()).hasSize(floats);
    ring.put(17, 17_000, new double[] {16_777_217});
    assertThat(ring.hasDoubles()).isTrue();
    assertThat(ring.bytes()).hasSize(floats + 20 * Float.BYTES);
  }

  private static void assertWritten(String name, CellRule rule) throws IOException {
    assertThat(filledForStorage(grid(rule, 4, 2, 2)).bytes()).as(name).isEqualTo(stored(name));
    SeriesRing read = assertRead(name, rule);
    assertThat(read.spoken()).isEqualTo(9);
    assertThat(read.lastAsked()).isEqualTo(9);
    assertThat(read.repairs(9)).isEqualTo(2);
    assertThat(read.repairs(8)).isZero();
    assertThat(read.wakeMillis()).isEqualTo(99_999);
  }

  private static SeriesRing assertRead(String name, CellRule rule) throws IOException {
    SeriesGrid grid = grid(rule, 4, 2, 2);
    SeriesRing written = filledForStorage(grid);
    SeriesRing read = SeriesRing.of(grid, stored(name));
    read.put(10, 10_600, new double[] {5, 5});
    written.put(10, 10_600, new double[] {5, 5});
    assertThat(context(read, 10)).isEqualTo(context(written, 10));
    assertThat(read.first()).isEqualTo(-3);
    assertThat(read.lastClosed()).isEqualTo(9);
    assertThat(read.origin(0)).isEqualTo(8);
    assertThat(read.revision(0)).isEqualTo(1);
    assertThat(read.origin(1)).isEqualTo(7);
    return read;
  }

  private static SeriesRing filledForStorage(SeriesGrid grid) {
    SeriesRing ring = filled(grid, -3, 10);
    ring.put(10, 10_500, new double[] {0.25f, NAN});
    ring.closeThrough(9);
    ring.forecastAt(7);
    ring.forecastAt(8);
    ring.revise(0);
    ring.askedAt(9);
    ring.spokenAt(9);
    ring.repaired(9);
    ring.repaired(9);
    ring.wakeAt(99_999);
    return ring;
  }

  @Test
  void shouldCarryTheNewestCellsOverToALongerContext() {
    SeriesRing ring = SeriesRing.of(grid(LAST, 7, 2, 2), filled(GRID, -3, 10).bytes());

    assertThat(ring.newest()).isEqualTo(10);
    assertThat(ring.first()).as("cells before were forgotten").isEqualTo(6);
    assertThat(context(ring, 10, 14))
        .containsExactly(NAN, NAN, NAN, NAN, 6, 6.5f, 7, 7.5f, 8, 8.5f, 9, 9.5f, 10, 10.5f);
  }

  @Test
  void shouldCarryTheNewestCellsOverToAShorterContext() {
    SeriesRing kept = filled(GRID, -3, 10);
    kept.closeThrough(9);
    kept.forecastAt(8);

    SeriesRing ring = SeriesRing.of(grid(LAST, 2, 1, 0), kept.bytes());

    assertThat(context(ring, 10, 4)).containsExactly(9, 9.5f, 10, 10.5f);
    assertThat(ring.closed()).isEqualTo(9);
    assertThat(ring.lastForecast()).isEqualTo(8);
    assertThat(ring.bytes()).hasSize(144 + 2 * 2 * 4 + 2 * 8);
  }

  @Test
  void shouldCarryOpenCellsOverWithAllTheirArithmetic() {
    for (CellRule rule : new CellRule[] {LAST, MEAN, DISTINCT_SUM}) {
      SeriesRing kept = filled(grid(rule, 4, 2, 1), -3, 10);
      kept.put(9, 9_800, new double[] {1, 2});
      kept.forecastAt(9);
      SeriesRing ring = SeriesRing.of(grid(rule, 4, 5, 3), kept.bytes());

      assertThat(ring.oldestOpen()).as("no more are open than were").isEqualTo(9);
      assertThat(ring.origin(0)).isEqualTo(9);
      assertThat(ring.origin(1)).isEqualTo(SeriesRing.NEVER);
      for (SeriesRing one : new SeriesRing[] {kept, ring}) {
        one.put(9, 9_700, new double[] {4, 4});
        one.put(10, 10_001, new double[] {4, 4});
      }
      assertThat(context(ring, 10)).isEqualTo(context(kept, 10));
      put(ring, 15, 1, 1);
      assertThat(ring.oldestOpen()).isEqualTo(11);
    }
  }

  @Test
  void shouldRefuseAnotherStepOrNumberOfChannelsOrALaterVersion() {
    byte[] kept = filled(GRID, 0, 3).bytes();

    assertThatThrownBy(() -> SeriesRing.of(with(GridStep.fixed(Duration.ofSeconds(2)), 2), kept))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("series.step=PT2S, was kept with PT1S; put the former value back");
    assertThatThrownBy(() -> SeriesRing.of(with(SECOND, 3), kept))
        .hasMessageContaining("series.channels=3, was kept with 2");
    kept[0] = 5;
    assertThatThrownBy(() -> SeriesRing.of(GRID, kept))
        .hasMessageContaining("version=4, was kept with 5");
  }

  @Test
  void shouldRefuseAnotherCalendarOfTheSameLength() {
    GridStep berlin = GridStep.of(GridStep.Unit.DAY, ZoneId.of("Europe/Berlin"));
    GridStep lisbon = GridStep.of(GridStep.Unit.DAY, ZoneId.of("Europe/Lisbon"));
    byte[] fixed = SeriesRing.create(with(GridStep.fixed(Duration.ofDays(1)), 2), 0, -1).bytes();
    byte[] kept = SeriesRing.create(with(lisbon, 2), 0, -1).bytes();

    assertThat(SeriesRing.of(with(lisbon, 2), kept).newest()).isZero();
    assertThatThrownBy(() -> SeriesRing.of(with(berlin, 2), kept))
        .hasMessageContaining("series.offset=DAY of Europe/Berlin, was kept with another calendar");
    assertThatThrownBy(() -> SeriesRing.of(with(berlin, 2), fixed))
        .hasMessageContaining("series.offset=DAY of Europe/Berlin, was kept with a fixed step");
  }

  @Test
  void shouldRefuseAnotherOffsetOfTheSameLength() {
    GridStep hours = GridStep.fixed(Duration.ofHours(1));
    GridStep late = hours.plus(Duration.ofMinutes(30));
    byte[] full = SeriesRing.create(with(hours, 2), 0, -1).bytes();
    byte[] half = SeriesRing.create(with(late, 2), 0, -1).bytes();

    assertThat(SeriesRing.of(with(late, 2), half).newest()).isZero();
    assertThatThrownBy(() -> SeriesRing.of(with(late, 2), full))
        .hasMessageContaining(
            "series.step, series.zone and series.offset=PT1H from PT30M,"
                + " was kept with a fixed step without an offset (series.offset: 0s)");
    assertThatThrownBy(() -> SeriesRing.of(with(hours, 2), half))
        .hasMessageContaining("=PT1H, was kept with another calendar or offset");
    assertThatThrownBy(() -> SeriesRing.of(with(hours.plus(Duration.ofMinutes(15)), 2), half))
        .hasMessageContaining("=PT1H from PT15M, was kept with another calendar or offset");
  }

  @Test
  void shouldRefuseAnotherRule() {
    CellRule sum = new CellRule(Aggregate.SUM, Duplicates.AGGREGATE, 10);
    byte[] kept = filled(grid(sum, 4, 2, 0), 0, 3).bytes();

    assertThatThrownBy(() -> SeriesRing.of(grid(MEAN, 4, 2, 0), kept))
        .hasMessageContaining("series.aggregate=mean, was kept with sum");
    assertThatThrownBy(() -> SeriesRing.of(grid(DISTINCT_SUM, 4, 2, 0), kept))
        .hasMessageContaining("series.duplicates=last, was kept with aggregate");
  }

  @Test
  void shouldNeedLittleMoreThanItsFloats() {
    for (Aggregate aggregate : Aggregate.values()) {
      CellRule rule = new CellRule(aggregate, Duplicates.AGGREGATE, 10);
      SeriesGrid grid = new SeriesGrid(SECOND, rule, 1, new KeptCells(336, 2, 0, 0));
      assertThat(SeriesRing.create(grid, 0, -1).bytes().length)
          .as("%s", aggregate)
          .isBetween(337 * 4, 337 * 4 + 144 + 2 * 24);
    }
  }

  private static byte[] stored(String name) throws IOException {
    try (InputStream in = SeriesRingTest.class.getResourceAsStream(name)) {
      return in.readAllBytes();
    }
  }

  private static SeriesGrid grid(CellRule rule, int contextLength, int openCells, int origins) {
    return new SeriesGrid(SECOND, rule, 2, new KeptCells(contextLength, openCells, 0, origins));
  }

  private static SeriesGrid with(GridStep step, int channels) {
    return new SeriesGrid(step, LAST, channels, new KeptCells(4, 2, 0, 0));
  }

  /** Cell n holds n and n + 0.5, observed when it begins. */
  private static SeriesRing filled(SeriesGrid grid, long first, long last) {
    SeriesRing ring = SeriesRing.create(grid, first, first - 1);
    for (long cell = first; cell <= last; cell++) {
      put(ring, cell, cell, cell + 0.5f);
    }
    return ring;
  }

  private static boolean put(SeriesRing ring, long cell, float... values) {
    return !ring.put(cell, cell * 1_000, Samples.doubles(values)).isEmpty();
  }

  private static float[] context(SeriesRing ring, long origin) {
    return context(ring, origin, 8);
  }

  private static float[] context(SeriesRing ring, long origin, int size) {
    float[] context = new float[size];
    ring.context(origin, context);
    return context;
  }
}
