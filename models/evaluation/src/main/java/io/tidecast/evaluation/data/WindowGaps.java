package io.tidecast.evaluation.data;

import io.tidecast.runtime.context.ContextFill;
import io.tidecast.runtime.context.Fill;
import io.tidecast.runtime.context.GapPolicy;
import io.tidecast.runtime.context.GapSettings;
import io.tidecast.runtime.grid.GridStep;
import io.tidecast.runtime.measures.Seasons;

/**
 * Fills the gaps of a series to learn from, as a job fills those of a context, and knows which
 * windows miss no more values than a job would fill.
 */
public final class WindowGaps {

  private static final int[] NONE = {};

  private final GapSettings settings;
  private final GridStep grid;
  private final int width;

  /** {@code [row]}, how many values are missing before it; empty where none is. */
  private final int[] missingBefore;

  /**
   * Looks at a series.
   *
   * @param settings of a job
   */
  public WindowGaps(TimeSeries series, GapSettings settings) {
    this.settings = settings;
    this.grid = series.grid();
    this.width = series.channels().size();
    this.missingBefore = series.missing() == 0 ? NONE : missingBefore(series);
  }

  private int[] missingBefore(TimeSeries series) {
    int[] before = new int[series.rows() + 1];
    for (int row = 0; row < series.rows(); row++) {
      before[row + 1] = before[row];
      for (int channel = 0; channel < width; channel++) {
        before[row + 1] += Double.isNaN(series.values()[row * width + channel]) ? 1 : 0;
      }
    }
    return before;
  }

  /** The policy of a job with these settings. */
  public static GapPolicy policy(GapSettings settings, GridStep grid, int cells, int channels) {
    return new GapPolicy(settings, season(grid, cells), channels);
  }

  /** The longest season of so many cells that the step has by nature. */
  private static int season(GridStep grid, int cells) {
    return Seasons.of(grid).values().stream().filter(steps -> steps <= cells).reduce(1, Math::max);
  }

  /** Whether rows miss no more values, all channels together, than a job fills. */
  public boolean isWhole(int firstRow, int rows) {
    return missingBefore.length == 0
        || missingBefore[firstRow + rows] - missingBefore[firstRow] <= settings.fillableCells();
  }

  /**
   * Fills scaled values in place.
   *
   * @param scaled {@code [row][channel]}, NaN is missing
   * @param scaler by which they were scaled
   */
  public float[] fill(float[] scaled, Scaler scaler) {
    if (missingBefore.length == 0 || settings.fill() == Fill.NONE) {
      return scaled;
    }
    if (settings.fill() == Fill.CONSTANT) {
      for (int i = 0; i < scaled.length; i++) {
        if (Float.isNaN(scaled[i])) {
          int channel = i % width;
          scaled[i] =
              (float)
                  ((settings.constant() - scaler.mean()[channel]) / scaler.deviation()[channel]);
        }
      }
      return scaled;
    }
    Integer given = settings.seasonCells();
    int season = given == null ? season(grid, scaled.length / width) : given;
    new ContextFill(settings.fill(), season, 0, width).apply(scaled, new double[0]);
    return scaled;
  }
}
