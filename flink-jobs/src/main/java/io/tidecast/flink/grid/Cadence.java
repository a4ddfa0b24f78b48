package io.tidecast.flink.grid;

import static java.util.Objects.requireNonNull;

import io.tidecast.runtime.grid.GridStep;
import java.io.Serializable;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;

/**
 * When the cells of a series that close ask for a forecast.
 *
 * @param every how many closed cells apart; {@link #NEVER} for none, or where there are times
 * @param at times of day; empty where cells are counted
 * @param zone of the times
 */
public record Cadence(int every, List<LocalTime> at, ZoneId zone) implements Serializable {

  /** Forecasts are only made on request. */
  public static final int NEVER = 0;

  /** The longest that a time of day is usually away from the same one of the day before. */
  private static final Duration LONG_DAY = Duration.ofHours(25);

  public Cadence {
    at = List.copyOf(at);
    requireNonNull(zone, "zone is null");
    if (every < 0 || (every > 0 && !at.isEmpty())) {
      throw new IllegalArgumentException(
          "must not be negative, and 0 with times of day: every=%d, at=%s".formatted(every, at));
    }
  }

  /** Most cells between two forecasts that follow each other, where none is missing. */
  public long cellsApart(GridStep step) {
    return at.isEmpty() ? every : step.cellsWithin(LONG_DAY);
  }
}
