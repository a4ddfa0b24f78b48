package io.tidecast.runtime.serving;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers what a listener is told. */
final class RecordedRuns implements ServingListener {

  final List<Integer> windows = new CopyOnWriteArrayList<>();
  final List<Long> nanos = new CopyOnWriteArrayList<>();
  final List<RuntimeException> failures = new CopyOnWriteArrayList<>();

  @Override
  public void ran(int windowsOfTheRun, long nanosOfTheRun) {
    windows.add(windowsOfTheRun);
    nanos.add(nanosOfTheRun);
  }

  @Override
  public void failed(RuntimeException failure) {
    failures.add(failure);
  }
}
