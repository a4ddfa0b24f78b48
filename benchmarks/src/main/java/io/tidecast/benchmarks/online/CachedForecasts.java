package io.tidecast.benchmarks.online;

import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.windows.ForecastBatch;
import io.tidecast.runtime.windows.Forecaster;
import io.tidecast.runtime.windows.Window;
import io.tidecast.runtime.windows.WindowBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * What a model forecasts from every cell of a series on, once it has a whole context: computed once
 * and kept in a file, since that takes minutes and what is done with the forecasts seconds.
 */
final class CachedForecasts {
  private static final int BATCH = 64;
  private static final long STEP_MILLIS = 3_600_000;

  private final ForecasterSpec spec;
  private final FloatBuffer all;
  private final int size;

  private CachedForecasts(ForecasterSpec spec, FloatBuffer all) {
    this.spec = spec;
    this.all = all;
    this.size = spec.pointsSize() + spec.quantilesSize();
  }

  /**
   * Forecasts, or reads what was forecast before.
   *
   * @param values NaN is missing
   */
  static CachedForecasts of(Forecaster model, String name, double[] values, Path folder)
      throws IOException {
    String key =
        name.replaceAll("[^A-Za-z0-9.]", "_") + "-" + Integer.toHexString(Arrays.hashCode(values));
    Path file = folder.resolve(model.spec().id() + "-" + key + ".floats");
    if (!Files.exists(file)) {
      Path part = Files.createTempFile(folder, key, ".part");
      Files.write(part, forecast(model, name, values));
      Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return new CachedForecasts(
          model.spec(),
          channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size()).asFloatBuffer());
    }
  }

  private static byte[] forecast(Forecaster model, String name, double[] values) {
    ForecasterSpec spec = model.spec();
    int context = spec.contextLength();
    int origins = values.length - context + 1;
    int size = spec.pointsSize() + spec.quantilesSize();
    ByteBuffer bytes = ByteBuffer.allocate(origins * size * Float.BYTES);
    FloatBuffer floats = bytes.asFloatBuffer();
    WindowBatch windows = new WindowBatch(spec, BATCH);
    ForecastBatch forecasts = new ForecastBatch(spec, BATCH);
    float[] points = new float[spec.pointsSize()];
    float[] quantiles = new float[spec.quantilesSize()];
    float[] cells = new float[context];
    for (int from = 0; from < origins; from += BATCH) {
      windows.clear();
      int until = Math.min(origins, from + BATCH);
      for (int i = from; i < until; i++) {
        for (int c = 0; c < context; c++) {
          cells[c] = (float) values[i + c];
        }
        windows.add(new Window(name, (i + context) * STEP_MILLIS, STEP_MILLIS, cells));
      }
      model.forecast(windows, forecasts);
      for (int i = from; i < until; i++) {
        forecasts.points(i - from, points);
        forecasts.quantiles(i - from, quantiles);
        floats.put(points).put(quantiles);
      }
    }
    return bytes.array();
  }

  ForecasterSpec spec() {
    return spec;
  }

  /** The number of forecasts; the first is made at the last cell of the first whole context. */
  int count() {
    return all.capacity() / size;
  }

  /** Copies the points of a forecast, {@code [horizon]}. */
  void points(int forecast, float[] destination) {
    all.get(forecast * size, destination);
  }

  /** Copies the quantiles of a forecast, {@code [horizon][level]}. */
  void quantiles(int forecast, float[] destination) {
    all.get(forecast * size + spec.pointsSize(), destination);
  }
}
