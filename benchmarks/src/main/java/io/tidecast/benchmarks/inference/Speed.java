package io.tidecast.benchmarks.inference;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/**
 * How fast something went.
 *
 * @param perSecond by the wall clock
 * @param cpuMicros processor time of one, of all threads that took part
 */
public record Speed(double perSecond, double cpuMicros) {

  public static Speed of(long count, long wallNanos, long cpuNanos) {
    return new Speed(count * 1e9 / wallNanos, cpuNanos / 1e3 / count);
  }

  public Speed mean(Speed other) {
    return new Speed((perSecond + other.perSecond) / 2, (cpuMicros + other.cpuMicros) / 2);
  }

  /** Runs a contender for a while on the calling thread, which must be all that works. */
  static Speed measure(Contender contender, int batch, long nanos) {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long windows = 0;
    long cpuStart = threads.getCurrentThreadCpuTime();
    long start = System.nanoTime();
    long elapsed;
    do {
      contender.run();
      windows += batch;
      elapsed = System.nanoTime() - start;
    } while (elapsed < nanos);
    return of(windows, elapsed, threads.getCurrentThreadCpuTime() - cpuStart);
  }
}
