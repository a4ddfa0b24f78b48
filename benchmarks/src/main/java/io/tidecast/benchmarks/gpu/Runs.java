package io.tidecast.benchmarks.gpu;

import io.tidecast.runtime.windows.ForecastBatch;
import io.tidecast.runtime.windows.WindowBatch;
import java.util.Arrays;

/**
 * Runs of one size of a batch, one after the other.
 *
 * @param perSecond windows by the wall clock
 * @param p50Millis of a run
 * @param p99Millis of a run
 */
record Runs(double perSecond, double p50Millis, double p99Millis) {

  private static final int MOST = 1_000_000;

  /** Copies to the device and back are part of a run; filling the batch is not. */
  static Runs measure(Subject subject, int batch, long nanos) {
    WindowBatch windows = subject.windows(batch);
    ForecastBatch forecasts = subject.forecasts(batch);
    measure(subject, windows, forecasts, nanos / 2);
    return measure(subject, windows, forecasts, nanos);
  }

  private static Runs measure(
      Subject subject, WindowBatch windows, ForecastBatch forecasts, long nanos) {
    long[] runs = new long[1024];
    int count = 0;
    long start = System.nanoTime();
    long last = start;
    while (count < MOST && (count == 0 || last - start < nanos)) {
      subject.run(windows, forecasts);
      long now = System.nanoTime();
      if (count == runs.length) {
        runs = Arrays.copyOf(runs, 2 * count);
      }
      runs[count++] = now - last;
      last = now;
    }
    Arrays.sort(runs, 0, count);
    return new Runs(
        1e9 * count * windows.size() / (last - start),
        runs[count / 2] / 1e6,
        runs[(int) Math.min(count - 1L, 99L * count / 100)] / 1e6);
  }
}
