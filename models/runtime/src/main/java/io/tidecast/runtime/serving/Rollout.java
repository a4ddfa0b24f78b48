package io.tidecast.runtime.serving;

import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.windows.ForecastBatch;
import io.tidecast.runtime.windows.Forecaster;
import io.tidecast.runtime.windows.Window;
import io.tidecast.runtime.windows.WindowBatch;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A model applied again to its own forecasts, for windows that reach further than it does, each as
 * far as it wants: forecasts are appended to the context, whose oldest cells leave it, and the
 * origin moves on by as many steps, so that calendar features and noise are those of the cells that
 * follow. A round has the windows that are not there yet. A window for which the model once has no
 * numbers has failed, and is in no round after that.
 *
 * <p>Made once, filled and cleared again and again. One thread at a time.
 */
final class Rollout {

  private static final float[] NOTHING = {};

  private final Forecaster model;
  private final ForecasterSpec spec;
  private final int capacity;
  private final WindowBatch windows;
  private final ForecastBatch forecasts;
  private final Row[] rows;
  private final int[] ofRound;
  private final float[] context;
  private final float[] points;
  private int size;

  /** A window and, behind its context, what the model has forecast. */
  private static final class Row {
    String series = "";
    long originMillis;
    long stepMillis;
    int horizon;
    boolean failed;

    /** Holds {@code [time][channel]}. */
    float[] cells = NOTHING;
  }

  /**
   * @param model whose targets are all of its channels, in any order
   * @param capacity most windows
   */
  Rollout(Forecaster model, int capacity) {
    this.model = model;
    this.spec = model.spec();
    this.capacity = capacity;
    this.windows = new WindowBatch(spec, capacity);
    this.forecasts = new ForecastBatch(spec, capacity);
    this.rows = new Row[capacity];
    this.ofRound = new int[capacity];
    this.context = new float[spec.contextSize()];
    this.points = new float[spec.pointsSize()];
  }

  int capacity() {
    return capacity;
  }

  int size() {
    return size;
  }

  void clear() {
    size = 0;
  }

  /**
   * Adds a window.
   *
   * @param horizon number of cells that it wants forecast
   * @return room for its context {@code [time][channel]}, filled, which the caller writes
   */
  float[] add(String series, long originMillis, long stepMillis, int horizon) {
    Row row = rows[size];
    if (row == null) {
      row = new Row();
      rows[size] = row;
    }
    size++;
    row.series = series;
    row.originMillis = originMillis;
    row.stepMillis = stepMillis;
    row.horizon = horizon;
    row.failed = false;
    int rounds = -Math.floorDiv(-horizon, spec.horizon());
    int cells = spec.contextLength() + rounds * spec.horizon();
    int values = Math.multiplyExact(cells, spec.channels());
    if (row.cells.length < values) {
      row.cells = new float[values];
    }
    return row.cells;
  }

  /** Takes the forecast of the first round of a window, which was made elsewhere. */
  void begun(int row, ForecastBatch made, int rowThere) {
    take(rows[row], 0, made, rowThere);
  }

  /**
   * Forecasts what is still to come.
   *
   * @param from cells that are forecast already, by {@link #begun}
   * @param limit of all rounds together; null leaves it to the model
   */
  void run(int from, @Nullable Duration limit) {
    long startNanos = System.nanoTime();
    for (int cell = from; beginRound(cell); cell += spec.horizon()) {
      windows.limitRun(limit == null ? null : left(limit, System.nanoTime() - startNanos));
      model.forecast(windows, forecasts);
      for (int i = 0; i < forecasts.size(); i++) {
        take(rows[ofRound[i]], cell, forecasts, i);
      }
    }
  }

  private static Duration left(Duration limit, long spentNanos) {
    return Duration.ofNanos(Math.max(1, limit.toNanos() - spentNanos));
  }

  /** Fills the windows of a round; tells whether there are any. */
  private boolean beginRound(int from) {
    windows.clear();
    for (int i = 0; i < size; i++) {
      Row row = rows[i];
      if (!row.failed && row.horizon > from) {
        ofRound[windows.size()] = i;
        System.arraycopy(row.cells, from * spec.channels(), context, 0, context.length);
        long originMillis = row.originMillis + from * row.stepMillis;
        windows.add(new Window(row.series, originMillis, row.stepMillis, context));
      }
    }
    return windows.size() > 0;
  }

  private void take(Row row, int from, ForecastBatch made, int rowThere) {
    if (!made.isFinite(rowThere)) {
      row.failed = true;
      return;
    }
    made.points(rowThere, points);
    int channels = spec.channels();
    int start = context.length + from * channels;
    for (int i = 0; i < points.length; i++) {
      row.cells[start + i / channels * channels + spec.targets().get(i % channels)] = points[i];
    }
  }

  /**
   * Copies the whole forecast of a window.
   *
   * @param destination receives {@code [horizon][target]}, as many cells as the window wanted
   * @return whether it has one
   */
  boolean points(int row, float[] destination) {
    Row its = rows[row];
    if (its.failed) {
      return false;
    }
    int channels = spec.channels();
    for (int i = 0; i < destination.length; i++) {
      int channel = spec.targets().get(i % channels);
      destination[i] = its.cells[context.length + i / channels * channels + channel];
    }
    return true;
  }
}
