package io.tidecast.flink.series;

import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.grid.ContextFill;
import io.tidecast.flink.record.ForecastTask;
import java.io.Serializable;
import java.util.Arrays;

/**
 * Cuts the context of a forecast out of what is kept of a series, gaps filled, or says why there is
 * none. Cells before the first of the series are no gaps: they stay missing, for a model that pads
 * or for the baseline.
 */
final class ContextCutter implements Serializable {

  private static final long serialVersionUID = 1L;

  /** Why there is no forecast. */
  enum Skip {
    COLD_START("cold-start"),
    TOO_MANY_MISSING("too-many-missing"),
    GAP_TOO_LONG("gap-too-long");

    private final String label;

    Skip(String label) {
      this.label = label;
    }

    /** In metrics. */
    String label() {
      return label;
    }
  }

  /** Either of the two; the other is null. */
  record Cut(ForecastTask request, Skip skip) {}

  private final SeriesGrid grid;
  private final ContextFill fill;
  private final int minContext;
  private final boolean baselineBelow;
  private final int maxFilledCells;
  private final int maxConsecutiveFilled;

  /**
   * @param seasonCells for gaps that the configuration names no season for
   */
  ContextCutter(JobConfig.Series series, SeriesGrid grid, int seasonCells) {
    JobConfig.Gaps gaps = series.gaps();
    this.grid = grid;
    this.fill = ContextFill.of(gaps, seasonCells, series.channels());
    this.minContext = series.coldStart().minContext(grid.contextLength());
    this.baselineBelow = series.coldStart().below() == ColdStart.Below.BASELINE;
    this.maxFilledCells = gaps.fillableCells();
    this.maxConsecutiveFilled = gaps.maxConsecutiveFilled();
  }

  /** The last cell of a series that has too few cells before it for any forecast. */
  long tooYoungThrough(SeriesRing ring) {
    return baselineBelow ? SeriesRing.NEVER : ring.first() + minContext - 2;
  }

  /** What an origin that was skipped lacks, for people. */
  String requirement(Skip skip, SeriesRing ring, long origin) {
    return switch (skip) {
      case COLD_START ->
          "series must have %d cells up to its last closed one, it has %d"
              .formatted(baselineBelow ? 1 : minContext, Math.max(0, origin - ring.first() + 1));
      case TOO_MANY_MISSING ->
          "context must not miss more than series.max-filled-cells=%d values, nor as many as it has cells"
              .formatted(maxFilledCells);
      case GAP_TOO_LONG ->
          "context must not miss more than series.max-consecutive-filled=%d values in a row"
              .formatted(maxConsecutiveFilled);
    };
  }

  /** The whole forecast from an origin. */
  Cut cut(String series, SeriesRing ring, long origin, int revision) {
    long known = Math.min(origin - ring.first() + 1, grid.contextLength());
    if (known < 1 || (known < minContext && !baselineBelow)) {
      return new Cut(null, Skip.COLD_START);
    }
    float[] context = new float[grid.contextLength() * grid.channels()];
    int before = (grid.contextLength() - (int) known) * grid.channels();
    int missing = ring.context(origin, context) - before;
    // With one less than there are cells, no channel can be without any value.
    if (missing > Math.min(maxFilledCells, known - 1)) {
      return new Cut(null, Skip.TOO_MANY_MISSING);
    }
    if (missing > 0) {
      float[] cells = before == 0 ? context : Arrays.copyOfRange(context, before, context.length);
      if (fill.longestGap(cells) > maxConsecutiveFilled) {
        return new Cut(null, Skip.GAP_TOO_LONG);
      }
      fill.apply(cells);
      System.arraycopy(cells, 0, context, before, cells.length);
    }
    long originMillis = grid.step().startMillis(origin);
    return new Cut(
        new ForecastTask(
            series, originMillis, context, missing, revision, known < minContext, null),
        null);
  }
}
