package io.tidecast.runtime.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.windows.ForecastBatch;
import io.tidecast.runtime.windows.Forecaster;
import io.tidecast.runtime.windows.WindowBatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MicroBatcherTest {

  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final GatedModel gate = new GatedModel();
  private final LastValueModel model = gate.model();
  private final AtomicLong nanos = new AtomicLong();
  private final List<Desk> desks = new ArrayList<>();

  @AfterEach
  void close() {
    gate.open();
    desks.forEach(Desk::close);
  }

  @Test
  void shouldRunALoneWindowAtOnce() throws Exception {
    Desk desk = desk(options());
    gate.open();

    desk.submit(1);

    assertThat(desk.answers(1)).containsExactly("1: 2.0");
    assertThat(gate.runs).containsExactly(1);
  }

  @Test
  void shouldTakeWhatIsWaitingUpToABatchAndAnswerInOrder() throws Exception {
    Desk desk = desk(options());
    desk.submit(1);
    gate.awaitRun();
    desk.submit(2, 3, 4, 5, 6, 7);
    assertThat(desk.user.waiting()).isEqualTo(6);

    gate.open();

    assertThat(desk.answers(7))
        .containsExactly("1: 2.0", "2: 3.0", "3: 4.0", "4: 5.0", "5: 6.0", "6: 7.0", "7: 8.0");
    assertThat(gate.runs).containsExactly(1, 4, 2);
    assertThat(desk.user.waiting()).isZero();
  }

  @Test
  void shouldWakeAUserOnceForAllThatItHasNotLookedAt() throws Exception {
    Desk desk = desk(options());
    desk.submit(1);
    gate.awaitRun();
    desk.submit(2, 3, 4, 5, 6, 7);
    gate.letGo(2);
    // The third run begins once the answers of the second are there.
    for (int run = 1; run < 3; run++) {
      gate.awaitRun();
    }

    assertThat(desk.wakeUps()).as("for five answers of two batches").isEqualTo(1);
    gate.open();
    assertThat(desk.answers(7)).hasSize(7);
  }

  /** It may have the processor of the thread that wakes it, which goes on once it sleeps again. */
  @Test
  void shouldLetAUserLookBeforeTheThreadThatWakesItGoesOn() throws Exception {
    Semaphore woken = new Semaphore(0);
    Semaphore mayGoOn = new Semaphore(0);
    MicroBatcher batcher = new MicroBatcher(model, options().build(), 1);
    Desk desk =
        new Desk(
            itself ->
                batcher.join(
                    LastValueModel.SPEC,
                    itself.told,
                    () -> {
                      woken.release();
                      mayGoOn.acquireUninterruptibly();
                    }));
    desks.add(desk);
    gate.open();

    assertThat(desk.offer(1)).isTrue();
    woken.acquire();
    assertThat(desk.answers(1)).containsExactly("1: 2.0");

    mayGoOn.release();
  }

  @Test
  void shouldShareBatchesAmongUsers() throws Exception {
    MicroBatcher batcher = new MicroBatcher(model, options().workers(1).build(), 1);
    Desk one = desk(batcher);
    Desk other = desk(batcher);
    one.submit(1);
    gate.awaitRun();
    one.submit(2);
    other.submit(3);
    one.submit(4);
    other.submit(5);

    gate.open();

    assertThat(one.answers(3)).containsExactly("1: 2.0", "2: 3.0", "4: 5.0");
    assertThat(other.answers(2)).containsExactly("3: 4.0", "5: 6.0");
    assertThat(gate.runs).containsExactly(1, 4);
    assertThat(one.told.windows).as("each run is told once").containsExactly(1, 4);
    assertThat(other.told.windows).isEmpty();
  }

  @Test
  void shouldRefuseWhatThereIsNoRoomForAndKeepThePlaceThatComesFree() throws Exception {
    MicroBatcher batcher =
        new MicroBatcher(model, options().maxBatchSize(1).maxWaiting(2).workers(1).build(), 1);
    Desk one = desk(batcher);
    Desk other = desk(batcher);
    one.submit(1);
    gate.awaitRun();
    one.submit(2, 3);

    assertThat(other.offer(4)).isFalse();
    assertThat(one.offer(5)).isFalse();
    gate.letGo(1);
    other.awaitWakeUp();
    assertThat(one.offer(5)).as("the other was first").isFalse();
    assertThat(other.offer(4)).isTrue();

    gate.open();
    one.submit(5);
    assertThat(one.answers(4)).containsExactly("1: 2.0", "2: 3.0", "3: 4.0", "5: 6.0");
    assertThat(other.answers(1)).containsExactly("4: 5.0");
  }

  /** It may offer first and look then, or the other way round. */
  @Test
  void shouldWakeAgainWhoIsRefusedBeforeItHasLooked() throws Exception {
    MicroBatcher batcher =
        new MicroBatcher(model, options().maxBatchSize(1).maxWaiting(1).workers(1).build(), 1);
    Desk one = desk(batcher);
    one.submit(1);
    gate.awaitRun();
    one.submit(2);
    gate.letGo(1);
    one.awaitWakeUp();
    gate.awaitRun();
    assertThat(one.offer(3)).isTrue();
    assertThat(one.offer(4)).isFalse();

    gate.letGo(1);

    one.awaitWakeUp();
    gate.open();
    assertThat(one.answers(3)).containsExactly("1: 2.0", "2: 3.0", "3: 4.0");
  }

  @Test
  void shouldGiveThePlaceOfOneThatLeavesToTheNext() throws Exception {
    MicroBatcher batcher =
        new MicroBatcher(model, options().maxBatchSize(1).maxWaiting(1).workers(1).build(), 1);
    Desk full = desk(batcher);
    Desk leaving = desk(batcher);
    Desk next = desk(batcher);
    full.submit(1);
    gate.awaitRun();
    leaving.submit(2);
    assertThat(next.offer(3)).isFalse();

    leaving.close();

    next.awaitWakeUp();
    assertThat(next.offer(3)).isTrue();
    gate.open();
    assertThat(next.answers(1)).containsExactly("3: 4.0");
    assertThat(full.answers(1)).containsExactly("1: 2.0");
  }

  @Test
  void shouldTakeTheWindowsOfAUserThatLeavesAlongAndNoOthers() throws Exception {
    MicroBatcher batcher = new MicroBatcher(model, options().workers(1).build(), 1);
    Desk leaving = desk(batcher);
    Desk staying = desk(batcher);
    leaving.submit(1);
    gate.awaitRun();
    leaving.submit(2);
    staying.submit(3);
    leaving.submit(4);
    staying.submit(5);

    leaving.close();
    leaving.close();
    gate.open();

    assertThat(staying.answers(2)).containsExactly("3: 4.0", "5: 6.0");
    assertThat(gate.runs).containsExactly(1, 2);
    assertThat(leaving.wakeUps()).isZero();
    assertThatIllegalStateException()
        .isThrownBy(() -> leaving.offer(6))
        .withMessage("the user has left: model=last-value/7");
  }

  @Test
  void shouldCloseTheModelAndEndItsThreadsWithTheLastUser() throws Exception {
    MicroBatcher batcher = new MicroBatcher(model, options().workers(3).build(), 1);
    Desk one = desk(batcher);
    Desk other = desk(batcher);
    assertThat(threads()).hasSize(3);
    gate.open();
    one.submit(1, 2, 3);
    assertThat(one.answers(3)).hasSize(3);

    one.close();
    other.submit(4);
    assertThat(other.answers(1)).containsExactly("4: 5.0");
    other.close();

    assertThat(threads()).isEmpty();
    assertThat(model.isReleased()).isTrue();
    assertThatIllegalStateException().isThrownBy(() -> desk(batcher));
  }

  @Test
  void shouldHaveAsManyWorkersAsUsersButNoMoreThanItMay() {
    MicroBatcher batcher =
        new MicroBatcher(model, options().workers(ServingOptions.AS_MANY_AS_USERS).build(), 2);
    Desk one = desk(batcher);
    assertThat(threads()).hasSize(1);
    Desk two = desk(batcher);
    assertThat(threads()).hasSize(2);
    desk(batcher);
    assertThat(threads()).hasSize(2);

    one.close();
    two.close();

    while (threads().size() > 1) {
      Thread.onSpinWait();
    }
  }

  @Test
  void shouldRunEachWorkerBesideTheOthers() throws Exception {
    Map<Integer, Integer> runs = new ConcurrentHashMap<>();
    MicroBatcher batcher =
        new MicroBatcher(
            new Numbered(model, 0, runs), options().maxBatchSize(1).workers(2).build(), 1);
    Desk desk = desk(batcher);
    desk.submit(1, 2);

    gate.awaitRun();
    gate.awaitRun();

    assertThat(runs).containsOnly(Map.entry(0, 1), Map.entry(1, 1));
    gate.open();
    assertThat(desk.answers(2)).containsExactlyInAnyOrder("1: 2.0", "2: 3.0");
  }

  /** Counts the runs of each number. */
  private record Numbered(Forecaster model, int number, Map<Integer, Integer> runs)
      implements Forecaster {

    @Override
    public ForecasterSpec spec() {
      return model.spec();
    }

    @Override
    public Forecaster beside(int other) {
      return new Numbered(model, other, runs);
    }

    @Override
    public void forecast(WindowBatch windows, ForecastBatch forecasts) {
      runs.merge(number, 1, Integer::sum);
      model.forecast(windows, forecasts);
    }

    @Override
    public void close() {
      model.close();
    }
  }

  @Test
  void shouldRunAsManyBatchesAtOnceAsThereAreWorkers() throws Exception {
    Desk desk = desk(options().maxBatchSize(1).workers(2));
    desk.submit(1, 2, 3);

    gate.awaitRun();
    gate.awaitRun();

    assertThat(desk.user.waiting()).isEqualTo(1);
    gate.open();
    assertThat(desk.answers(3)).containsExactlyInAnyOrder("1: 2.0", "2: 3.0", "3: 4.0");
  }

  @Test
  void shouldWaitForAFullBatchAsLongAsItIsTold() throws Exception {
    Desk desk = desk(options().maxBatchDelay(Duration.ofHours(1)).workers(2));
    gate.open();
    desk.submit(1, 2, 3);
    assertThat(desk.user.waiting()).isEqualTo(3);

    desk.submit(4, 5);

    assertThat(desk.answers(4)).containsExactly("1: 2.0", "2: 3.0", "3: 4.0", "4: 5.0");
    assertThat(desk.user.waiting()).isEqualTo(1);
    assertThat(gate.runs).containsExactly(4);
  }

  @Test
  void shouldRunWhatHasWaitedForLongEnoughThoughTheBatchIsNotFull() throws Exception {
    Desk desk = desk(options().maxBatchDelay(Duration.ofMillis(1)).nanoClock(System::nanoTime));
    gate.open();
    for (int i = 1; i <= 20; i++) {
      desk.submit(i);
      assertThat(desk.answers(1)).containsExactly(i + ": " + (i + 1) + ".0");
    }
    assertThat(gate.runs).hasSize(20).containsOnly(1);
  }

  @Test
  void shouldTryEachWindowOfAFailedBatchAlone() throws Exception {
    Desk desk = desk(options().retries(1));
    desk.submit(1);
    gate.awaitRun();
    desk.submit(2, GatedModel.REFUSED, 3);

    gate.open();

    assertThat(desk.answers(4)).containsExactly("1: 2.0", "2: 3.0", "666: MODEL", "3: 4.0");
    assertThat(gate.runs).containsExactly(1, 3, 1, 1, 1);
    assertThat(desk.told.failures).hasSize(2);
  }

  @Test
  void shouldNotRunWhatHasWaitedForTooLong() throws Exception {
    Desk desk = desk(options());
    desk.submit(1);
    gate.awaitRun();
    desk.submit(2);
    nanos.addAndGet(TIMEOUT.toNanos());
    desk.submit(3);
    nanos.addAndGet(1);

    gate.open();

    assertThat(desk.answers(3)).containsExactly("1: 2.0", "2: LATE", "3: 4.0");
    assertThat(gate.runs).containsExactly(1, 1);
  }

  @Test
  void shouldAnswerAtOnceWhereNoWorkerComesBack() throws Exception {
    Desk desk =
        desk(options().limits(new RunLimits(Duration.ofSeconds(1), 5)).maxWaiting(1).workers(1));
    desk.submit(1);
    gate.awaitRun();
    desk.submit(2);
    assertThat(desk.offer(3)).isFalse();
    assertThat(desk.user.isGivenUp()).isFalse();
    nanos.addAndGet(Duration.ofSeconds(3).toNanos());

    assertThat(desk.user.isGivenUp()).isTrue();
    assertThat(desk.offer(4)).isTrue();
    assertThat(desk.answers(1)).containsExactly("4: MODEL");
    gate.open();
    assertThat(desk.answers(2)).containsExactly("1: 2.0", "2: 3.0");
  }

  @Test
  void shouldTellEveryUserOnceTheModelThrowsAnError() throws Exception {
    MicroBatcher batcher = new MicroBatcher(model, options().workers(2).build(), 1);
    Desk one = desk(batcher);
    Desk other = desk(batcher);
    one.submit(GatedModel.FATAL);
    gate.awaitRun();
    other.submit(2);
    gate.awaitRun();
    other.submit(3);

    gate.open();

    for (Desk desk : List.of(one, other)) {
      desk.awaitWakeUp();
      assertThatExceptionOfType(ModelBrokenException.class)
          .isThrownBy(
              () -> {
                while (true) {
                  desk.user.drain((name, answer) -> {});
                  desk.awaitWakeUp();
                }
              })
          .withMessage(
              "model must not throw an error, it did: model=last-value/7: java.lang.AssertionError: injected")
          .withCauseInstanceOf(AssertionError.class);
      assertThatExceptionOfType(ModelBrokenException.class).isThrownBy(() -> desk.offer(9));
    }
  }

  @Test
  void shouldLoseAndRepeatNothingWhateverComesTogether() throws Exception {
    int users = 4;
    int each = 3_000;
    gate.open();
    ServingOptions options =
        options()
            .maxBatchSize(8)
            .maxWaiting(13)
            .maxBatchDelay(Duration.ofNanos(20_000))
            .workers(3)
            .timeout(Duration.ofHours(1))
            .nanoClock(System::nanoTime)
            .build();
    MicroBatcher batcher = new MicroBatcher(model, options, 1);
    Desk first = desk(batcher);
    AtomicInteger leavers = new AtomicInteger();
    ConcurrentHashMap<String, Integer> seen = new ConcurrentHashMap<>();
    CountDownLatch done = new CountDownLatch(users);
    List<Throwable> failures = new ArrayList<>();
    for (int i = 0; i < users; i++) {
      int start = 1_000_000 + i * each;
      new Thread(
              () -> {
                try (Desk desk = Desk.at(batcher)) {
                  int asked = 0;
                  int answered = 0;
                  while (answered < each) {
                    int some = ThreadLocalRandom.current().nextInt(1, 40);
                    for (int j = 0; j < some && asked < each; j++) {
                      desk.submit(start + asked++);
                    }
                    for (String answer : desk.answers(Math.min(some, asked - answered))) {
                      seen.merge(answer, 1, Integer::sum);
                      answered++;
                    }
                  }
                  // One comes and goes with windows that nobody waits for.
                  try (Desk leaver = Desk.at(batcher)) {
                    leaver.offer(5);
                    leavers.incrementAndGet();
                  }
                } catch (Throwable t) {
                  synchronized (failures) {
                    failures.add(t);
                  }
                } finally {
                  done.countDown();
                }
              })
          .start();
    }
    done.await();
    assertThat(failures).isEmpty();
    assertThat(leavers).hasValue(users);
    assertThat(seen).hasSize(users * each).allSatisfy((answer, times) -> assertThat(times).isOne());
    assertThat(seen).containsKey("1000000: 1000001.0");
    first.submit(1);
    assertThat(first.answers(1)).containsExactly("1: 2.0");
  }

  private ServingOptions.Builder options() {
    return ServingOptions.builder()
        .maxBatchSize(4)
        .retries(0)
        .timeout(TIMEOUT)
        .workers(1)
        .nanoClock(nanos::get);
  }

  private Desk desk(ServingOptions.Builder options) {
    return desk(new MicroBatcher(model, options.build(), 1));
  }

  private Desk desk(MicroBatcher batcher) {
    Desk desk = Desk.at(batcher);
    desks.add(desk);
    return desk;
  }

  private static List<Thread> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("tidecast-inference of last-value/7"))
        .toList();
  }
}
