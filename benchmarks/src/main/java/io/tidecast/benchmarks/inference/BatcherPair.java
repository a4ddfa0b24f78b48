package io.tidecast.benchmarks.inference;

import com.sun.management.OperatingSystemMXBean;
import io.tidecast.runtime.bundle.ModelBundle;
import io.tidecast.runtime.onnx.OnnxForecaster;
import io.tidecast.runtime.onnx.OnnxOptions;
import io.tidecast.runtime.serving.MicroBatcher;
import io.tidecast.runtime.serving.ServingOptions;
import io.tidecast.runtime.windows.Forecaster;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Two users of a model, each on a thread of its own. */
final class BatcherPair {

  private final List<MicroBatcher> batchers;
  private final int batch;

  private BatcherPair(List<MicroBatcher> batchers, int batch) {
    this.batchers = batchers;
    this.batch = batch;
  }

  static BatcherPair apart(ModelBundle bundle, int batch) {
    return new BatcherPair(List.of(batcher(bundle, batch, 1), batcher(bundle, batch, 1)), batch);
  }

  static BatcherPair together(ModelBundle bundle, int batch) {
    MicroBatcher shared = batcher(bundle, batch, 2);
    return new BatcherPair(List.of(shared, shared), batch);
  }

  private static MicroBatcher batcher(ModelBundle bundle, int batch, int workers) {
    Forecaster model = OnnxForecaster.open(bundle, OnnxOptions.defaults());
    ServingOptions options = ServingOptions.builder().maxBatchSize(batch).workers(workers).build();
    return new MicroBatcher(model, options, workers);
  }

  /**
   * Returns the processor time of a window, of all threads, once each has run for as long as that
   * is measured, and closes the batchers.
   */
  double micros(long nanos) throws Exception {
    OperatingSystemMXBean process =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    ExecutorService users = Executors.newFixedThreadPool(2);
    try {
      CyclicBarrier warm = new CyclicBarrier(batchers.size() + 1);
      List<Future<Long>> running =
          batchers.stream()
              .map(batcher -> users.submit(() -> windows(batcher, nanos, warm)))
              .toList();
      warm.await();
      long before = process.getProcessCpuTime();
      long windows = 0;
      for (Future<Long> user : running) {
        windows += user.get();
      }
      return (process.getProcessCpuTime() - before) / 1e3 / windows;
    } finally {
      users.shutdownNow();
    }
  }

  private long windows(MicroBatcher batcher, long nanos, CyclicBarrier warm) throws Exception {
    try (BatcherLoad load = new BatcherLoad(batcher, Models.load().manifest().spec(), batch)) {
      load.saturate(nanos);
      warm.await();
      return load.saturate(nanos).windows();
    }
  }
}
