package io.tidecast.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CommitWatchTest {

  private long checkpoints;

  @Test
  void shouldTellOnceThatNothingIsCommittedAndWhenItIsAgain() {
    CommitWatch watch = new CommitWatch(Duration.ofSeconds(1), () -> checkpoints, 0);
    assertThat(look(watch, 14)).isEmpty();
    checkpoints = 1;
    assertThat(look(watch, 15)).isEmpty();
    assertThat(look(watch, 29)).isEmpty();
    assertThat(look(watch, 31))
        .get()
        .asString()
        .startsWith("No checkpoint has been completed for 16 s,");
    assertThat(look(watch, 300)).isEmpty();
    checkpoints = 2;
    assertThat(look(watch, 301)).get().asString().startsWith("A checkpoint is complete again");
    assertThat(look(watch, 310)).isEmpty();
  }

  @Test
  void shouldHavePatienceForThreeIntervals() {
    CommitWatch watch = new CommitWatch(Duration.ofMinutes(10), () -> checkpoints, 0);
    assertThat(look(watch, 29 * 60)).isEmpty();
    assertThat(look(watch, 30 * 60)).get().asString().contains("for 1800 s");
  }

  private static Optional<String> look(CommitWatch watch, long seconds) {
    return watch.look(Duration.ofSeconds(seconds).toNanos());
  }
}
