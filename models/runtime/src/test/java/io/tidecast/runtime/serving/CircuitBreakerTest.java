package io.tidecast.runtime.serving;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.runtime.serving.CircuitBreaker.Admission;
import io.tidecast.runtime.windows.Window;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class CircuitBreakerTest {

  private final CircuitBreaker breaker = new CircuitBreaker(3);
  private long nanos;

  @Test
  void shouldOpenAfterSoManyFailuresOneAfterTheOther() {
    assertThat(timeOut("a")).isZero();
    assertThat(timeOut("a")).isZero();
    assertThat(breaker.answered()).as("it was not given up").isFalse();
    assertThat(timeOut("a")).isZero();
    assertThat(timeOut("a")).isZero();
    assertThat(breaker.admit(nanos)).isEqualTo(Admission.ALL);

    assertThat(timeOut("a")).isEqualTo(3);

    assertThat(breaker.isOpen()).isTrue();
    assertThat(breaker.admit(nanos)).isEqualTo(Admission.NONE);
  }

  @Test
  void shouldNotTakeTheModelFromAllForTheFaultOfASeries() {
    for (int i = 0; i < 10; i++) {
      assertThat(fail("a", "b")).isZero();
    }
    assertThat(fail("c")).as("a, b and c").isEqualTo(3);
  }

  @Test
  void shouldBeginToCountSeriesAnewAfterAForecast() {
    fail("a");
    fail("b");
    breaker.answered();

    assertThat(fail("a")).isZero();
    assertThat(fail("b")).isZero();
    assertThat(fail("b")).isZero();
    assertThat(fail("b", "c")).isEqualTo(3);
  }

  @Test
  void shouldLetOneProbeThroughWhenTheRestIsOver() {
    open();
    pass(CircuitBreaker.FIRST_REST.minusNanos(1));
    assertThat(breaker.admit(nanos)).isEqualTo(Admission.NONE);
    pass(Duration.ofNanos(1));

    assertThat(breaker.admit(nanos)).isEqualTo(Admission.PROBE);
    assertThat(breaker.admit(nanos)).as("one at a time").isEqualTo(Admission.NONE);
    assertThat(breaker.isOpen()).isTrue();

    breaker.unprobed();
    assertThat(breaker.admit(nanos)).isEqualTo(Admission.PROBE);
    assertThat(breaker.answered()).as("it was given up").isTrue();
    assertThat(breaker.admit(nanos)).isEqualTo(Admission.ALL);
    assertThat(breaker.answered()).isFalse();
  }

  @Test
  void shouldRestTwiceAsLongAfterEachProbeThatFailsUpToALimit() {
    open();
    Duration expected = CircuitBreaker.FIRST_REST;
    for (int i = 0; i < 6; i++) {
      pass(expected.minusNanos(1));
      assertThat(breaker.admit(nanos)).isEqualTo(Admission.NONE);
      pass(Duration.ofNanos(1));
      assertThat(breaker.admit(nanos)).isEqualTo(Admission.PROBE);
      assertThat(i % 2 == 0 ? fail("a") : timeOut("a")).as("told once").isZero();
      expected = expected.multipliedBy(2);
      if (expected.compareTo(CircuitBreaker.LONGEST_REST) > 0) {
        expected = CircuitBreaker.LONGEST_REST;
      }
    }
    assertThat(breaker.rest()).isEqualTo(CircuitBreaker.LONGEST_REST);

    pass(expected);
    breaker.admit(nanos);
    breaker.answered();
    open();
    assertThat(breaker.rest()).isEqualTo(CircuitBreaker.FIRST_REST);
  }

  @Test
  void shouldNotCountRunsThatEndAfterItHasOpened() {
    open();
    assertThat(timeOut("z")).isZero();
    pass(CircuitBreaker.FIRST_REST);
    assertThat(breaker.admit(nanos)).as("the rest is no longer").isEqualTo(Admission.PROBE);
  }

  @Test
  void shouldNeverOpenWhereToldSo() {
    CircuitBreaker never = new CircuitBreaker(RunLimits.NEVER);
    for (int i = 0; i < 100; i++) {
      never.failed(true, windows("s" + i), 0, 1, nanos);
    }
    assertThat(never.admit(nanos)).isEqualTo(Admission.ALL);
  }

  private void open() {
    for (int i = 0; i < 3; i++) {
      timeOut("a");
    }
    assertThat(breaker.isOpen()).isTrue();
  }

  private int timeOut(String... series) {
    return breaker.failed(true, windows(series), 0, series.length, nanos);
  }

  private int fail(String... series) {
    return breaker.failed(false, windows(series), 0, series.length, nanos);
  }

  private static Pending[] windows(String... series) {
    Pending[] windows = new Pending[series.length];
    for (int i = 0; i < windows.length; i++) {
      windows[i] = new Pending();
      windows[i].set(new Nobody("one"), new Window(series[i], 0, 1, new float[4]), null, 0);
    }
    return windows;
  }

  private void pass(Duration time) {
    nanos += time.toNanos();
  }
}
