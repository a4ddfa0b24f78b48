package io.tidecast.flink.series;

import static java.util.Objects.requireNonNull;

import io.tidecast.flink.grid.Cadence;
import io.tidecast.flink.grid.CellRule;
import io.tidecast.flink.grid.CellRule.Aggregate;
import io.tidecast.flink.grid.CellRule.Duplicates;
import io.tidecast.runtime.context.Fill;
import io.tidecast.runtime.context.GapSettings;
import io.tidecast.runtime.grid.GridStep;
import java.io.Serializable;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The grid of every series, and what its observations become there.
 *
 * @param channels values of a cell
 * @param context cells of a window; null for those that the longest model of the job takes
 * @param onRequest whether somebody may ask for a forecast at any time
 * @param grouped whether each series has a group, whose covariates it shares, or which says what
 *     model is its own
 */
public record SeriesSettings(
    GridStep step,
    int channels,
    @Nullable Integer context,
    Close close,
    Cadence cadence,
    CellRule cells,
    GapSettings gaps,
    Lateness lateness,
    ColdStart coldStart,
    Retention retention,
    Silence silence,
    boolean onRequest,
    boolean grouped)
    implements Serializable {

  public SeriesSettings {
    requireNonNull(step, "step is null");
    requireNonNull(close, "close is null");
    requireNonNull(cadence, "cadence is null");
    requireNonNull(cells, "cells is null");
    requireNonNull(gaps, "gaps is null");
    requireNonNull(lateness, "lateness is null");
    requireNonNull(coldStart, "coldStart is null");
    requireNonNull(retention, "retention is null");
    requireNonNull(silence, "silence is null");
    if (channels < 1) {
      throw new IllegalArgumentException("must be at least 1: channels=" + channels);
    }
  }

  /**
   * What the job file gives where it says nothing of these: one channel, cells that close with
   * their observation, a forecast from each.
   */
  public static Builder builder(GridStep step) {
    return new Builder(step);
  }

  /**
   * Returns the same for who wants the cells and no forecasts: nothing waits for a forecast that is
   * due, and there is one at every cell.
   */
  public SeriesSettings ofCells() {
    return new SeriesSettings(
        step,
        channels,
        null,
        close,
        new Cadence(1, List.of(), ZoneOffset.UTC),
        cells,
        gaps,
        new Lateness(lateness.maxOutOfOrderness(), lateness.allowed(), false, 1),
        new ColdStart(null, ColdStart.Below.SKIP),
        retention,
        silence,
        false,
        grouped);
  }

  /**
   * Returns the same for cells that have closed, each of which has one value and comes in order.
   */
  SeriesSettings ofClosedCells() {
    return new SeriesSettings(
        step,
        channels,
        null,
        Close.ARRIVAL,
        new Cadence(1, List.of(), ZoneOffset.UTC),
        new CellRule(Aggregate.LAST, Duplicates.LAST, cells.maxObservations()),
        gaps,
        Lateness.NONE,
        coldStart,
        new Retention(null, null),
        silence,
        false,
        false);
  }

  /** Whether silent cells have values of their own. A mean over time says by itself what held. */
  public boolean fillsSilence() {
    return silence.isFilled() && cells.aggregate() != Aggregate.TIME_WEIGHTED_MEAN;
  }

  /** Whether silent cells have the value before, however long ago that was. */
  boolean holdsValues() {
    return fillsSilence() && gaps.fill() == Fill.PREVIOUS;
  }

  /**
   * Tells apart configurations under which other forecasts are due, or other observations are in
   * time. The same in every JVM and version, and of one model the same as before there were
   * several.
   */
  int scheduleId(ContextNeeds needs) {
    List<String> parts = new ArrayList<>(scheduleParts(needs.cells()));
    ContextNeed only = needs.byDefault();
    if (!needs.routed().isEmpty()
        || only.contextLength() != needs.cells()
        || only.minContext() != coldStart.minContext(needs.cells())) {
      parts.add(needs.toString());
    }
    return parts.hashCode();
  }

  private List<String> scheduleParts(int contextCells) {
    return List.of(
        String.valueOf(step.millis()),
        String.valueOf(step.unit()),
        step.zone().getId(),
        String.valueOf(channels),
        close.name(),
        String.valueOf(cadence.every()),
        cadence.at().toString(),
        cadence.zone().getId(),
        String.valueOf(cells.code()),
        String.valueOf(cells.maxObservations()),
        String.valueOf(gaps.fill()),
        String.valueOf(gaps.seasonCells()),
        String.valueOf(gaps.constant()),
        String.valueOf(gaps.maxFilledCells()),
        String.valueOf(gaps.maxConsecutiveFilled()),
        lateness.maxOutOfOrderness().toString(),
        lateness.allowed().toString(),
        String.valueOf(lateness.origins()),
        String.valueOf(coldStart.minContext()),
        coldStart.below().name(),
        String.valueOf(retention.timeToLive()),
        String.valueOf(retention.maxSeries()),
        String.valueOf(contextCells));
  }

  /** One thread. */
  public static final class Builder {

    private final GridStep step;
    private int channels = 1;
    private @Nullable Integer context;
    private Close close = Close.ARRIVAL;
    private Cadence cadence = new Cadence(1, List.of(), ZoneOffset.UTC);
    private CellRule cells = new CellRule(Aggregate.LAST, Duplicates.LAST, 1_000);
    private GapSettings gaps = GapSettings.DEFAULT;
    private Lateness lateness = Lateness.NONE;
    private ColdStart coldStart = new ColdStart(null, ColdStart.Below.SKIP);
    private Retention retention = new Retention(null, null);
    private Silence silence = Silence.SKIPPED;
    private boolean onRequest;
    private boolean grouped;

    private Builder(GridStep step) {
      this.step = step;
    }

    public Builder channels(int channels) {
      this.channels = channels;
      return this;
    }

    public Builder context(@Nullable Integer context) {
      this.context = context;
      return this;
    }

    public Builder close(Close close) {
      this.close = close;
      return this;
    }

    public Builder cadence(Cadence cadence) {
      this.cadence = cadence;
      return this;
    }

    public Builder cells(CellRule cells) {
      this.cells = cells;
      return this;
    }

    public Builder gaps(GapSettings gaps) {
      this.gaps = gaps;
      return this;
    }

    public Builder lateness(Lateness lateness) {
      this.lateness = lateness;
      return this;
    }

    public Builder coldStart(ColdStart coldStart) {
      this.coldStart = coldStart;
      return this;
    }

    public Builder retention(Retention retention) {
      this.retention = retention;
      return this;
    }

    public Builder silence(Silence silence) {
      this.silence = silence;
      return this;
    }

    public Builder onRequest(boolean onRequest) {
      this.onRequest = onRequest;
      return this;
    }

    public Builder grouped(boolean grouped) {
      this.grouped = grouped;
      return this;
    }

    public SeriesSettings build() {
      return new SeriesSettings(
          step, channels, context, close, cadence, cells, gaps, lateness, coldStart, retention,
          silence, onRequest, grouped);
    }
  }
}
