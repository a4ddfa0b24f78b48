package io.tidecast.flink.registry.http;

import java.time.Duration;

/** Has the clock by which the job waits for a registry, and waits. */
interface Pauses {

  /** It waits by the clock of the machine. */
  Pauses REAL =
      new Pauses() {
        @Override
        public long nanos() {
          return System.nanoTime();
        }

        @Override
        public void pause(Duration length) throws InterruptedException {
          Thread.sleep(length.toMillis());
        }
      };

  /** Returns a time whose differences count. */
  long nanos();

  void pause(Duration length) throws InterruptedException;
}
