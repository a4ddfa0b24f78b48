package io.tidecast.flink.series;

import static java.util.Objects.requireNonNull;

import io.tidecast.flink.grid.GapPolicy;
import io.tidecast.flink.record.ForecastTask;
import java.io.Serializable;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

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
  record Cut(@Nullable ForecastTask request, @Nullable Skip skip) {

    /** Returns why there is no request; only to be called where there is none. */
    Skip why() {
      return requireNonNull(skip, "skip is null");
    }
  }

  private final SeriesGrid grid;
  private final GapPolicy gaps;
  private final int minContext;
  private final boolean baselineBelow;

  /**
   * @param seasonCells for gaps that the configuration names no season for
   */
  ContextCutter(SeriesSettings settings, SeriesGrid grid, int seasonCells) {
    this.grid = grid;
    this.gaps = new GapPolicy(settings.gaps(), seasonCells, settings.channels());
    this.minContext = settings.coldStart().minContext(grid.contextLength());
    this.baselineBelow = settings.coldStart().below() == ColdStart.Below.BASELINE;
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
              .formatted(gaps.maxFilledCells());
      case GAP_TOO_LONG ->
          "context must not miss more than series.max-consecutive-filled=%d values in a row"
              .formatted(gaps.maxConsecutiveFilled());
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
    if (missing > 0) {
      float[] cells = before == 0 ? context : Arrays.copyOfRange(context, before, context.length);
      // With one less missing than there are cells, no channel is without any value.
      switch (gaps.fill(cells, missing, 0, known)) {
        case FILLED -> System.arraycopy(cells, 0, context, before, cells.length);
        case TOO_MANY_MISSING, NOTHING_TO_FILL_FROM -> {
          return new Cut(null, Skip.TOO_MANY_MISSING);
        }
        case GAP_TOO_LONG -> {
          return new Cut(null, Skip.GAP_TOO_LONG);
        }
      }
    }
    long originMillis = grid.step().startMillis(origin);
    return new Cut(
        new ForecastTask(
            series, originMillis, context, missing, revision, known < minContext, null),
        null);
  }
}
