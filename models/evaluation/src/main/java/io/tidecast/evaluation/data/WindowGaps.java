package io.tidecast.evaluation.data;

import io.tidecast.runtime.context.GapSettings;

/** Knows which windows of a series miss no more values than a job fills of a context. */
public final class WindowGaps {

  private static final int MOST_MISSING = GapSettings.DEFAULT.fillableCells();
  private static final int[] NONE = {};

  /** {@code [row]}, how many values are missing before it; empty where none is. */
  private final int[] missingBefore;

  private WindowGaps(int[] missingBefore) {
    this.missingBefore = missingBefore;
  }

  /** Looks at a series. */
  public static WindowGaps of(TimeSeries series) {
    if (series.missing() == 0) {
      return new WindowGaps(NONE);
    }
    int width = series.channels().size();
    int[] before = new int[series.rows() + 1];
    for (int row = 0; row < series.rows(); row++) {
      before[row + 1] = before[row];
      for (int channel = 0; channel < width; channel++) {
        before[row + 1] += Double.isNaN(series.values()[row * width + channel]) ? 1 : 0;
      }
    }
    return new WindowGaps(before);
  }

  /** Whether every window is whole. */
  public boolean areNone() {
    return missingBefore.length == 0;
  }

  /** Whether rows miss no more values, all channels together, than a job fills. */
  public boolean isWhole(int firstRow, int rows) {
    return areNone() || missingBefore[firstRow + rows] - missingBefore[firstRow] <= MOST_MISSING;
  }
}
