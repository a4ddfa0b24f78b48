package io.tidecast.flink.series;

import static java.util.Objects.requireNonNull;

import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.grid.CellRule;
import io.tidecast.flink.grid.GridStep;
import java.io.Serializable;
import java.time.Duration;

/** The regular grid that every series of a job is put on, and how much of it a series keeps. */
public final class SeriesGrid implements Serializable {

  private static final long serialVersionUID = 1L;

  private final GridStep step;
  private final CellRule rule;
  private final int channels;
  private final int contextLength;
  private final KeptCells kept;
  private final SeriesLayout layout;

  /**
   * @param openCells the newest cells, which can still take observations with all their arithmetic
   * @param olderCells cells before the oldest that a forecast at an open cell needs
   * @param origins newest forecasts that can be asked for again
   */
  record KeptCells(int openCells, int olderCells, int origins) implements Serializable {

    KeptCells {
      requirePositive("openCells", openCells);
      if (olderCells < 0 || origins < 0) {
        throw new IllegalArgumentException(
            "must not be negative: olderCells=%d, origins=%d".formatted(olderCells, origins));
      }
    }
  }

  /**
   * @param channels values per cell
   * @param contextLength cells of a context
   * @param kept what is kept beside the cells of one context
   */
  SeriesGrid(GridStep step, CellRule rule, int channels, int contextLength, KeptCells kept) {
    this.step = requireNonNull(step, "step is null");
    this.rule = requireNonNull(rule, "rule is null");
    this.kept = requireNonNull(kept, "kept is null");
    requirePositive("channels", channels);
    requirePositive("contextLength", contextLength);
    this.channels = channels;
    this.contextLength = contextLength;
    this.layout = SeriesLayout.of(this);
  }

  /**
   * @throws ArithmeticException if {@link #bytes} is more than an array can hold
   */
  public static SeriesGrid of(JobConfig config, int contextLength) {
    JobConfig.Series series = config.series();
    JobConfig.Lateness lateness = series.lateness();
    int origins = lateness.reissue() ? lateness.reissueOrigins() : 0;
    KeptCells kept =
        new KeptCells(
            Math.toIntExact(openCells(config)), Math.toIntExact(olderCells(config)), origins);
    return new SeriesGrid(series.step(), series.cells(), series.channels(), contextLength, kept);
  }

  /** Upper limit of the bytes that a series takes. */
  public static double bytes(JobConfig config, int contextLength) {
    JobConfig.Series series = config.series();
    double open = openCells(config);
    double older = olderCells(config);
    double value = Float.BYTES * (double) series.channels();
    double openValue = series.cells().openBytes() * (double) series.channels();
    double observation =
        series.cells().keepsObservations()
            ? series.cells().maxObservations() * (Long.BYTES + value)
            : 0;
    return (contextLength + open + older) * value + open * (openValue + observation);
  }

  /** For the contexts of older origins, and of a last closed cell before the newest. */
  private static long olderCells(JobConfig config) {
    JobConfig.Series series = config.series();
    long origins = series.lateness().reissue() ? series.lateness().reissueOrigins() : 1;
    long older = (origins - 1) * series.cadence().cellsApart(series.step());
    return Math.max(older, config.requests().isOn() ? 1 : 0);
  }

  /** Those that a late observation may still reach, up to the newest. */
  private static long openCells(JobConfig config) {
    GridStep step = config.series().step();
    Duration allowed = config.series().lateness().allowed();
    long late = allowed.isZero() ? 0 : step.cellsWithin(allowed);
    return switch (config.series().close()) {
      case ARRIVAL -> 1 + late;
      case WATERMARK, COMPLETE -> 1 + step.cellsWithin(config.source().maxOutOfOrderness()) + late;
    };
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
    return contextLength;
  }

  KeptCells kept() {
    return kept;
  }

  SeriesLayout layout() {
    return layout;
  }

  /** Cells that a series keeps. */
  public int capacity() {
    return contextLength + kept.openCells() - 1 + kept.olderCells();
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
