package io.tidecast.runtime.measures;

import io.tidecast.runtime.grid.GridStep;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** Counts the steps of a season. */
public final class Seasons {

  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration WEEK = Duration.ofDays(7);
  private static final int WEEKS_OF_YEAR = 52;
  private static final int MONTHS_OF_YEAR = 12;

  private Seasons() {}

  /**
   * Returns the seasons that rows of a step have by nature, in steps, the shortest first, each
   * under the name of the forecast that repeats it: a day and a week of hours, a week of days or
   * business days, a year of weeks, months, quarters or halves. A season is longer than a step.
   */
  public static Map<String, Integer> of(GridStep step) {
    Map<String, Integer> seasons = new LinkedHashMap<>();
    if (step.isUneven() && step.unit() != GridStep.Unit.BUSINESS_DAY) {
      seasons.put(
          "yearly seasonal naive",
          MONTHS_OF_YEAR
              / (int) Math.round(step.millis() / (double) GridStep.Unit.MONTH.usual().toMillis()));
    } else if (step.length().equals(WEEK)) {
      seasons.put("yearly seasonal naive", WEEKS_OF_YEAR);
    } else {
      if (!step.isUneven()) {
        seasons.put("daily seasonal naive", steps(DAY, step.length()));
      }
      seasons.put("weekly seasonal naive", steps(WEEK, step.length()));
    }
    seasons.values().removeIf(steps -> steps == 1);
    return seasons;
  }

  /** Returns the number of steps in a season, or 1 where that is not a whole number. */
  public static int steps(Duration season, Duration step) {
    long steps = season.dividedBy(step);
    return steps >= 1 && steps <= Integer.MAX_VALUE && step.multipliedBy(steps).equals(season)
        ? (int) steps
        : 1;
  }
}
