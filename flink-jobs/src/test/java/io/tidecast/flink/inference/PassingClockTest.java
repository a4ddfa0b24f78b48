package io.tidecast.flink.inference;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PassingClockTest {

  private final AtomicLong now = new AtomicLong(1_000);
  private final PassingClock clock = new PassingClock(now::get);

  @Test
  void shouldLookAgainWhenOthersArePassedOn() {
    assertThat(clock.millis()).isEqualTo(1_000);
    now.set(2_000);
    assertThat(clock.millis()).as("passed on together").isEqualTo(1_000);

    clock.begin();

    assertThat(clock.millis()).isEqualTo(2_000);
  }

  @Test
  void shouldLookAgainAfterSoManyReadings() {
    for (int i = 0; i < PassingClock.READINGS; i++) {
      assertThat(clock.millis()).isEqualTo(1_000);
      now.set(2_000);
    }

    assertThat(clock.millis()).isEqualTo(2_000);
  }
}
