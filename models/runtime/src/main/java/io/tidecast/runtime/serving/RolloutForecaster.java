package io.tidecast.runtime.serving;

import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.onnx.device.Placement;
import io.tidecast.runtime.windows.ForecastBatch;
import io.tidecast.runtime.windows.Forecaster;
import io.tidecast.runtime.windows.GuardedForecaster;
import io.tidecast.runtime.windows.Window;
import io.tidecast.runtime.windows.WindowBatch;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * A model applied again to its own forecasts: they are appended to the context, whose oldest cells
 * leave it, and the origin moves on by as many steps, so that calendar features and noise are those
 * of the cells that follow.
 */
final class RolloutForecaster extends GuardedForecaster {

  private final Forecaster model;

  /** There are as many rooms as there are calls at a time. */
  private final ConcurrentLinkedQueue<Room> rooms = new ConcurrentLinkedQueue<>();

  /**
   * @param model whose targets are all of its channels, in any order
   */
  RolloutForecaster(Forecaster model, ForecasterSpec rolledOut) {
    super(rolledOut);
    this.model = model;
  }

  @Override
  public boolean isShiftEquivariant() {
    return model.isShiftEquivariant();
  }

  @Override
  public Placement placement() {
    return model.placement();
  }

  @Override
  protected void run(WindowBatch windows, ForecastBatch forecasts) {
    Room room = rooms.poll();
    if (room == null || room.windows.capacity() < windows.size()) {
      room = new Room(windows.capacity());
    }
    room.begin(windows);
    long startNanos = System.nanoTime();
    for (int from = 0; from < spec().horizon(); from += model.spec().horizon()) {
      room.limit(windows.runLimit(), System.nanoTime() - startNanos);
      room.stepOn(windows, from);
    }
    room.write(forecasts);
    rooms.add(room);
  }

  @Override
  protected void release() {
    model.close();
  }

  /** Holds what one call works with. */
  private final class Room {

    private final WindowBatch windows;
    private final ForecastBatch forecasts;

    /** This holds {@code [row][time][channel]}: contexts and behind them their forecasts. */
    private final float[][] series;

    private final boolean[] failed;
    private final float[] context = new float[spec().contextSize()];
    private final float[] points = new float[model.spec().pointsSize()];
    private final float[] all = new float[spec().pointsSize()];

    Room(int capacity) {
      int rounds = -Math.floorDiv(-spec().horizon(), model.spec().horizon());
      int cells = spec().contextLength() + rounds * model.spec().horizon();
      windows = new WindowBatch(model.spec(), capacity);
      forecasts = new ForecastBatch(model.spec(), capacity);
      series = new float[capacity][Math.multiplyExact(cells, spec().channels())];
      failed = new boolean[capacity];
    }

    void begin(WindowBatch given) {
      Arrays.fill(failed, false);
      for (int row = 0; row < given.size(); row++) {
        given.context(row, series[row]);
      }
    }

    /** Gives a round what is left of the time of all. */
    void limit(@Nullable Duration all, long spentNanos) {
      windows.limitRun(
          all == null ? null : Duration.ofNanos(Math.max(1, all.toNanos() - spentNanos)));
    }

    /** Forecasts from {@code from} cells behind the origin on. */
    void stepOn(WindowBatch given, int from) {
      windows.clear();
      for (int row = 0; row < given.size(); row++) {
        // A row that has failed goes on from its observations, for the others' sake.
        int start = failed[row] ? 0 : from * spec().channels();
        System.arraycopy(series[row], start, context, 0, context.length);
        long stepMillis = given.stepMillis(row);
        long originMillis = given.originMillis(row) + from * stepMillis;
        windows.add(new Window(given.series(row), originMillis, stepMillis, context));
      }
      model.forecast(windows, forecasts);
      for (int row = 0; row < given.size(); row++) {
        failed[row] |= !forecasts.isFinite(row);
        forecasts.points(row, points);
        append(series[row], from);
      }
    }

    private void append(float[] cells, int from) {
      int channels = spec().channels();
      int start = context.length + from * channels;
      for (int i = 0; i < points.length; i++) {
        cells[start + i / channels * channels + spec().targets().get(i % channels)] = points[i];
      }
    }

    void write(ForecastBatch destination) {
      int channels = spec().channels();
      for (int row = 0; row < destination.size(); row++) {
        for (int i = 0; i < all.length; i++) {
          int channel = spec().targets().get(i % channels);
          all[i] =
              failed[row]
                  ? Float.NaN
                  : series[row][context.length + i / channels * channels + channel];
        }
        destination.setPoints(row, all);
      }
    }
  }
}
