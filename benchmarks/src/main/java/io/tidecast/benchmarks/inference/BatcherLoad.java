package io.tidecast.benchmarks.inference;

import io.tidecast.benchmarks.process.ProcessorTime;
import io.tidecast.runtime.bundle.ModelBundle;
import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.onnx.OnnxForecaster;
import io.tidecast.runtime.onnx.OnnxOptions;
import io.tidecast.runtime.serving.MicroBatcher;
import io.tidecast.runtime.serving.ModelUser;
import io.tidecast.runtime.serving.ServingListener;
import io.tidecast.runtime.serving.ServingOptions;
import io.tidecast.runtime.windows.Window;
import java.io.IOException;
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

  /** The system knows the threads of batchers by this. */
  private static final String WORKER = "tidecast-infere";

  private final ModelUser<long[]> user;
  private final Window[] windows;
  private final int batch;
  private final Duration delay;
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
        batch,
        delay);
  }

  /** Joins the users of a batcher in which no window waits for a full batch. */
  BatcherLoad(MicroBatcher batcher, ForecasterSpec spec, int batch) {
    this(batcher, spec, batch, Duration.ZERO);
  }

  private BatcherLoad(MicroBatcher batcher, ForecasterSpec spec, int batch, Duration delay) {
    Thread here = Thread.currentThread();
    this.batch = batch;
    this.delay = delay;
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
   * @param idealP99Millis what they would have taken at least, with runs that take as long as these
   *     usually did
   * @param runP99Millis of the runs of the model alone
   * @param waitedShare for so much of the time the batcher's thread could have gone on, had others
   *     left it a processor
   * @param compilersShare of a processor, taken by the compilers of this JVM
   */
  record Latencies(
      double windowsOfABatch,
      double p50Millis,
      double p99Millis,
      double idealP99Millis,
      double runP99Millis,
      double waitedShare,
      double compilersShare) {}

  Latencies steady(double perSecond, long nanos) throws IOException {
    runs.begin();
    ProcessorTime before = ProcessorTime.ofThisProcess();
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
    double wallNanos = System.nanoTime() - start;
    ProcessorTime.Used used = ProcessorTime.ofThisProcess().since(before);
    long[] sorted = Arrays.copyOf(latencies, total);
    Arrays.sort(sorted);
    long[] ideal =
        new IdealBatcher(batch, delay.toNanos(), runs.times.usual()).latencies(total, distance);
    Arrays.sort(ideal);
    return new Latencies(
        (double) total / runs.times.count(),
        millis(sorted, .5),
        millis(sorted, .99),
        millis(ideal, .99),
        runs.times.p99Nanos() / 1e6,
        used.waitedByName().getOrDefault(WORKER, 0L) / wallNanos,
        used.jitNanos() / wallNanos);
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

  private static double millis(long[] sorted, double share) {
    return RunTimes.percentile(sorted, share) / 1e6;
  }

  @Override
  public void close() {
    user.close();
  }

  /** Keeps how long runs took, and the processor time of the thread that runs. */
  private static final class Runs implements ServingListener {

    private final RunTimes times = new RunTimes();
    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private volatile long workerId;
    private long cpuBefore;

    void begin() {
      times.clear();
      cpuBefore = workerId == 0 ? 0 : threads.getThreadCpuTime(workerId);
    }

    long cpuNanos() {
      return threads.getThreadCpuTime(workerId) - cpuBefore;
    }

    @Override
    public void ran(int windows, long nanosOfTheRun) {
      if (workerId == 0) {
        workerId = Thread.currentThread().getId();
      }
      times.add(windows, nanosOfTheRun);
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
