package io.tidecast.runtime.serving;

import io.tidecast.runtime.windows.Window;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.Function;

/** A user of a batcher that sleeps until it is woken, as the operator of a stream does. */
final class Desk implements AutoCloseable {

  final ModelUser<String> user;
  final RecordedRuns told = new RecordedRuns();

  private final Semaphore woken = new Semaphore(0);
  private final ArrayDeque<String> answers = new ArrayDeque<>();

  /**
   * @param joining takes part, given this desk
   */
  Desk(Function<Desk, ModelUser<String>> joining) {
    user = joining.apply(this);
  }

  static Desk at(MicroBatcher batcher) {
    return new Desk(desk -> batcher.join(LastValueModel.SPEC, desk.told, desk::wakeUp));
  }

  void wakeUp() {
    woken.release();
  }

  /** Hands over contexts that end with these values, and are called after them; waits for room. */
  void submit(float... last) throws InterruptedException {
    for (float value : last) {
      while (!offer(value)) {
        drain();
        woken.acquire();
      }
    }
  }

  boolean offer(float value) {
    String name = String.valueOf((int) value);
    return user.offer(
        new Window("s" + name, 0, 1, new float[] {10, 11, 20, value}, new float[0]), name);
  }

  private void drain() {
    user.drain((name, answer) -> answers.add(name + ": " + text(answer)));
  }

  private static String text(Answer answer) {
    return answer instanceof Answer.Made made
        ? String.valueOf(made.points()[0])
        : ((Answer.Failed) answer).cause().toString();
  }

  /** Waits for so many answers, in the order in which they come. */
  List<String> answers(int count) throws InterruptedException {
    List<String> taken = new ArrayList<>();
    while (taken.size() < count) {
      drain();
      while (answers.isEmpty()) {
        woken.acquire();
        drain();
      }
      taken.add(answers.remove());
    }
    return taken;
  }

  /** Waits until the user is woken, without taking anything. */
  void awaitWakeUp() throws InterruptedException {
    woken.acquire();
  }

  /** How often it was woken and has not looked. */
  int wakeUps() {
    return woken.availablePermits();
  }

  @Override
  public void close() {
    user.close();
  }
}
