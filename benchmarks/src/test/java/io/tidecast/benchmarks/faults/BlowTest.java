package io.tidecast.benchmarks.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BlowTest {
  private static final int CELLS = 10;
  private static final Duration ALLOWED = Duration.ofSeconds(3);

  private final long begin = System.nanoTime();
  private final Blow blow = new Blow(begin, CELLS, ALLOWED);

  @Test
  void shouldNotTakeWhatWasSentBeforeForARecovery() {
    assertThat(blow.look(CELLS, Duration.ZERO)).isFalse();
    assertThat(blow.look(CELLS + 1, ALLOWED)).isTrue();
  }

  @Test
  void shouldNotBeOverWhileForecastsAreFurtherBehindThanAllowed() {
    assertThat(blow.look(CELLS + 1, ALLOWED.plusMillis(1))).isFalse();
  }

  @Test
  void shouldCountUntilTheyCaughtUpForGood() {
    blow.look(CELLS + 1, Duration.ZERO);
    Duration first = blow.recovery();
    assertThat(first).isPositive();

    blow.look(CELLS + 2, Duration.ZERO);
    assertThat(blow.recovery()).as("they stayed caught up").isEqualTo(first);

    blow.look(CELLS + 2, Duration.ofMinutes(1));
    blow.look(CELLS + 3, Duration.ZERO);
    assertThat(blow.recovery()).as("they fell behind in between").isGreaterThan(first);
  }
}
