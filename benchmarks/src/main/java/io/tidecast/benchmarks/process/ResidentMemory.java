package io.tidecast.benchmarks.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** Measures the resident memory of this process, five times a second, as Linux tells it. */
public final class ResidentMemory implements AutoCloseable {

  private static final Path THIS = Path.of("/proc/self/status");
  private static final String KEY = "VmRSS:";
  private static final long PERIOD_MILLIS = 200;

  private final ScheduledExecutorService sampler = Executors.newSingleThreadScheduledExecutor();
  private final LongAdder kilobytes = new LongAdder();
  private final LongAdder samples = new LongAdder();

  /** Begins to measure. */
  public ResidentMemory() {
    var unused = sampler.scheduleAtFixedRate(this::sample, 0, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Returns the mean since it was made. */
  public long meanKilobytes() {
    return samples.sum() == 0 ? 0 : kilobytes.sum() / samples.sum();
  }

  /**
   * Returns what another process has now.
   *
   * @throws IOException if it does not run, or the system is not Linux
   */
  public static long kilobytes(ChildProcess process) throws IOException {
    return kilobytes(Path.of("/proc", Long.toString(process.pid()), "status"));
  }

  private void sample() {
    try {
      kilobytes.add(kilobytes(THIS));
      samples.increment();
    } catch (IOException e) {
      throw new IllegalStateException("the memory of the process must be in " + THIS, e);
    }
  }

  private static long kilobytes(Path status) throws IOException {
    for (String line : Files.readAllLines(status)) {
      if (line.startsWith(KEY)) {
        return Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    throw new IOException("must name the resident memory: file=" + status);
  }

  @Override
  public void close() {
    sampler.shutdownNow();
  }
}
