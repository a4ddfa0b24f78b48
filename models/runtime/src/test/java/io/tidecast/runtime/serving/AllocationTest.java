package io.tidecast.runtime.serving;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.onnx.OnnxForecaster;
import io.tidecast.runtime.onnx.OnnxOptions;
import io.tidecast.runtime.testing.TestModels;
import io.tidecast.runtime.windows.ForecastBatch;
import io.tidecast.runtime.windows.Forecaster;
import io.tidecast.runtime.windows.Window;
import io.tidecast.runtime.windows.WindowBatch;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is made for a window on its way to its forecast and back, by all threads together. */
@Timeout(120)
class AllocationTest {

  private static final int WARM_UP = 3_000;
  private static final int ROUNDS = 2_000;

  /**
   * What a window makes, every turn has. What the machine makes on a thread's behalf now and then,
   * such as when compiled code gives way to other code, one of them is without.
   */
  private static final int TURNS = 5;

  private static final double NEARLY_NOTHING = 1;

  /**
   * A thread that has to wait for a lock makes a node of its queue, which busy machines let happen
   * in one round of a few. What is made in every round has 16 bytes or more.
   */
  private static final double NODES_OF_A_ROUND = 8;

  private int answered;

  /** A record of six fields, an array of two floats and no other. */
  @Test
  void shouldMakeNothingForAWindowButItsForecast() {
    long record = 40;
    long points = 16 + 2 * Float.BYTES;
    for (int atOnce : new int[] {1, 7, 32}) {
      double bytes = bytesOfAWindow(new QuietModel(), atOnce);
      assertThat(bytes)
          .as("bytes of a window, %d at once", atOnce)
          .isBetween(
              (double) points,
              record + points + Math.max(NEARLY_NOTHING, NODES_OF_A_ROUND / atOnce));
    }
  }

  /** What ONNX Runtime makes for a run, whoever asks it, is all that a larger batch saves. */
  @Test
  void shouldMakeNoMoreForARunThanOnnxRuntimeDoes() {
    try (Forecaster model = OnnxForecaster.open(TestModels.identity(), OnnxOptions.defaults())) {
      double one = bytesOfARun(model, 1);
      double many = bytesOfARun(model, 64);
      assertThat(many).as("a window more makes nothing more").isLessThan(one + NEARLY_NOTHING);
      assertThat(one).as("names, handles and a result of one run").isLessThan(1_200);
    }
  }

  private double bytesOfAWindow(Forecaster model, int atOnce) {
    ServingOptions options = ServingOptions.builder().maxBatchSize(32).workers(1).build();
    MicroBatcher batcher = new MicroBatcher(model, options, 1);
    Window window = ModelRunnerTest.windows(1).get(0);
    Thread here = Thread.currentThread();
    Runnable wakeUp = () -> LockSupport.unpark(here);
    try (ModelUser<Object> user = batcher.join(model.spec(), new QuietListener(), wakeUp)) {
      Thread worker = worker();
      ModelUser.Receiver<Object> receiver = (request, answer) -> answered++;
      run(user, window, receiver, atOnce, WARM_UP);
      return leastOfTurns(
          () -> allocated(worker),
          () -> run(user, window, receiver, atOnce, ROUNDS),
          ROUNDS * atOnce);
    }
  }

  private static double leastOfTurns(LongSupplier allocated, Runnable turn, int windows) {
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < TURNS; i++) {
      long before = allocated.getAsLong();
      turn.run();
      least = Math.min(least, (double) (allocated.getAsLong() - before) / windows);
    }
    return least;
  }

  private void run(
      ModelUser<Object> user,
      Window window,
      ModelUser.Receiver<Object> receiver,
      int atOnce,
      int rounds) {
    for (int round = 0; round < rounds; round++) {
      answered = 0;
      for (int i = 0; i < atOnce; i++) {
        user.offer(window, window);
      }
      while (answered < atOnce) {
        if (user.drain(receiver) == 0) {
          LockSupport.park(this);
        }
      }
    }
  }

  private static double bytesOfARun(Forecaster model, int size) {
    WindowBatch windows = new WindowBatch(model.spec(), size);
    ForecastBatch forecasts = new ForecastBatch(model.spec(), size);
    Window window = ModelRunnerTest.windows(1).get(0);
    for (int round = 0; round < WARM_UP; round++) {
      run(model, windows, forecasts, window);
    }
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    return leastOfTurns(
        threads::getCurrentThreadAllocatedBytes,
        () -> {
          for (int round = 0; round < ROUNDS; round++) {
            run(model, windows, forecasts, window);
          }
        },
        ROUNDS);
  }

  private static void run(
      Forecaster model, WindowBatch windows, ForecastBatch forecasts, Window window) {
    windows.clear();
    while (!windows.isFull()) {
      windows.add(window);
    }
    model.forecast(windows, forecasts);
  }

  private static Thread worker() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("tidecast-inference of last-value"))
        .findFirst()
        .orElseThrow();
  }

  /** Returns the bytes of this thread and of the batcher's. */
  private static long allocated(Thread worker) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    return threads.getCurrentThreadAllocatedBytes()
        + threads.getThreadAllocatedBytes(worker.getId());
  }

  /** Makes nothing itself. */
  private static final class QuietModel implements Forecaster {

    private final float[] points = {1, 2};

    @Override
    public ForecasterSpec spec() {
      return LastValueModel.SPEC;
    }

    @Override
    public void forecast(WindowBatch windows, ForecastBatch forecasts) {
      forecasts.resize(windows.size());
      for (int row = 0; row < windows.size(); row++) {
        forecasts.setPoints(row, points);
      }
    }

    @Override
    public void close() {}
  }

  private static final class QuietListener implements ServingListener {

    @Override
    public void ran(int windows, long nanos) {}

    @Override
    public void failed(RuntimeException failure) {}

    @Override
    public void timedOut(int windows, Duration limit) {}

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
