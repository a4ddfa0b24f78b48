package io.tidecast.benchmarks.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** Measures the resident memory of this process, five times a second, as Linux tells it. */
final class ResidentMemory implements AutoCloseable {

  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String KEY = "VmRSS:";
  private static final long PERIOD_MILLIS = 200;

  private final ScheduledExecutorService sampler = Executors.newSingleThreadScheduledExecutor();
  private final LongAdder kilobytes = new LongAdder();
  private final LongAdder samples = new LongAdder();

  ResidentMemory() {
    var unused = sampler.scheduleAtFixedRate(this::sample, 0, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Returns the mean since it was made. */
  long meanKilobytes() {
    return samples.sum() == 0 ? 0 : kilobytes.sum() / samples.sum();
  }

  private void sample() {
    try {
      for (String line : Files.readAllLines(STATUS)) {
        if (line.startsWith(KEY)) {
          kilobytes.add(Long.parseLong(line.replaceAll("\\D", "")));
          samples.increment();
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException("the memory of the process must be in " + STATUS, e);
    }
  }

  @Override
  public void close() {
    sampler.shutdownNow();
  }
}
