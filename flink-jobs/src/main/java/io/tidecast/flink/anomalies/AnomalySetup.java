package io.tidecast.flink.anomalies;

import static java.util.Objects.requireNonNull;

import io.tidecast.flink.hindsight.HindsightSetup;
import io.tidecast.flink.hindsight.TargetChannels;
import io.tidecast.flink.series.SeriesSettings;
import io.tidecast.runtime.anomalies.AnomalySettings;
import io.tidecast.runtime.grid.GridStep;
import java.io.Serializable;
import java.util.List;

/**
 * What the operator goes by that looks for anomalies.
 *
 * @param settings of the arithmetic
 * @param hindsight what forecasts and cells are brought together by
 */
public record AnomalySetup(AnomalySettings settings, HindsightSetup hindsight)
    implements Serializable {

  /** Corrections of older cells are too late. */
  private static final int MOST_OPEN_CELLS = 64;

  private static final long BYTES_A_SERIES = 1_000;

  /** What is kept of a target on the heap but for what depends on settings. */
  private static final long BYTES_A_TARGET = 1_500;

  private static final long BYTES_A_CELL = 150;

  public AnomalySetup {
    requireNonNull(settings, "settings is null");
    requireNonNull(hindsight, "hindsight is null");
  }

  /**
   * The setup for the forecasts of a job.
   *
   * @param horizon of the job's models, in cells
   * @param channels names of what a series observes; empty where they have none
   */
  public static AnomalySetup of(
      AnomaliesSettings anomalies, SeriesSettings series, int horizon, List<String> channels) {
    GridStep step = series.step();
    long late = step.cellsWithin(series.lateness().allowed());
    return new AnomalySetup(
        new AnomalySettings(
            series.channels(),
            anomalies.interval(),
            anomalies.rule(),
            anomalies.shiftCells(),
            anomalies.leadsTo(horizon),
            (int) Math.min(MOST_OPEN_CELLS, 1 + late)),
        new HindsightSetup(
            step,
            series.retention().timeToLive(),
            new TargetChannels(channels, series.channels())));
  }

  /** About what is kept of a series on the heap, bytes. */
  public long bytesOfASeries(int targets) {
    long ofATarget =
        BYTES_A_TARGET
            + settings.longestLead() * (long) Double.BYTES
            + settings.keptCells() * BYTES_A_CELL
            + settings.farOut() * (long) Double.BYTES
            + 6L * settings.shiftCells() * Double.BYTES;
    return BYTES_A_SERIES + targets * ofATarget;
  }
}
