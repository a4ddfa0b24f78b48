package io.tidecast.benchmarks.inference;

import io.tidecast.runtime.bundle.ModelBundle;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongPredicate;

/**
 * Raw ONNX Runtime on as many threads as the job has subtasks, each with a session and a batch of
 * its own.
 */
public final class RawSpeed {

  private static final long WARM_UP_NANOS = 1_000_000_000L;
  private static final long MEASURE_NANOS = 3_000_000_000L;

  private RawSpeed() {}

  public static Speed measure(ModelBundle bundle, int threads, int batch) throws Exception {
    return measure(bundle, threads, batch, cpuNanos -> cpuNanos < MEASURE_NANOS);
  }

  /**
   * What was measured beside each other.
   *
   * @param raw for as long as the other took
   */
  public record Beside<T>(Speed raw, T other) {}

  /** Measures it while something else goes on, which the calling thread does. */
  public static <T> Beside<T> measureBeside(
      ModelBundle bundle, int threads, int batch, Callable<T> other) throws Exception {
    AtomicBoolean ended = new AtomicBoolean();
    ExecutorService executor = Executors.newSingleThreadExecutor();
    try {
      Future<Speed> raw =
          executor.submit(() -> measure(bundle, threads, batch, cpuNanos -> !ended.get()));
      T of;
      try {
        of = other.call();
      } finally {
        ended.set(true);
      }
      return new Beside<>(raw.get(), of);
    } finally {
      executor.shutdownNow();
    }
  }

  private static Speed measure(ModelBundle bundle, int threads, int batch, LongPredicate goesOn)
      throws Exception {
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      CyclicBarrier start = new CyclicBarrier(threads);
      List<Future<Speed>> running = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        running.add(executor.submit(() -> one(bundle, batch, start, goesOn)));
      }
      double perSecond = 0;
      double cpuMicros = 0;
      for (Future<Speed> thread : running) {
        perSecond += thread.get().perSecond();
        cpuMicros += thread.get().cpuMicros() / threads;
      }
      return new Speed(perSecond, cpuMicros);
    } finally {
      executor.shutdownNow();
    }
  }

  private static Speed one(ModelBundle bundle, int batch, CyclicBarrier start, LongPredicate goesOn)
      throws Exception {
    try (Contender raw = new RawOnnx(bundle, 1, batch)) {
      start.await();
      Speed.measure(raw, batch, WARM_UP_NANOS);
      return Speed.measure(raw, batch, goesOn);
    }
  }
}
