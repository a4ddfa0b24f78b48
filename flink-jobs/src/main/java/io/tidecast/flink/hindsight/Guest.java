package io.tidecast.flink.hindsight;

import io.tidecast.flink.record.ClosedCell;
import java.util.ArrayList;
import java.util.List;

/**
 * The cells and forecasts of a series that have come since its state was visited, each in the order
 * of their coming, and whether something waits in that state. One thread.
 *
 * @param <F> how it hears of forecasts
 */
final class Guest<F> {

  /** Of a cell that is not awaited. */
  private static final long NONE = Long.MAX_VALUE;

  /**
   * What has come.
   *
   * @param readyMillis where the watermark is once all is here that was told before it
   * @param cell number of a cell, or of that which a forecast was made from
   */
  record Arrival<E>(long readyMillis, long cell, E event) {}

  private final String series;
  private final List<Arrival<ClosedCell>> cells = new ArrayList<>(2);
  private final List<Arrival<F>> forecasts = new ArrayList<>(2);

  /** The newest of the cells. */
  private long newest = HindsightSeries.NO_CELL;

  /** The cell that the first forecast waits for which does; {@link #NONE} if none does. */
  private long awaited = NONE;

  /** The earliest time at which something is ready. */
  private long readyMillis = Long.MAX_VALUE;

  /** Whether something waits in the state. */
  private boolean waits;

  /** Whether forecasts are held in the state. */
  private boolean holds;

  /** Whether the lobby has it in its list. */
  private boolean isListed;

  Guest(String series) {
    this.series = series;
  }

  String series() {
    return series;
  }

  boolean isListed() {
    return isListed;
  }

  void setListed(boolean is) {
    isListed = is;
  }

  List<Arrival<ClosedCell>> cells() {
    return cells;
  }

  List<Arrival<F>> forecasts() {
    return forecasts;
  }

  int size() {
    return cells.size() + forecasts.size();
  }

  /** When the watermark is there, something has its turn. */
  long readyMillis() {
    return readyMillis;
  }

  void add(Arrival<ClosedCell> cell) {
    cells.add(cell);
    newest = Math.max(newest, cell.cell());
    readyMillis = Math.min(readyMillis, cell.readyMillis());
  }

  /**
   * Adds a forecast.
   *
   * @param waits whether it waits for its cell
   */
  void add(Arrival<F> forecast, boolean waits) {
    forecasts.add(forecast);
    if (waits && awaited == NONE) {
      awaited = forecast.cell();
    }
    readyMillis = Math.min(readyMillis, forecast.readyMillis());
  }

  /** Whether a forecast waited, and its cell or a later one is here. */
  boolean haveMet() {
    return newest >= awaited;
  }

  /** Whether the cell of an origin is here, or a later one. */
  boolean hasCellOf(long origin) {
    return newest >= origin;
  }

  /** Whether a cell or a forecast waits in the state. */
  boolean waitsInState() {
    return waits;
  }

  /** Whether a forecast waits in the state. */
  boolean isHeldInState() {
    return holds;
  }

  /** All that has come is in the state. */
  void visited(HindsightSeries series) {
    cells.clear();
    forecasts.clear();
    newest = HindsightSeries.NO_CELL;
    awaited = NONE;
    holds = series.isHolding();
    waits = holds || series.waiting() > 0;
    readyMillis = series.nextMillis();
  }
}
