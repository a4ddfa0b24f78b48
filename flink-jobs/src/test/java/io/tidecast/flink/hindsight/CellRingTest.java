package io.tidecast.flink.hindsight;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CellRingTest {

  private static final int CHANNELS = 2;

  @Test
  void shouldGiveCellsInTheOrderOfTheirComingHoweverManyWait() {
    Random random = new Random(7);
    CellRing ring = new CellRing(CHANNELS);
    Deque<Long> expected = new ArrayDeque<>();
    long next = 0;
    for (int turn = 0; turn < 5_000; turn++) {
      // Now and then many come at once.
      int coming = random.nextInt(100) == 0 ? 60 : random.nextInt(2);
      for (int i = 0; i < coming; i++) {
        ring.add(next * 10, next, new double[] {next, -next});
        expected.add(next++);
      }
      int going = random.nextInt(60) == 0 ? expected.size() : Math.min(expected.size(), 1);
      for (int i = 0; i < going; i++) {
        long oldest = expected.remove();
        assertThat(ring.number(0)).isEqualTo(oldest);
        assertThat(ring.readyMillis(0)).isEqualTo(oldest * 10);
        assertThat(ring.values(0)).containsExactly(oldest, -oldest);
        ring.remove();
      }
      assertThat(ring.size()).isEqualTo(expected.size());
    }
    assertThat(next).isGreaterThan(2_000);
  }

  @Test
  void shouldCopyValues() {
    CellRing ring = new CellRing(1);
    double[] given = {5};
    ring.add(0, 1, given);
    given[0] = 6;
    ring.values(0)[0] = 7;

    assertThat(ring.values(0)).containsExactly(5);
  }
}
