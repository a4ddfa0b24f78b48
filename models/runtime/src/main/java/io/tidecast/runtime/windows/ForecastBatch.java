package io.tidecast.runtime.windows;

import io.tidecast.runtime.manifest.Checks;
import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.manifest.TensorRole;

/**
 * Forecasts on their way out of a {@link Forecaster}: direct buffers that the model writes in
 * place, points {@code [batch][horizon][target]} and quantiles {@code
 * [batch][horizon][target][level]}, row-major, units of the series.
 *
 * <p>Made once and reused for every batch. One thread at a time.
 */
public final class ForecastBatch {

  private final ForecasterSpec spec;
  private final int capacity;
  private final Rows points;
  private final Rows quantiles;

  /**
   * @param capacity greatest number of forecasts
   */
  public ForecastBatch(ForecasterSpec spec, int capacity) {
    Checks.positive("capacity", capacity);
    this.spec = spec;
    this.capacity = capacity;
    this.points = new Rows(capacity, spec.pointsSize());
    this.quantiles = new Rows(capacity, spec.quantilesSize());
  }

  public ForecasterSpec spec() {
    return spec;
  }

  /** The number of forecasts that it has room for. */
  public int capacity() {
    return capacity;
  }

  /** The number of forecasts of the last batch. */
  public int size() {
    return points.size();
  }

  /** Says how many forecasts the batch holds; a forecaster does it before it writes. */
  public void resize(int size) {
    if (size < 0 || size > capacity) {
      throw new IllegalArgumentException("must be within 0.." + capacity + ": size=" + size);
    }
    points.resize(size);
    quantiles.resize(size);
  }

  /**
   * Copies the points of one forecast.
   *
   * @param destination receives {@code [horizon][target]} from index 0
   */
  public void points(int row, float[] destination) {
    points.get(row, destination);
  }

  /**
   * Copies the quantiles of one forecast; copies nothing without quantile levels.
   *
   * @param destination receives {@code [horizon][target][level]} from index 0
   */
  public void quantiles(int row, float[] destination) {
    quantiles.get(row, destination);
  }

  /**
   * Copies the first points of one forecast, which are those of its nearest cells.
   *
   * @param destination receives as many as it has room for
   */
  public void firstPoints(int row, float[] destination) {
    points.getFirst(row, destination);
  }

  /**
   * Copies the first quantiles of one forecast, which are those of its nearest cells.
   *
   * @param destination receives as many as it has room for
   */
  public void firstQuantiles(int row, float[] destination) {
    quantiles.getFirst(row, destination);
  }

  /**
   * Sets the points of one forecast.
   *
   * @param source {@code [horizon][target]}; copied
   */
  public void setPoints(int row, float[] source) {
    points.set(row, source);
  }

  /**
   * Sets the quantiles of one forecast.
   *
   * @param source {@code [horizon][target][level]}; copied
   */
  public void setQuantiles(int row, float[] source) {
    quantiles.set(row, source);
  }

  /**
   * Tells whether every value of one forecast is a number; a model that answers NaN or infinity has
   * failed.
   */
  public boolean isFinite(int row) {
    return points.isFinite(row) && quantiles.isFinite(row);
  }

  /** Takes the forecast of a window that ran by itself. */
  public void copyFromAside(int row) {
    points.copyFromAside(row);
    quantiles.copyFromAside(row);
  }

  /** Tells whether these forecasts are the first of the other, bit for bit. */
  public boolean startsBitForBit(ForecastBatch other) {
    return points.startsBitForBit(other.points) && quantiles.startsBitForBit(other.quantiles);
  }

  /** Returns the rows of one of its two outputs. */
  public Rows rows(TensorRole role) {
    return role == TensorRole.POINT ? points : quantiles;
  }
}
