package io.tidecast.benchmarks.operator;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The way of one job, which is open while it is its turn. Static, because functions are serialized
 * on their way to the cluster.
 */
@SuppressWarnings("ImmutableEnumChecker") // Counting is what it is for.
enum Lane {
  /** Tasks go to the sink as they are. */
  NOTHING,
  /** Through Flink's asynchronous operator. */
  FLINK,
  /** Through the operator of the job. */
  TIDECAST;

  private final AtomicLong arrived = new AtomicLong();
  private final AtomicLong runs = new AtomicLong();
  private volatile boolean open;

  synchronized void open() {
    open = true;
    notifyAll();
  }

  void close() {
    open = false;
  }

  /** Waits until it is the turn of this job. */
  void enter() throws InterruptedException {
    if (!open) {
      await();
    }
  }

  private synchronized void await() throws InterruptedException {
    while (!open) {
      wait();
    }
  }

  /** Counts an element at the end of the way; one thread. */
  void arrive() {
    arrived.lazySet(arrived.get() + 1);
  }

  long arrived() {
    return arrived.get();
  }

  /** Counts a run of its model. */
  void run() {
    runs.incrementAndGet();
  }

  long runs() {
    return runs.get();
  }
}
