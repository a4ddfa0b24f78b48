package io.tidecast.runtime.serving;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * Windows that wait, first come, first served, and the rule of when some of them make a batch: as
 * soon as there are enough for a full one, or the oldest has waited for long enough.
 *
 * <p>Whoever uses it holds the lock of the batcher.
 */
final class BatchQueue {

  private final @Nullable Pending[] ring;
  private final int batchSize;
  private final long delayNanos;
  private int head;
  private int size;

  BatchQueue(ServingOptions options) {
    this.ring = new Pending[options.maxWaiting()];
    this.batchSize = options.maxBatchSize();
    this.delayNanos = options.maxBatchDelay().toNanos();
  }

  int size() {
    return size;
  }

  int capacity() {
    return ring.length;
  }

  /** The number of batches that need not wait for anything but a thread. */
  int batchesDue() {
    return delayNanos == 0 ? -Math.floorDiv(-size, batchSize) : size / batchSize;
  }

  /** Tells whether some windows wait for time to pass. */
  boolean hasMore() {
    return size > batchesDue() * batchSize;
  }

  /** Takes in a window; there is room for it. */
  void add(Pending window) {
    ring[at(size)] = window;
    size++;
  }

  /**
   * Moves the windows of a batch out, if one is due.
   *
   * @param batch with room for a full one
   * @return the number of its windows, 0 if none is due
   */
  int take(Pending[] batch, long nowNanos) {
    if (size == 0 || nanosUntilDue(nowNanos) > 0) {
      return 0;
    }
    int count = Math.min(size, batchSize);
    for (int i = 0; i < count; i++) {
      batch[i] = window(i);
      ring[at(i)] = null;
    }
    head = at(count);
    size -= count;
    return count;
  }

  /** Returns how long it takes until a batch is due: 0 or less if one is; for ever without one. */
  long nanosUntilDue(long nowNanos) {
    if (size == 0) {
      return Long.MAX_VALUE;
    }
    return size >= batchSize ? 0 : window(0).sinceNanos() + delayNanos - nowNanos;
  }

  /**
   * Moves the windows of a caller out; the others keep their order.
   *
   * @param gone receives them; with room for all
   * @return their number
   */
  int removeOf(Caller caller, Pending[] gone) {
    int count = 0;
    int kept = 0;
    for (int i = 0; i < size; i++) {
      Pending window = window(i);
      if (window.caller() == caller) {
        gone[count++] = window;
      } else {
        ring[at(kept++)] = window;
      }
    }
    for (int i = kept; i < size; i++) {
      ring[at(i)] = null;
    }
    size = kept;
    return count;
  }

  /** Counts the windows of a caller. */
  int sizeOf(Caller caller) {
    int count = 0;
    for (int i = 0; i < size; i++) {
      if (window(i).caller() == caller) {
        count++;
      }
    }
    return count;
  }

  private Pending window(int index) {
    return requireNonNull(ring[at(index)], "what is within the size is there");
  }

  private int at(int index) {
    int place = head + index;
    return place < ring.length ? place : place - ring.length;
  }
}
