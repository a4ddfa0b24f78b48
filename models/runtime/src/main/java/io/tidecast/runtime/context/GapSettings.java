package io.tidecast.runtime.context;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of missing values.
 *
 * @param seasonCells null for the longest of a year of months, a week and a day that is shorter
 *     than a context
 * @param constant units of the series
 * @param maxFilledCells most values of a context that may be filled, all channels together
 * @param maxConsecutiveFilled most values in a row, of one channel, that may be filled
 */
public record GapSettings(
    Fill fill,
    @Nullable Integer seasonCells,
    double constant,
    int maxFilledCells,
    int maxConsecutiveFilled)
    implements Serializable {

  /** Gaps of up to 16 values take the value before. */
  public static final GapSettings DEFAULT = new GapSettings(Fill.PREVIOUS, null, 0, 16, 1_000_000);

  public GapSettings {
    requireNonNull(fill, "fill is null");
    if (seasonCells != null && seasonCells < 1) {
      throw new IllegalArgumentException("must be at least 1: seasonCells=" + seasonCells);
    }
    if (!Float.isFinite((float) constant)) {
      throw new IllegalArgumentException("must be finite: constant=" + constant);
    }
    if (maxFilledCells < 0 || maxConsecutiveFilled < 0) {
      throw new IllegalArgumentException(
          "must not be negative: maxFilledCells=%d, maxConsecutiveFilled=%d"
              .formatted(maxFilledCells, maxConsecutiveFilled));
    }
  }

  /** Most values of a context that may be filled, whatever its length. */
  public int fillableCells() {
    return fill == Fill.NONE ? 0 : maxFilledCells;
  }
}
