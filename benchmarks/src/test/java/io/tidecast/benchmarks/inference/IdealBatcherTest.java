package io.tidecast.benchmarks.inference;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class IdealBatcherTest {

  @Test
  void shouldRunAWindowAtOnceWhereTheOneBeforeIsOver() {
    IdealBatcher batcher = new IdealBatcher(4, 0, windows -> 60);

    assertThat(batcher.latencies(3, 100)).containsExactly(60, 60, 60);
  }

  @Test
  void shouldRunWhatHasComeMeanwhileTogether() {
    // At 0 the first runs alone, until 250; then those of 100 and 200 run, until 500.
    IdealBatcher batcher = new IdealBatcher(4, 0, windows -> 250);

    assertThat(batcher.latencies(5, 100)).containsExactly(250, 400, 300, 450, 350);
  }

  @Test
  void shouldRunNoMoreThanABatchTogether() {
    IdealBatcher batcher = new IdealBatcher(2, 0, windows -> 350);

    // 0 alone until 350; 1 and 2 until 700; 3 and 4 until 1050.
    assertThat(batcher.latencies(5, 100)).containsExactly(350, 600, 500, 750, 650);
  }

  @Test
  void shouldWaitForAFullBatchUntilTheOldestHasWaitedForLongEnough() {
    IdealBatcher full = new IdealBatcher(3, 1_000, windows -> 10);
    IdealBatcher late = new IdealBatcher(3, 150, windows -> 10);

    assertThat(full.latencies(3, 100)).containsExactly(210, 110, 10);
    assertThat(late.latencies(3, 100)).containsExactly(160, 60, 10);
  }

  @Test
  void shouldTakeRunTimesOfOtherSizesFromThoseThatThereWere() {
    RunTimes times = new RunTimes();
    times.add(2, 100);
    times.add(2, 300);
    times.add(2, 120);
    times.add(4, 220);

    assertThat(times.usual().applyAsLong(1)).isEqualTo(120);
    assertThat(times.usual().applyAsLong(2)).isEqualTo(120);
    assertThat(times.usual().applyAsLong(3)).isEqualTo(170);
    assertThat(times.usual().applyAsLong(8)).isEqualTo(440);
    assertThat(times.p99Nanos()).isEqualTo(300);
  }
}
