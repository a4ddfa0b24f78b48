package io.tidecast.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class BackoffTest {

  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
  private final Backoff backoff = new Backoff(nanos::get);

  @Test
  void shouldWaitLongerEachTimeAndNoLongerThanHalfAMinute() {
    List<Long> pauses = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      boolean unused = backoff.failed();
      pauses.add(backoff.pause().toMillis());
      nanos.addAndGet(backoff.pause().toNanos());
      assertThat(backoff.pause()).isZero();
    }
    assertThat(pauses)
        .containsExactly(500L, 1_000L, 2_000L, 4_000L, 8_000L, 16_000L, 30_000L, 30_000L);
    assertThat(backoff.failing()).isEqualTo(Duration.ofMillis(91_500));
    assertThat(backoff.succeeded()).isEqualTo(Duration.ofMillis(91_500));
    assertThat(backoff.failing()).isZero();
    assertThat(backoff.pause()).isZero();
  }

  @Test
  void shouldBeToldAtOnceAfterAMinuteAndEveryTenMinutes() {
    List<Integer> told = new ArrayList<>();
    for (int second = 0; second < 25 * 60; second += 30) {
      if (backoff.failed()) {
        told.add(second);
      }
      nanos.addAndGet(Duration.ofSeconds(30).toNanos());
    }
    assertThat(told).containsExactly(0, 60, 660, 1_260);
  }
}
