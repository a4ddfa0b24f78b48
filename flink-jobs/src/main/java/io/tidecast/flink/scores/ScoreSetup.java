package io.tidecast.flink.scores;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import io.tidecast.flink.hindsight.HindsightSetup;
import io.tidecast.flink.series.SeriesSettings;
import io.tidecast.runtime.grid.GridStep;
import io.tidecast.runtime.scores.LossMetric;
import io.tidecast.runtime.scores.ScoreSettings;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the operator goes by that scores forecasts.
 *
 * @param settings of the arithmetic
 * @param everyCells how many cells close from one record of a score to the next
 * @param hindsight what forecasts and cells are brought together by
 * @param compared by what the forecasts of models are compared; null where nobody asks
 */
public record ScoreSetup(
    ScoreSettings settings, int everyCells, HindsightSetup hindsight, @Nullable LossMetric compared)
    implements Serializable {

  /** Cells that stay open so that a forecast under way still finds them. */
  private static final int OPEN_CELLS = 4;

  /** Corrections of older cells are too late for scores. */
  private static final int MOST_OPEN_CELLS = 64;

  /** What a model takes on the heap for each target: its sums, and forecasts that wait. */
  private static final long BYTES_A_MODEL = 2_000;

  private static final long BYTES_A_LEVEL = 400;
  private static final long BYTES_A_SERIES = 1_000;

  public ScoreSetup {
    requireNonNull(settings, "settings is null");
    requireNonNull(hindsight, "hindsight is null");
  }

  /**
   * What is scored.
   *
   * @param horizon of the job's model, in cells
   * @param seasonCells of the baseline
   * @param channels names of what a series observes; empty where they have none
   * @param compared by what the forecasts of models are compared; null where nobody asks
   * @param windows that are under way to a model at most
   */
  public record Of(
      int horizon,
      int seasonCells,
      List<String> channels,
      @Nullable LossMetric compared,
      int windows) {}

  /** The setup for the forecasts of a job. */
  public static ScoreSetup of(ScoresSettings scores, SeriesSettings series, Of what) {
    GridStep step = series.step();
    Duration season = scores.season();
    long late = step.cellsWithin(series.lateness().allowed());
    return new ScoreSetup(
        new ScoreSettings(
            scores.leadsTo(what.horizon()),
            series.channels(),
            season == null ? what.seasonCells() : Math.toIntExact(season.dividedBy(step.length())),
            scores.windowCells(),
            scores.halfLifeCells(),
            (int) Math.min(MOST_OPEN_CELLS, OPEN_CELLS + late)),
        requireNonNullElse(scores.everyCells(), what.horizon()),
        HindsightSetup.of(series, what.channels(), what.windows()),
        what.compared());
  }

  /**
   * About what the scores of a series take on the heap, bytes.
   *
   * @param levels of the quantiles of each model
   */
  public long bytesOfASeries(int models, int targets, int levels) {
    long kept = (long) Double.BYTES * settings.channels() * settings.seasonCells();
    return BYTES_A_SERIES
        + kept
        + (long) models * targets * (BYTES_A_MODEL + BYTES_A_LEVEL * levels);
  }
}
