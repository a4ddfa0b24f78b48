package io.tidecast.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

@DisabledOnOs(OS.WINDOWS)
class StopSignalTest {
  @Test
  void shouldNotBeRequestedByItself() {
    try (StopSignal stop = StopSignal.install()) {
      assertThat(stop.await(Duration.ofMillis(1))).isFalse();
      assertThat(stop.requested()).isFalse();
    }
  }

  @Test
  void shouldTakeASignalForARequest() throws Exception {
    try (StopSignal stop = StopSignal.install()) {
      // Not HUP or INT: a build that runs in the background of a shell may be deaf to those.
      long self = ProcessHandle.current().pid();
      new ProcessBuilder("kill", "-TERM", Long.toString(self)).start().waitFor();

      assertThat(stop.await(Duration.ofMinutes(1))).isTrue();
      assertThat(stop.exitCode()).isEqualTo(143);
    }
  }

  @Test
  void shouldTakeAnInterruptAsARequest() {
    try (StopSignal stop = StopSignal.install()) {
      Thread.currentThread().interrupt();

      assertThat(stop.await(Duration.ofMinutes(1))).isTrue();
      assertThat(stop.requested()).isTrue();
      assertThat(stop.exitCode()).isEqualTo(130);
      assertThat(Thread.interrupted()).isFalse();
    }
  }
}
