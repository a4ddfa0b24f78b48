package io.tidecast.benchmarks.ledger;

import io.tidecast.benchmarks.echo.EchoModel;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/**
 * What every series reports: a value for each cell that follows from the seed alone, so that it is
 * known what each forecast must hold.
 *
 * @param contextLength cells that the model is given
 */
public record Plan(long seed, int series, int contextLength) {

  public static final Duration STEP = Duration.ofMinutes(30);

  /** The model repeats so many of the last cells. */
  public static final int HORIZON = EchoModel.HORIZON;

  private static final Instant START = Instant.parse("2000-01-01T00:00:00Z");
  private static final String PREFIX = "series-";

  /** Values are whole and small: a 32-bit float holds them as they are. */
  private static final int VALUES = 1000;

  public static String name(int index) {
    return PREFIX + index;
  }

  /** The number of a series, or -1 for a name that is none of the plan. */
  public int index(String name) {
    if (!name.startsWith(PREFIX)) {
      return -1;
    }
    try {
      int index = Integer.parseInt(name.substring(PREFIX.length()));
      return index < series ? index : -1;
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  public static Instant time(int cell) {
    return START.plus(STEP.multipliedBy(cell));
  }

  /** The cell of a time; may be one that nobody has reported. */
  public static long cell(Instant time) {
    return Duration.between(START, time).dividedBy(STEP);
  }

  public float value(int index, int cell) {
    long mixed = seed ^ (index * 0x9E3779B97F4A7C15L) ^ (cell * 0xC2B2AE3D27D4EB4FL);
    mixed = (mixed ^ (mixed >>> 31)) * 0xD6E8FEB86659FD93L;
    return Math.floorMod(mixed ^ (mixed >>> 32), VALUES);
  }

  /** Counts the forecasts that so many cells of every series must give, one a full context. */
  public long forecasts(int cells) {
    return series * Math.max(0L, cells - contextLength + 1L);
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT, "%,d series, context %d, seed %d", series, contextLength, seed);
  }
}
