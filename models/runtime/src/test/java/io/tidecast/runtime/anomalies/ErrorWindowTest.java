package io.tidecast.runtime.anomalies;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.runtime.anomalies.AnomalySettings.Interval;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ErrorWindowTest {

  private static final double[] NONE = {};

  @Test
  void shouldHaveNoIntervalOfFewErrors() {
    ErrorWindow window = new ErrorWindow(new Interval(0.9, 100));
    for (int i = 1; i < ErrorWindow.FEWEST; i++) {
      window.add(i);
      assertThat(window.end(Side.ABOVE, NONE, 0)).isNaN();
    }
    window.add(0);
    // 5 % of 51, rounded down, lie at or beyond each end.
    assertThat(window.end(Side.ABOVE, NONE, 0)).isEqualTo(48);
    assertThat(window.end(Side.BELOW, NONE, 0)).as("none was below").isZero();
  }

  @Test
  void shouldTakeTheGreatestErrorWhereTheLevelAsksForMoreErrors() {
    ErrorWindow window = new ErrorWindow(new Interval(0.998, 2000));
    for (int i = 0; i < 60; i++) {
      window.add(i % 2 == 0 ? i : -2 * i);
    }
    assertThat(window.end(Side.ABOVE, NONE, 0)).isEqualTo(58);
    assertThat(window.end(Side.BELOW, NONE, 0)).isEqualTo(118);
  }

  @Test
  void shouldCountErrorsThatAreHeldBack() {
    ErrorWindow window = new ErrorWindow(new Interval(0.9, 100));
    for (int i = 1; i <= 57; i++) {
      window.add(i);
    }
    assertThat(window.end(Side.ABOVE, new double[] {100, -3, 55.5}, 3))
        .as("the third of 60: 100, 57, 56")
        .isEqualTo(56);
  }

  /** As the errors of the blocks that are kept, in order, would have it. */
  @Test
  void shouldBeTheErrorOfThatRankAmongTheNewest() {
    Random random = new Random(3);
    Interval interval = new Interval(0.95, 120);
    ErrorWindow window = new ErrorWindow(interval);
    List<Double> newest = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      // Blocks of 30; when the newest is full, the oldest goes.
      if (newest.size() == 120) {
        newest.subList(0, 30).clear();
      }
      double error = Math.round(10 * random.nextGaussian());
      newest.add(error);
      window.add(error);
      if (i == 500) {
        ByteBuffer bytes = ByteBuffer.allocate(window.bytes());
        window.write(bytes);
        assertThat(bytes.hasRemaining()).isFalse();
        window = new ErrorWindow(interval);
        window.read(bytes.flip());
      }
      if (newest.size() >= ErrorWindow.FEWEST) {
        double[] sorted = newest.stream().mapToDouble(x -> x).sorted().toArray();
        int rank = Math.max(1, (int) (0.025 * (sorted.length + 1) + 1e-9));
        assertThat(window.end(Side.ABOVE, NONE, 0))
            .isEqualTo(Math.max(0, sorted[sorted.length - rank]));
        assertThat(window.end(Side.BELOW, NONE, 0)).isEqualTo(Math.max(0, -sorted[rank - 1]));
      }
    }
  }

  /** A conformal interval holds what its level says, whatever the distribution. */
  @Test
  void shouldHoldTheShareOfItsLevel() {
    Random random = new Random(11);
    ErrorWindow window = new ErrorWindow(new Interval(0.98, 1000));
    int outside = 0;
    int count = 0;
    for (int i = 0; i < 60_000; i++) {
      // Skewed, and with a tail without a variance.
      double error = Math.pow(random.nextDouble(), -0.7) - 3 * random.nextDouble();
      double above = window.end(Side.ABOVE, NONE, 0);
      if (i >= 1000) {
        outside += error > above || error < -window.end(Side.BELOW, NONE, 0) ? 1 : 0;
        count++;
      }
      window.add(error);
    }
    assertThat((double) outside / count).isBetween(0.016, 0.024);
  }

  @Test
  void shouldKeepNoMoreThanLiesBeyondTheEnds() {
    assertThat(new ErrorWindow(new Interval(0.998, 2000)).bytes())
        .isEqualTo(5 * Integer.BYTES + 4 * 2 * 2 * Double.BYTES);
    assertThat(
            Arrays.stream(new int[] {500, 999, 2000}).map(n -> Interval.beyond(0.998, n)).toArray())
        .containsExactly(1, 1, 2);
  }
}
