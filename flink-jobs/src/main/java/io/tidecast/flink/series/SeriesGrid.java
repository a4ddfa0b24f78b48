package io.tidecast.flink.series;

import static java.util.Objects.requireNonNull;

import io.tidecast.flink.grid.CellRule;
import io.tidecast.runtime.grid.GridStep;
import java.io.Serializable;

/** The regular grid that every series of a job is put on, and how much of it a series keeps. */
public final class SeriesGrid implements Serializable {

  private static final long serialVersionUID = 1L;

  /** Of how many of the newest cells the times of their values are remembered on arrival. */
  private static final int DATED_CELLS = 24;

  private final GridStep step;
  private final CellRule rule;
  private final int channels;
  private final KeptCells kept;
  private final SeriesLayout layout;
  private final SeriesLayout doubles;
  private final boolean exact;

  /**
   * @param contextLength cells of a context
   * @param openCells the newest cells, which can still take observations with all their arithmetic
   * @param olderCells cells before the oldest that a forecast at an open cell needs; negative where
   *     not every open cell has forecasts
   * @param origins newest forecasts that can be asked for again
   * @param holdsValues whether the value before the oldest cell is kept, too
   */
  record KeptCells(
      int contextLength, int openCells, int olderCells, int origins, boolean holdsValues)
      implements Serializable {

    KeptCells {
      requirePositive("contextLength", contextLength);
      requirePositive("openCells", openCells);
      if (origins < 0 || capacity(contextLength, openCells, olderCells) < contextLength) {
        throw new IllegalArgumentException(
            "must be cells of a context at least: openCells=%d, olderCells=%d, origins=%d"
                .formatted(openCells, olderCells, origins));
      }
    }

    KeptCells(int contextLength, int openCells, int olderCells, int origins) {
      this(contextLength, openCells, olderCells, origins, false);
    }

    private int capacity() {
      return capacity(contextLength, openCells, olderCells);
    }

    private static int capacity(int contextLength, int openCells, int olderCells) {
      return contextLength + openCells - 1 + olderCells;
    }
  }

  /**
   * @param channels values per cell
   * @param kept cells of a series, and of what else it remembers
   */
  SeriesGrid(GridStep step, CellRule rule, int channels, KeptCells kept) {
    this.step = requireNonNull(step, "step is null");
    this.rule = requireNonNull(rule, "rule is null");
    this.kept = requireNonNull(kept, "kept is null");
    requirePositive("channels", channels);
    this.channels = channels;
    this.exact = false;
    this.layout = SeriesLayout.of(this, false);
    this.doubles = SeriesLayout.of(this, true);
  }

  private SeriesGrid(SeriesGrid inexact) {
    this.step = inexact.step;
    this.rule = inexact.rule;
    this.kept = inexact.kept;
    this.channels = inexact.channels;
    this.exact = true;
    this.layout = SeriesLayout.of(this, false);
    this.doubles = SeriesLayout.of(this, true);
  }

  /** The same for series whose values are kept as they are, even where floats would do. */
  SeriesGrid exactly() {
    return new SeriesGrid(this);
  }

  /** Whether values are kept as they are, even where floats would do. */
  boolean isExact() {
    return exact;
  }

  /**
   * @throws ArithmeticException if {@link #bytes} is more than an array can hold
   */
  public static SeriesGrid of(SeriesSettings settings, int contextLength) {
    int open = Math.toIntExact(openCells(settings));
    int dated = datedCells(settings, contextLength, open);
    KeptCells kept =
        new KeptCells(
            contextLength,
            dated,
            Math.toIntExact(olderCells(settings)) - (dated - open),
            settings.lateness().origins(),
            settings.holdsValues());
    return new SeriesGrid(settings.step(), settings.cells(), settings.channels(), kept);
  }

  /** Upper limit of the bytes that a series takes. */
  public static double bytes(SeriesSettings settings, int contextLength) {
    double open = openCells(settings);
    double older = olderCells(settings);
    double value = Double.BYTES * (double) settings.channels();
    double openValue = settings.cells().openBytes() * (double) settings.channels();
    double observation =
        settings.cells().keepsObservations()
            ? settings.cells().maxObservations()
                * (Long.BYTES + Double.BYTES * (double) settings.channels())
            : 0;
    return (contextLength + open + older) * value + open * (openValue + observation);
  }

  /** For the contexts of older origins, and of a last closed cell before the newest. */
  private static long olderCells(SeriesSettings settings) {
    long origins = Math.max(1, settings.lateness().origins());
    long older = (origins - 1) * settings.cadence().cellsApart(settings.step());
    return Math.max(older, settings.onRequest() ? 1 : 0);
  }

  /** Those that a late observation may still reach, up to the newest. */
  private static long openCells(SeriesSettings settings) {
    GridStep step = settings.step();
    Lateness lateness = settings.lateness();
    long late = lateness.allowed().isZero() ? 0 : step.cellsWithin(lateness.allowed());
    return switch (settings.close()) {
      case ARRIVAL -> 1 + late;
      case WATERMARK, COMPLETE -> 1 + step.cellsWithin(lateness.maxOutOfOrderness()) + late;
    };
  }

  /**
   * Open cells, and those before them in which an observation takes the place of an older one, too:
   * by its time, as long as that of the other is remembered.
   */
  private static int datedCells(SeriesSettings settings, int contextLength, int openCells) {
    return settings.close() == Close.ARRIVAL && settings.cells().replaces()
        ? Math.max(openCells, Math.min(contextLength, DATED_CELLS))
        : openCells;
  }

  GridStep step() {
    return step;
  }

  CellRule rule() {
    return rule;
  }

  int channels() {
    return channels;
  }

  int contextLength() {
    return kept.contextLength();
  }

  KeptCells kept() {
    return kept;
  }

  /** Of a series whose values floats hold. */
  SeriesLayout layout() {
    return layout;
  }

  /** Of a series whose values are doubles, or floats. */
  SeriesLayout layout(boolean hasDoubles) {
    return hasDoubles ? doubles : layout;
  }

  /** Cells that a series keeps. */
  public int capacity() {
    return kept.capacity();
  }

  /** The oldest cell that an observation may belong to, when those up to one are closed. */
  long oldestWithin(long allowedMillis, long closed) {
    return allowedMillis == 0
        ? closed + 1
        : step.cell(step.startMillis(closed + 1) - allowedMillis);
  }

  private static void requirePositive(String name, long value) {
    if (value <= 0) {
      throw new IllegalArgumentException("must be positive: " + name + "=" + value);
    }
  }
}
