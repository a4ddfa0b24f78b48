package io.tidecast.runtime.mixture;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** Forecasters of the cells alone, and the cells that they are given. */
class NaiveTest {

  private final RecentCells cells = new RecentCells(8);
  private final float[] points = new float[5];

  private void put(long first, double... values) {
    for (int i = 0; i < values.length; i++) {
      assertThat(cells.put(first + i, values[i])).isTrue();
    }
  }

  private float[] said(Naive naive, long origin, double base) {
    naive.forecast(cells, origin, base, points);
    return points;
  }

  @Test
  void shouldRepeatTheNewestSeason() {
    put(-3, 1, 2, 3, 4, 5, 6);
    Naive naive = Naive.season("s", 3);
    assertThat(said(naive, 2, 0)).containsExactly(4, 5, 6, 4, 5);
    assertThat(said(naive, 1, 0)).as("of an older origin").containsExactly(3, 4, 5, 3, 4);
    assertThat(said(naive, 2, 4)).as("less a base").containsExactly(0, 1, 2, 0, 1);
  }

  @Test
  void shouldTakeWhatIsMissingFromASeasonBefore() {
    put(0, 1, 2, 3, 4, Double.NaN, 6);
    assertThat(said(Naive.season("s", 3), 5, 0)).containsExactly(4, 2, 6, 4, 2);
    assertThat(said(Naive.season("s", 5), 5, 0))
        .as("nothing before is kept of the fourth")
        .containsExactly(2, 3, 4, Float.NaN, 6);
  }

  @Test
  void shouldSayNothingOfASeasonThatIsNotKnown() {
    put(10, 1, 2);
    assertThat(said(Naive.season("s", 4), 11, 0))
        .containsExactly(Float.NaN, Float.NaN, 1, 2, Float.NaN);
    assertThat(said(Naive.last("l"), 11, 0)).containsOnly(2);
    RecentCells none = new RecentCells(4);
    Naive.last("l").forecast(none, 0, 0, points);
    assertThat(points).containsOnly(Float.NaN);
  }

  @Test
  void shouldRepeatTheLastValueThatThereIs() {
    put(0, 1, 7, Double.NaN, Double.NaN);
    assertThat(said(Naive.last("l"), 3, 0)).containsOnly(7);
    assertThat(said(Naive.last("l"), 0, 0)).containsOnly(1);
  }

  @Test
  void shouldGoOnAsTheLine() {
    put(0, 9, 1, 2, 4, 7);
    assertThat(said(Naive.line("l", 4), 4, 0)).containsExactly(9, 11, 13, 15, 17);
    put(5, Double.NaN);
    assertThat(said(Naive.line("l", 4), 5, 0))
        .as("from 2 to 7")
        .containsExactly(12, 14.5f, 17, 19.5f, 22);
    assertThat(said(Naive.line("l", 1), 4, 0)).as("a single cell").containsOnly(7);
  }

  @Test
  void shouldKeepTheNewestCells() {
    put(0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    assertThat(cells.value(1)).isNaN();
    assertThat(cells.value(2)).isEqualTo(2);
    assertThat(cells.value(10)).isNaN();
    assertThat(cells.put(1, 5)).as("older than what is kept").isFalse();
    assertThat(cells.put(4, 50)).isTrue();
    assertThat(cells.value(4)).isEqualTo(50);
    assertThat(cells.put(13, 13)).isTrue();
    assertThat(cells.value(11)).as("left out").isNaN();
    assertThat(cells.value(9)).isEqualTo(9);
    assertThat(cells.put(1_000_000_000_000L, 1)).isTrue();
    assertThat(cells.value(13)).isNaN();
    assertThat(cells.value(999_999_999_995L)).isNaN();
  }

  /** Floats take half of the room, and doubles are kept where floats would not say them. */
  @Test
  void shouldKeepWhatFloatsDoNotSayAsDoubles() {
    put(0, 1.5, Double.NaN, -2);
    int narrow = cells.bytes();
    put(3, 1e9 + .25);
    assertThat(cells.bytes()).isEqualTo(narrow + 8 * Float.BYTES);
    ByteBuffer bytes = ByteBuffer.allocate(cells.bytes());
    cells.write(bytes);
    RecentCells read = new RecentCells(8);
    read.read(bytes.flip());
    assertThat(bytes.hasRemaining()).isFalse();
    for (long cell = 0; cell < 5; cell++) {
      assertThat(Double.doubleToLongBits(read.value(cell)))
          .isEqualTo(Double.doubleToLongBits(cells.value(cell)));
    }
    assertThat(read.newest()).isEqualTo(3);
    assertThat(read.value(3)).isEqualTo(1e9 + .25);
  }
}
