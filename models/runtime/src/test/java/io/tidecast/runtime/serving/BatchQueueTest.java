package io.tidecast.runtime.serving;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BatchQueueTest {

  private static final Caller ONE = new Nobody("one");
  private static final Caller OTHER = new Nobody("other");

  private final Pending[] batch = new Pending[3];
  private int next;

  @Test
  void shouldGiveWhateverWaitsWithoutADelay() {
    BatchQueue queue = queue(Duration.ZERO);
    assertThat(queue.nanosUntilDue(7)).isEqualTo(Long.MAX_VALUE);
    assertThat(queue.take(batch, 7)).isZero();

    add(queue, ONE, 7);
    assertThat(queue.nanosUntilDue(7)).isZero();
    assertThat(queue.batchesDue()).isEqualTo(1);
    assertThat(queue.hasMore()).isFalse();
    for (int i = 0; i < 3; i++) {
      add(queue, ONE, 8);
    }

    assertThat(queue.batchesDue()).isEqualTo(2);
    assertThat(queue.take(batch, 8)).isEqualTo(3);
    assertThat(queue.take(batch, 8)).isEqualTo(1);
    assertThat(queue.size()).isZero();
  }

  @Test
  void shouldGiveABatchThatIsFullOrWhoseOldestHasWaited() {
    BatchQueue queue = queue(Duration.ofNanos(100));
    add(queue, ONE, 0);
    add(queue, ONE, 99);
    assertThat(queue.take(batch, 99)).isZero();
    assertThat(queue.nanosUntilDue(99)).isEqualTo(1);
    assertThat(queue.batchesDue()).isZero();
    assertThat(queue.hasMore()).isTrue();
    assertThat(queue.take(batch, 100)).isEqualTo(2);

    add(queue, ONE, 200);
    add(queue, ONE, 200);
    add(queue, ONE, 200);
    add(queue, ONE, 200);
    assertThat(queue.batchesDue()).isEqualTo(1);
    assertThat(queue.hasMore()).isTrue();
    assertThat(queue.take(batch, 200)).isEqualTo(3);
    assertThat(queue.take(batch, 200)).as("the fourth may have company yet").isZero();
  }

  @Test
  void shouldKeepTheOrderOfThoseThatStay() {
    BatchQueue queue = queue(Duration.ZERO);
    for (int round = 0; round < 3; round++) {
      // Each round begins elsewhere in the ring.
      int first = next;
      add(queue, ONE, 0);
      add(queue, OTHER, 0);
      add(queue, ONE, 0);
      add(queue, OTHER, 0);
      add(queue, OTHER, 0);
      assertThat(queue.sizeOf(OTHER)).isEqualTo(3);

      Pending[] gone = new Pending[5];
      assertThat(queue.removeOf(ONE, gone)).isEqualTo(2);

      assertThat(gone[0].request()).isEqualTo(first);
      assertThat(gone[1].request()).isEqualTo(first + 2);
      assertThat(queue.size()).isEqualTo(3);
      assertThat(queue.take(batch, 0)).isEqualTo(3);
      assertThat(batch)
          .extracting(Pending::request)
          .containsExactly(first + 1, first + 3, first + 4);
    }
  }

  private void add(BatchQueue queue, Caller caller, long nowNanos) {
    Pending pending = new Pending();
    pending.set(caller, ModelRunnerTest.windows(1).get(0), next++, nowNanos);
    queue.add(pending);
  }

  private static BatchQueue queue(Duration delay) {
    return new BatchQueue(
        ServingOptions.builder().maxBatchSize(3).maxWaiting(7).maxBatchDelay(delay).build());
  }
}
