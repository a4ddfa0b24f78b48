package io.tidecast.benchmarks.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ProcessorTimeTest {
  private static final ProcessorTime BEFORE =
      new ProcessorTime(
          100_000,
          Map.of(
              1L, new ProcessorTime.OfThread("C2 CompilerThre", 40_000, 0),
              2L, new ProcessorTime.OfThread("Source: observa", 10_000, 7_000),
              3L, new ProcessorTime.OfThread("gone", 50_000, 0)));
  private static final ProcessorTime AFTER =
      new ProcessorTime(
          1_000_000,
          Map.of(
              1L, new ProcessorTime.OfThread("C2 CompilerThre", 140_000, 0),
              2L, new ProcessorTime.OfThread("Source: observa", 310_000, 9_500),
              4L, new ProcessorTime.OfThread("C1 CompilerThre", 200_000, 0),
              5L, new ProcessorTime.OfThread("GC Thread#0", 60_000, 1_000),
              6L, new ProcessorTime.OfThread("GC Thread#1", 80_000, 2_000)));

  @Test
  void shouldTellTheCompilersApartFromWhatTheProcessTookInAll() {
    ProcessorTime.Used used = AFTER.since(BEFORE);

    assertThat(used.totalNanos()).isEqualTo(900_000);
    assertThat(used.jitNanos()).isEqualTo(300_000);
    assertThat(used.withoutJitNanos()).isEqualTo(600_000);
    assertThat(used.jitShare()).isEqualTo(1.0 / 3);
  }

  @Test
  void shouldAddThreadsThatDifferByANumberAndLeaveOutWhatIsTooLittle() {
    Map<String, Double> micros = AFTER.since(BEFORE).microsByName(2);

    assertThat(micros.keySet()).last().isEqualTo("GC Thread");
    assertThat(micros)
        .containsEntry("Source: observa", 150.0)
        .containsEntry("GC Thread", 70.0)
        .containsEntry(ProcessorTime.Used.JIT, 150.0)
        .hasSize(3);
    assertThat(AFTER.since(BEFORE).microsByName(10_000)).isEmpty();
  }

  @Test
  void shouldTellHowLongThreadsWaitedForAProcessor() {
    assertThat(AFTER.since(BEFORE).waitedByName())
        .containsEntry("Source: observa", 2_500L)
        .containsEntry("GC Thread", 3_000L);
  }

  @Test
  void shouldReadThisProcessThreadByThread() throws Exception {
    ProcessorTime before = ProcessorTime.ofThisProcess();

    ProcessorTime.Used used = ProcessorTime.ofThisProcess().since(before);

    assertThat(before.totalNanos()).isPositive();
    assertThat(used.byName()).containsKey(ProcessorTime.Used.JIT);
  }
}
