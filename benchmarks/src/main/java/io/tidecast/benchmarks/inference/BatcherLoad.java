package io.tidecast.benchmarks.inference;

import io.tidecast.runtime.bundle.ModelBundle;
import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.onnx.OnnxForecaster;
import io.tidecast.runtime.onnx.OnnxOptions;
import io.tidecast.runtime.serving.MicroBatcher;
import io.tidecast.runtime.serving.ModelUser;
import io.tidecast.runtime.serving.ServingListener;
import io.tidecast.runtime.serving.ServingOptions;
import io.tidecast.runtime.windows.Window;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;

/**
 * One user of a batcher, on the calling thread: as many windows as it takes, or so many a second.
 */
final class BatcherLoad implements AutoCloseable {

  private static final int CONTEXTS = 1_024;

  /** So many windows are under way at most, as in the job: one batch in the model, one filled. */
  private static final int BATCHES_UNDER_WAY = 2;

  private final ModelUser<long[]> user;
  private final Window[] windows;
  private final int batch;
  private final Runs runs = new Runs();
  private int next;
  private int answered;
  private long[] latencies = new long[1 << 20];

  /** Opens a model for this user alone. */
  BatcherLoad(ModelBundle bundle, int batch, Duration delay) {
    this(
        new MicroBatcher(
            OnnxForecaster.open(bundle, OnnxOptions.defaults()),
            ServingOptions.builder().maxBatchSize(batch).maxBatchDelay(delay).workers(1).build(),
            1),
        bundle.manifest().spec(),
        batch);
  }

  /** Joins the users of a batcher. */
  BatcherLoad(MicroBatcher batcher, ForecasterSpec spec, int batch) {
    Thread here = Thread.currentThread();
    this.batch = batch;
    this.user = batcher.join(spec, runs, () -> LockSupport.unpark(here));
    this.windows =
        Arrays.stream(Contexts.of(spec, CONTEXTS)).map(Window::of).toArray(Window[]::new);
  }

  /**
   * What it bears.
   *
   * @param windows in all
   * @param perSecond windows by the wall clock
   * @param workerMicros processor time of the batcher's thread for a window
   * @param allMicros that and the processor time of the user's thread
   */
  record Saturated(long windows, double perSecond, double workerMicros, double allMicros) {}

  Saturated saturate(long nanos) {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    runs.begin();
    answered = 0;
    int asked = 0;
    long ownBefore = threads.getCurrentThreadCpuTime();
    long start = System.nanoTime();
    while (System.nanoTime() - start < nanos) {
      while (asked - answered < BATCHES_UNDER_WAY * batch && user.offer(window(), new long[1])) {
        asked++;
      }
      look();
    }
    while (answered < asked) {
      look();
    }
    long elapsed = System.nanoTime() - start;
    double own = (threads.getCurrentThreadCpuTime() - ownBefore) / 1e3 / asked;
    double worker = runs.cpuNanos() / 1e3 / asked;
    return new Saturated(asked, asked * 1e9 / elapsed, worker, worker + own);
  }

  /**
   * How long windows took that came at equal distances, from when they were due to when their
   * forecasts were there.
   *
   * @param runP99Millis of the runs of the model alone
   */
  record Latencies(
      double windowsOfABatch, double p50Millis, double p99Millis, double runP99Millis) {}

  Latencies steady(double perSecond, long nanos) {
    runs.begin();
    answered = 0;
    int asked = 0;
    int total = (int) (perSecond * nanos / 1e9);
    if (latencies.length < total) {
      latencies = new long[total];
    }
    double distance = 1e9 / perSecond;
    long start = System.nanoTime();
    while (answered < total) {
      long now = System.nanoTime();
      while (asked < total && start + (long) (asked * distance) <= now) {
        if (!user.offer(window(), new long[] {start + (long) (asked * distance)})) {
          break;
        }
        asked++;
      }
      if (user.drain(this::take) == 0) {
        long due = start + (long) (asked * distance) - System.nanoTime();
        LockSupport.parkNanos(this, asked == total ? 1_000_000 : Math.max(1, due));
      }
    }
    long[] sorted = Arrays.copyOf(latencies, total);
    Arrays.sort(sorted);
    return new Latencies(
        (double) total / runs.count(),
        percentile(sorted, .5),
        percentile(sorted, .99),
        runs.p99Millis());
  }

  private void look() {
    if (user.drain((request, answer) -> answered++) == 0) {
      LockSupport.park(this);
    }
  }

  private void take(long[] due, Object answer) {
    latencies[answered++] = System.nanoTime() - due[0];
  }

  private Window window() {
    next = (next + 1) % CONTEXTS;
    return windows[next];
  }

  private static double percentile(long[] sorted, double share) {
    return sorted[(int) Math.min(sorted.length - 1, sorted.length * share)] / 1e6;
  }

  @Override
  public void close() {
    user.close();
  }

  /** Keeps how long runs took, and the processor time of the thread that runs. */
  private static final class Runs implements ServingListener {

    private final long[] nanos = new long[1 << 20];
    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private volatile long workerId;
    private long cpuBefore;
    private volatile int size;

    void begin() {
      size = 0;
      cpuBefore = workerId == 0 ? 0 : threads.getThreadCpuTime(workerId);
    }

    long cpuNanos() {
      return threads.getThreadCpuTime(workerId) - cpuBefore;
    }

    int count() {
      return size;
    }

    double p99Millis() {
      long[] sorted = Arrays.copyOf(nanos, size);
      Arrays.sort(sorted);
      return percentile(sorted, .99);
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // One thread writes.
    public void ran(int windows, long nanosOfTheRun) {
      if (workerId == 0) {
        workerId = Thread.currentThread().getId();
      }
      if (size < nanos.length) {
        nanos[size] = nanosOfTheRun;
        size++;
      }
    }

    @Override
    public void failed(RuntimeException failure) {
      throw failure;
    }

    @Override
    public void timedOut(int windows, Duration limit) {
      throw new IllegalStateException("a run took longer than " + limit);
    }

    @Override
    public void suspected(String series, Duration rest) {}

    @Override
    public void slowed(int windows, int most) {}

    @Override
    public void gaveUp(int batches, Duration rest) {}

    @Override
    public void resumed() {}
  }
}
