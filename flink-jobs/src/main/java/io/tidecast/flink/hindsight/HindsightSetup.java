package io.tidecast.flink.hindsight;

import static java.util.Objects.requireNonNull;

import io.tidecast.flink.series.SeriesSettings;
import io.tidecast.runtime.grid.GridStep;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What forecasts and cells of a series are brought together by.
 *
 * @param step of the series
 * @param timeToLive of a series that stays silent; null for ever
 * @param targets which channel of a series each target of a model is
 * @param cellsUnderWay how many cells of a series may close while forecasts of it are under way
 */
public record HindsightSetup(
    GridStep step, @Nullable Duration timeToLive, TargetChannels targets, long cellsUnderWay)
    implements Serializable {

  /** So many cells of a series may wait, whatever they take. */
  private static final int LEAST_WAITING = 4_096;

  /** What those of a series may take beyond that, bytes. */
  private static final int MOST_BYTES = 16 << 20;

  /** The same where a series is read and written as a whole at each visit. */
  private static final int MOST_BYTES_ON_DISK = 1 << 20;

  /** Beside the windows under way, forecasts are on their way from one task to another. */
  private static final int SLACK = 2;

  public HindsightSetup {
    requireNonNull(step, "step is null");
    requireNonNull(targets, "targets is null");
  }

  /** The same where few cells close while a forecast is under way. */
  public HindsightSetup(GridStep step, @Nullable Duration timeToLive, TargetChannels targets) {
    this(step, timeToLive, targets, 0);
  }

  /**
   * The setup for the series of a job.
   *
   * @param names of what a series observes; empty where they have none
   * @param windows that are under way at most, which may all be of one series
   */
  public static HindsightSetup of(SeriesSettings series, List<String> names, int windows) {
    return new HindsightSetup(
        series.step(),
        series.retention().timeToLive(),
        new TargetChannels(names, series.channels()),
        SLACK * series.cadence().cellsApart(series.step()) * windows);
  }

  /**
   * How many cells of a series may wait for forecasts that a model is slow to give.
   *
   * @param isInMemory whether a series is kept as it is, and not as bytes that are read
   */
  int mostWaiting(boolean isInMemory) {
    int bytesOfACell = 2 * Long.BYTES + targets.count() * Double.BYTES;
    long room = (isInMemory ? MOST_BYTES : MOST_BYTES_ON_DISK) / bytesOfACell;
    return (int) Math.max(LEAST_WAITING, Math.min(cellsUnderWay, room));
  }
}
