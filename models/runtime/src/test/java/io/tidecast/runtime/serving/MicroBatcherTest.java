package io.tidecast.runtime.serving;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.runtime.windows.Window;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MicroBatcherTest {

  private static final float FATAL = -1;
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final BlockingQueue<String> replies = new LinkedBlockingQueue<>();
  private final List<Integer> runs = new CopyOnWriteArrayList<>();
  private final CountDownLatch running = new CountDownLatch(1);
  private final CountDownLatch release = new CountDownLatch(1);
  private final AtomicLong nanos = new AtomicLong();
  private final RecordedRuns told = new RecordedRuns();
  private MicroBatcher batcher = batcher(0);

  @AfterEach
  void stop() {
    release.countDown();
    batcher.stop();
  }

  @Test
  void shouldRunALoneWindowAtOnce() throws Exception {
    release.countDown();

    submit(1);

    assertThat(replies(1)).containsExactly("1: 2.0");
    assertThat(runs).containsExactly(1);
  }

  @Test
  void shouldTakeWhatIsWaitingUpToABatch() throws Exception {
    submit(1);
    running.await();
    submit(2, 3, 4, 5, 6, 7);
    assertThat(batcher.waiting()).isEqualTo(6);

    release.countDown();

    assertThat(replies(7))
        .containsExactly("1: 2.0", "2: 3.0", "3: 4.0", "4: 5.0", "5: 6.0", "6: 7.0", "7: 8.0");
    assertThat(runs).containsExactly(1, 4, 2);
    assertThat(batcher.waiting()).isZero();
  }

  @Test
  void shouldTryEachWindowOfAFailedBatchAlone() throws Exception {
    batcher.stop();
    batcher = batcher(1);
    submit(1);
    running.await();
    submit(2, 666, 3);

    release.countDown();

    assertThat(replies(4)).containsExactly("1: 2.0", "2: 3.0", "666: no forecast", "3: 4.0");
    assertThat(runs).containsExactly(1, 3, 1, 1, 1);
    assertThat(told.failures).hasSize(2);
  }

  @Test
  void shouldNotRunWhatHasWaitedForTooLong() throws Exception {
    submit(1);
    running.await();
    submit(2);
    nanos.addAndGet(TIMEOUT.toNanos());
    submit(3);
    nanos.addAndGet(1);

    release.countDown();

    assertThat(replies(3)).containsExactly("1: 2.0", "2: expired", "3: 4.0");
    assertThat(runs).containsExactly(1, 1);
  }

  @Test
  void shouldGoOnWhenABatchHasWaitedForTooLong() throws Exception {
    submit(1);
    running.await();
    submit(2, 3);
    nanos.addAndGet(TIMEOUT.toNanos() + 1);
    release.countDown();
    assertThat(replies(3)).containsExactly("1: 2.0", "2: expired", "3: expired");

    submit(4);

    assertThat(replies(1)).containsExactly("4: 5.0");
    assertThat(runs).containsExactly(1, 1);
  }

  @Test
  void shouldFailEveryWindowOnceTheModelThrowsAnError() throws Exception {
    submit(1);
    running.await();
    submit(2, FATAL, 3, 4, 5, 6);

    release.countDown();

    assertThat(replies(7))
        .containsExactly(
            "1: 2.0",
            "2: injected",
            "-1: injected",
            "3: injected",
            "4: injected",
            "5: injected",
            "6: injected");
    submit(8);
    assertThat(replies(1)).containsExactly("8: injected");
    assertThat(batcher.waiting()).isZero();
  }

  @Test
  void shouldNotReplyAgainWhereAReplyThrows() throws Exception {
    submit(1);
    running.await();
    submit(2);
    batcher.submit(
        window(3),
        new Recorded("3") {
          @Override
          public void answered(Answer answer) {
            super.answered(answer);
            throw new IllegalStateException("the receiver is gone");
          }
        });
    submit(4);

    release.countDown();

    assertThat(replies(4)).containsExactly("1: 2.0", "2: 3.0", "3: 4.0", "4: the receiver is gone");
    batcher.stop();
    assertThat(replies).as("no second reply").isEmpty();
  }

  @Test
  void shouldStopAfterTheRunThatIsUnderWay() throws Exception {
    submit(1);
    running.await();
    submit(2);
    CountDownLatch stopped = new CountDownLatch(1);
    Thread stopping =
        new Thread(
            () -> {
              batcher.stop();
              stopped.countDown();
            });
    stopping.start();
    while (stopping.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }

    release.countDown();
    stopped.await();

    assertThat(replies(1)).containsExactly("1: 2.0");
    assertThat(replies).as("what waited gets no reply").isEmpty();
    assertThat(batcher.waiting()).isEqualTo(1);
  }

  private MicroBatcher batcher(int retries) {
    ServingOptions options =
        ServingOptions.builder()
            .maxBatchSize(4)
            .retries(retries)
            .timeout(TIMEOUT)
            .nanoClock(nanos::get)
            .build();
    LastValueModel model =
        new LastValueModel(
            last -> {
              runs.add(last.length);
              running.countDown();
              awaitRelease();
              for (float value : last) {
                if (value == FATAL) {
                  throw new AssertionError("injected");
                }
                if (value == 666) {
                  throw new IllegalStateException("no such number");
                }
              }
            });
    ModelRunner runner = new ModelRunner(model, FailurePolicy.refusing(), options, told);
    return new MicroBatcher("batcher of a test", runner, options);
  }

  private void awaitRelease() {
    boolean interrupted = false;
    // As native code does, it takes no notice of an interrupt.
    while (true) {
      try {
        release.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void submit(float... last) {
    for (float value : last) {
      batcher.submit(window(value), new Recorded(String.valueOf((int) value)));
    }
  }

  private static Window window(float last) {
    return ModelRunnerTest.windows(last).get(0);
  }

  private List<String> replies(int count) throws InterruptedException {
    List<String> taken = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      taken.add(replies.take());
    }
    return taken;
  }

  private class Recorded implements Reply {

    private final String name;

    Recorded(String name) {
      this.name = name;
    }

    @Override
    public void answered(Answer answer) {
      replies.add(
          name + ": " + (answer instanceof Answer.Made made ? made.points()[0] : "no forecast"));
    }

    @Override
    public void expired() {
      replies.add(name + ": expired");
    }

    @Override
    public void failed(Throwable error) {
      replies.add(name + ": " + error.getMessage());
    }
  }
}
