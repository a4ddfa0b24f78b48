package io.tidecast.runtime;

import java.nio.FloatBuffer;

/**
 * Forecasts on their way out of a {@link Forecaster}: direct buffers that the model writes in
 * place, points {@code [batch][horizon][channel]} and quantiles {@code [batch][horizon][level]},
 * row-major, units of the series.
 *
 * <p>Made once and reused for every batch. One thread at a time.
 */
public final class ForecastBatch {

  private final ForecasterSpec spec;
  private final int capacity;
  private final FloatBuffer points;
  private final FloatBuffer quantiles;
  private int size;

  /**
   * @param capacity greatest number of forecasts
   */
  public ForecastBatch(ForecasterSpec spec, int capacity) {
    Checks.positive("capacity", capacity);
    this.spec = spec;
    this.capacity = capacity;
    this.points = Buffers.direct(capacity, spec.pointsSize());
    this.quantiles = Buffers.direct(capacity, spec.quantilesSize());
  }

  public ForecasterSpec spec() {
    return spec;
  }

  /** Greatest number of forecasts. */
  public int capacity() {
    return capacity;
  }

  /** Number of forecasts of the last batch. */
  public int size() {
    return size;
  }

  /** Says how many forecasts the batch holds; a forecaster does it before it writes. */
  public void resize(int newSize) {
    Checks.require(
        newSize >= 0 && newSize <= capacity, "must be within 0.." + capacity, "size", newSize);
    size = newSize;
  }

  /**
   * Copies the points of one forecast.
   *
   * @param destination receives {@code [horizon][channel]} from index 0
   */
  public void points(int row, float[] destination) {
    points.get(Buffers.offset(row, size, spec.pointsSize()), destination, 0, spec.pointsSize());
  }

  /**
   * Copies the quantiles of one forecast; copies nothing without quantile levels.
   *
   * @param destination receives {@code [horizon][level]} from index 0
   */
  public void quantiles(int row, float[] destination) {
    int rowSize = spec.quantilesSize();
    quantiles.get(Buffers.offset(row, size, rowSize), destination, 0, rowSize);
  }

  /**
   * Sets the points of one forecast.
   *
   * @param source {@code [horizon][channel]}; copied
   */
  public void setPoints(int row, float[] source) {
    points.put(Buffers.offset(row, size, spec.pointsSize()), source, 0, spec.pointsSize());
  }

  /**
   * Sets the quantiles of one forecast.
   *
   * @param source {@code [horizon][level]}; copied
   */
  public void setQuantiles(int row, float[] source) {
    int rowSize = spec.quantilesSize();
    quantiles.put(Buffers.offset(row, size, rowSize), source, 0, rowSize);
  }

  /**
   * Whether every point and quantile of one forecast is a number; a model that answers NaN or
   * infinity has failed.
   */
  public boolean isFinite(int row) {
    return allFinite(points, Buffers.offset(row, size, spec.pointsSize()), spec.pointsSize())
        && allFinite(quantiles, row * spec.quantilesSize(), spec.quantilesSize());
  }

  private static boolean allFinite(FloatBuffer values, int start, int count) {
    for (int i = start; i < start + count; i++) {
      if (!Float.isFinite(values.get(i))) {
        return false;
      }
    }
    return true;
  }

  FloatBuffer points() {
    return points;
  }

  FloatBuffer quantiles() {
    return quantiles;
  }
}
