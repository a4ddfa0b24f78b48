package io.tidecast.runtime.promotion;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * What two models were off by in forecasts of one cell from the same origins, added up over any
 * number of series and lead times. Losses are whole numbers, so that their sums do not depend on
 * the order in which they are added.
 *
 * @param cell its number
 * @param primary whose forecasts counted
 * @param rival whose forecasts stood beside; null for the seasonal naive
 * @param primaryLoss in parts of {@link #UNIT}
 * @param rivalLoss in parts of {@link #UNIT}
 * @param count how many forecasts of either these are of
 * @param ofNewOrigin whether those of the shortest lead time are among them, so that there is one
 *     more origin to count
 */
public record Bout(
    long cell,
    ModelName primary,
    @Nullable ModelName rival,
    long primaryLoss,
    long rivalLoss,
    long count,
    boolean ofNewOrigin) {

  /** A loss of 1, which is that of the seasonal naive one season ahead. */
  public static final long UNIT = 1L << 20;

  /**
   * A loss beyond it counts as this, so that one series does not decide for a million others: a
   * sensor that has never moved makes any error of the day it moves look like a thousand.
   */
  public static final double MOST = 100;

  public Bout {
    requireNonNull(primary, "primary is null");
  }

  /** A loss in parts of the unit. */
  public static long parts(double loss) {
    return Math.round(Math.min(loss, MOST) * UNIT);
  }
}
