package io.tidecast.cli.size;

import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.model.ForecastRole;
import io.tidecast.flink.model.ModelSlot;
import io.tidecast.flink.model.ModelSlots;
import io.tidecast.flink.model.SharedOnnxModel;
import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.onnx.OnnxOptions;
import io.tidecast.runtime.windows.ForecastBatch;
import io.tidecast.runtime.windows.Forecaster;
import io.tidecast.runtime.windows.Window;
import io.tidecast.runtime.windows.WindowBatch;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Runs the models of a job for a moment, in this process: full batches, filled as the job fills
 * them, on the device of the job file.
 *
 * <p>On a processor what counts is its time, for other programs may want it too. On a GPU it is the
 * clock.
 */
final class ModelSpeed {

  private static final Duration WARM_UP = Duration.ofMillis(500);
  private static final Duration MEASURED = Duration.ofSeconds(2);
  private static final double NANOS = 1e9;
  private static final double MICROS = 1e6;
  private static final double MEGABYTE = 1e6;

  private final JobConfig config;

  ModelSpeed(JobConfig config) {
    this.config = config;
  }

  /**
   * What a window takes of one model.
   *
   * @param micros of a processor, or of a GPU
   * @param nativeBytes by which the process has grown; what it has taken of the heap meanwhile is
   *     among them
   */
  private record Measured(double micros, boolean onGpu, OptionalLong nativeBytes) {}

  /**
   * Measures every model. A series has one primary, of which the slowest counts, and every shadow
   * and member besides, as if the routes of all of them matched.
   *
   * @throws io.tidecast.runtime.manifest.ModelException if a model or its device cannot be used
   */
  Speed measure(ModelSlots models) {
    double primary = 0;
    double beside = 0;
    boolean onGpu = false;
    Long nativeBytes = 0L;
    for (ModelSlot slot : models.all()) {
      Measured one = measure(slot);
      onGpu |= one.onGpu();
      nativeBytes =
          nativeBytes == null || one.nativeBytes().isEmpty()
              ? null
              : Long.valueOf(nativeBytes + one.nativeBytes().getAsLong());
      if (slot.role() == ForecastRole.PRIMARY) {
        primary = Math.max(primary, one.micros());
      } else {
        beside += one.micros();
      }
    }
    double micros = primary + beside;
    return new Speed(
        Figure.FORECAST_MICROS.value() + (onGpu ? 0 : micros),
        onGpu ? MICROS / micros : null,
        nativeBytes,
        true,
        String.format(
                Locale.ROOT,
                onGpu
                    ? "A window takes %.2f µs of the GPU, measured here by the clock in batches of %d for %d s a model."
                    : "The model takes %.2f µs of processor time for a window, measured here in batches of %d for %d s a model, on one thread.",
                micros,
                config.inference().batches().maxSize(),
                MEASURED.toSeconds())
            + memory(nativeBytes));
  }

  private static String memory(@Nullable Long nativeBytes) {
    return nativeBytes == null
        ? ""
        : String.format(
            Locale.ROOT,
            " A worker of it takes %,.1f MB of memory off the heap, by which this process grew.",
            nativeBytes / MEGABYTE);
  }

  private Measured measure(ModelSlot slot) {
    OptionalLong before = ResidentMemory.bytes();
    try (Forecaster forecaster = open(slot)) {
      boolean onGpu = forecaster.placement().used().isGpu();
      ForecasterSpec spec = forecaster.spec();
      int rows = config.inference().batches().maxSize();
      WindowBatch windows = new WindowBatch(spec, rows);
      ForecastBatch forecasts = new ForecastBatch(spec, rows);
      List<Window> some = windows(spec, rows);
      double unused = run(forecaster, windows, forecasts, some, WARM_UP, onGpu);
      double micros = run(forecaster, windows, forecasts, some, MEASURED, onGpu);
      OptionalLong after = ResidentMemory.bytes();
      return new Measured(
          micros,
          onGpu,
          before.isEmpty() || after.isEmpty()
              ? OptionalLong.empty()
              : OptionalLong.of(Math.max(0, after.getAsLong() - before.getAsLong())));
    }
  }

  /**
   * As {@code tidecast run} opens it, on one thread: what is missing here is told, and no restart
   * tried.
   */
  private Forecaster open(ModelSlot slot) {
    if (slot.model() instanceof SharedOnnxModel model) {
      OnnxOptions options =
          OnnxOptions.serving(1, config.inference().limits().runTimeout())
              .on(config.model().device());
      return new SharedOnnxModel(model.bundle(), options, model.horizon()).openHere();
    }
    return slot.model().open();
  }

  private static double run(
      Forecaster forecaster,
      WindowBatch batch,
      ForecastBatch forecasts,
      List<Window> windows,
      Duration time,
      boolean onGpu) {
    float[] points = new float[forecaster.spec().pointsSize()];
    long began = System.nanoTime();
    long end = began + time.toNanos();
    long used = now(onGpu);
    long count = 0;
    do {
      batch.clear();
      windows.forEach(batch::add);
      forecaster.forecast(batch, forecasts);
      for (int row = 0; row < windows.size(); row++) {
        forecasts.points(row, points);
      }
      count += windows.size();
    } while (System.nanoTime() < end);
    return (now(onGpu) - used) * MICROS / NANOS / count;
  }

  private static long now(boolean onGpu) {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    return onGpu || !threads.isCurrentThreadCpuTimeSupported()
        ? System.nanoTime()
        : threads.getCurrentThreadCpuTime();
  }

  /** What goes up and down around a level. */
  private List<Window> windows(ForecasterSpec spec, int count) {
    Random random = new Random(1);
    long stepMillis = config.series().step().length().toMillis();
    List<Window> windows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      float[] context = new float[spec.contextSize()];
      for (int j = 0; j < context.length; j++) {
        context[j] = 100 + (float) random.nextGaussian();
      }
      windows.add(
          new Window(
              "series-" + i,
              stepMillis * spec.contextLength(),
              stepMillis,
              context,
              new float[spec.futureCovariatesSize()]));
    }
    return windows;
  }
}
