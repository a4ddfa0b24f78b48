package io.tidecast.flink.inference;

import io.tidecast.flink.record.ForecastTask;
import io.tidecast.runtime.serving.Answer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a version was asked for beside another and has not gone on, in the order of asking. It has
 * an end, so that a shadow that is too slow has no more and more under way. One thread.
 */
final class ShadowLine {

  private static final Answer.Failed BROKEN = new Answer.Failed("the model has ended with an error");

  private final int capacity;
  private final Deque<Waiting> line = new ArrayDeque<>();

  /**
   * @param capacity most that are under way
   */
  ShadowLine(int capacity) {
    this.capacity = capacity;
  }

  /** A task that waits for the forecast of a shadow. */
  static final class Waiting implements ServedVersion.Asked {

    private final ForecastTask task;
    private final @Nullable Long timestamp;
    private final long deadlineMillis;
    private @Nullable Answer answer;

    /**
     * @param timestamp of its record; null for none
     */
    Waiting(ForecastTask task, @Nullable Long timestamp, long deadlineMillis) {
      this.task = task;
      this.timestamp = timestamp;
      this.deadlineMillis = deadlineMillis;
    }

    ForecastTask task() {
      return task;
    }

    @Nullable Long timestamp() {
      return timestamp;
    }

    @Nullable Answer answer() {
      return answer;
    }

    @Override
    public void answered(Answer its) {
      if (answer == null) {
        answer = its;
      }
    }
  }

  boolean isFull() {
    return line.size() >= capacity;
  }

  boolean isEmpty() {
    return line.isEmpty();
  }

  /** Adds one that was asked for; always there is room where it is not full. */
  boolean add(Waiting task) {
    return line.add(task);
  }

  /** Gives out those that have their answer, up to the first without. */
  void passOn(Consumer<Waiting> next) {
    Waiting first = line.peek();
    while (first != null && first.answer != null) {
      line.remove();
      next.accept(first);
      first = line.peek();
    }
  }

  /**
   * Takes those whose time is over for failed. They are in the order of their deadlines.
   *
   * @return the deadline of the first that still has time, {@link Long#MAX_VALUE} for none
   */
  long sweep(long nowMillis, Answer.Failed late) {
    for (Waiting each : line) {
      if (each.answer == null) {
        if (each.deadlineMillis > nowMillis) {
          return each.deadlineMillis;
        }
        each.answered(late);
      }
    }
    return Long.MAX_VALUE;
  }

  /** Takes all without an answer for failed. */
  void failAll() {
    line.forEach(each -> each.answered(BROKEN));
  }
}
