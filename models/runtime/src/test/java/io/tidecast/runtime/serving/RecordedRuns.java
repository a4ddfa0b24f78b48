package io.tidecast.runtime.serving;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers what a listener is told. */
final class RecordedRuns implements ServingListener {

  final List<Integer> windows = new CopyOnWriteArrayList<>();
  final List<Long> nanos = new CopyOnWriteArrayList<>();
  final List<RuntimeException> failures = new CopyOnWriteArrayList<>();

  /** What had to do with time, as text. */
  final List<String> timeouts = new CopyOnWriteArrayList<>();

  @Override
  public void ran(int windowsOfTheRun, long nanosOfTheRun) {
    windows.add(windowsOfTheRun);
    nanos.add(nanosOfTheRun);
  }

  @Override
  public void failed(RuntimeException failure) {
    failures.add(failure);
  }

  @Override
  public void timedOut(int windowsOfTheRun, Duration limit) {
    timeouts.add("%d over %s".formatted(windowsOfTheRun, limit));
  }

  @Override
  public void suspected(String series, Duration rest) {
    timeouts.add("%s rests %s".formatted(series, rest));
  }

  @Override
  public void slowed(int windowsOfTheRun, int most) {
    timeouts.add("%d is too many, at most %d".formatted(windowsOfTheRun, most));
  }

  @Override
  public void gaveUp(int batches, Duration rest) {
    timeouts.add("gave up after %d for %s".formatted(batches, rest));
  }

  @Override
  public void resumed() {
    timeouts.add("resumed");
  }
}
