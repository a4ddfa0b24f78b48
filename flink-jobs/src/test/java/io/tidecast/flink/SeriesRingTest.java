package io.tidecast.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;

class SeriesRingTest {

  private static final float NAN = Float.NaN;

  /** A cell a second, two channels, four cells of context and one ahead. */
  private static final SeriesGrid GRID = new SeriesGrid(1_000, 2, 4, 1);

  @Test
  void shouldNumberCellsFrom1970AlsoBackwards() {
    assertThat(GRID.cell(0)).isZero();
    assertThat(GRID.cell(999)).isZero();
    assertThat(GRID.cell(1_000)).isEqualTo(1);
    assertThat(GRID.cell(-1)).isEqualTo(-1);
    assertThat(GRID.cell(-1_000)).isEqualTo(-1);
    assertThat(GRID.startMillis(-1)).isEqualTo(-1_000);
    assertThat(GRID.endMillis(-1)).isEqualTo(-1);
  }

  @Test
  void shouldKeepTheNewestCellsOldestFirst() {
    SeriesRing ring = filled(-3, 10);

    assertThat(context(ring, 10)).containsExactly(7, 7.5f, 8, 8.5f, 9, 9.5f, 10, 10.5f);
    assertThat(context(ring, 9)).containsExactly(6, 6.5f, 7, 7.5f, 8, 8.5f, 9, 9.5f);
    assertThat(ring.first()).isEqualTo(-3);
    assertThat(ring.oldest()).isEqualTo(6);
  }

  @Test
  void shouldMakeGapsMissing() {
    SeriesRing ring = filled(0, 1);
    ring.put(4, new float[] {4, 4.5f});

    assertThat(context(ring, 4)).containsExactly(1, 1.5f, NAN, NAN, NAN, NAN, 4, 4.5f);
    assertThat(ring.context(4, new float[8])).isEqualTo(4);
    assertThat(ring.hasValue(4)).isTrue();
    assertThat(ring.hasValue(3)).isFalse();
  }

  @Test
  void shouldForgetEverythingAfterAGapOfAnyLength() {
    SeriesRing ring = filled(-5, 0);
    ring.put(9_000_000_000L, new float[] {1, 2});

    assertThat(context(ring, 9_000_000_000L)).containsExactly(NAN, NAN, NAN, NAN, NAN, NAN, 1, 2);
  }

  @Test
  void shouldLeaveWhatIsThereWhereAValueIsMissing() {
    SeriesRing ring = filled(0, 3);
    ring.put(3, new float[] {NAN, 30});
    ring.put(2, new float[] {20, NAN});

    assertThat(context(ring, 3)).containsExactly(0, 0.5f, 1, 1.5f, 20, 2.5f, 3, 30);
  }

  @Test
  void shouldTakeAnEarlierFirstCell() {
    SeriesRing ring = filled(3, 3);
    ring.put(1, new float[] {1, 1.5f});

    assertThat(ring.first()).isEqualTo(1);
    assertThat(ring.newest()).isEqualTo(3);
    assertThat(context(ring, 3)).containsExactly(NAN, NAN, 1, 1.5f, NAN, NAN, 3, 3.5f);
  }

  @Test
  void shouldReadTheStoredBytesOfVersion1() throws IOException {
    SeriesRing ring = SeriesRing.of(GRID, stored());

    assertThat(ring.first()).isEqualTo(-3);
    assertThat(ring.newest()).isEqualTo(10);
    assertThat(ring.closed()).isEqualTo(9);
    assertThat(ring.lastForecast()).isEqualTo(8);
    assertThat(context(ring, 10)).containsExactly(7, 7.5f, 8, 8.5f, 9, 9.5f, 10, 10.5f);
  }

  @Test
  void shouldWriteTheStoredBytesOfVersion1() throws IOException {
    SeriesRing ring = filled(-3, 10);
    ring.closeThrough(9);
    ring.forecastAt(8);

    assertThat(ring.bytes()).isEqualTo(stored());
  }

  @Test
  void shouldCarryTheNewestCellsOverToALongerContext() {
    SeriesRing ring = SeriesRing.of(new SeriesGrid(1_000, 2, 7, 1), filled(-3, 10).bytes());

    assertThat(ring.newest()).isEqualTo(10);
    assertThat(ring.first()).as("cells before were forgotten").isEqualTo(6);
    assertThat(context(ring, 10, 14))
        .containsExactly(NAN, NAN, NAN, NAN, 6, 6.5f, 7, 7.5f, 8, 8.5f, 9, 9.5f, 10, 10.5f);
  }

  @Test
  void shouldCarryTheNewestCellsOverToAShorterContext() {
    SeriesRing kept = filled(-3, 10);
    kept.closeThrough(9);
    kept.forecastAt(8);

    SeriesRing ring = SeriesRing.of(new SeriesGrid(1_000, 2, 2, 0), kept.bytes());

    assertThat(context(ring, 10, 4)).containsExactly(9, 9.5f, 10, 10.5f);
    assertThat(ring.closed()).isEqualTo(9);
    assertThat(ring.lastForecast()).isEqualTo(8);
    assertThat(ring.bytes()).hasSize(52 + 2 * 2 * 4);
  }

  @Test
  void shouldRefuseAnotherStepOrNumberOfChannelsOrALaterVersion() {
    byte[] kept = filled(0, 3).bytes();

    assertThatThrownBy(() -> SeriesRing.of(new SeriesGrid(2_000, 2, 4, 1), kept))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("series.step=PT2S, was kept with PT1S; put the former value back");
    assertThatThrownBy(() -> SeriesRing.of(new SeriesGrid(1_000, 3, 4, 1), kept))
        .hasMessageContaining("series.channels=3, was kept with 2");
    kept[0] = 2;
    assertThatThrownBy(() -> SeriesRing.of(GRID, kept))
        .hasMessageContaining("version=1, was kept with 2");
  }

  private static byte[] stored() throws IOException {
    try (InputStream in = SeriesRingTest.class.getResourceAsStream("series-ring-1.bin")) {
      return in.readAllBytes();
    }
  }

  /** Cell n holds n and n + 0.5. */
  private static SeriesRing filled(long first, long last) {
    SeriesRing ring = SeriesRing.create(GRID, first, first - 1);
    for (long cell = first; cell <= last; cell++) {
      ring.put(cell, new float[] {cell, cell + 0.5f});
    }
    return ring;
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
