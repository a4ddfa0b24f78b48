package io.tidecast.benchmarks.inference;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.function.LongPredicate;

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

  /**
   * Runs a contender on the calling thread, which must be all that works.
   *
   * @param cpuNanos until the thread has taken this much of a processor; on a busy machine that is
   *     longer than by the clock, and no less is done
   */
  static Speed measure(Contender contender, int batch, long cpuNanos) {
    return measure(contender, batch, cpu -> cpu < cpuNanos);
  }

  /**
   * The same until it has gone on for long enough.
   *
   * @param goesOn given the nanoseconds of a processor that the thread has taken
   */
  static Speed measure(Contender contender, int batch, LongPredicate goesOn) {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long windows = 0;
    long cpuStart = threads.getCurrentThreadCpuTime();
    long start = System.nanoTime();
    long cpu;
    do {
      contender.run();
      windows += batch;
      cpu = threads.getCurrentThreadCpuTime() - cpuStart;
    } while (goesOn.test(cpu));
    return of(windows, System.nanoTime() - start, cpu);
  }
}
