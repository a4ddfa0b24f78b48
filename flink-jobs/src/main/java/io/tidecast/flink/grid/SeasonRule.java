package io.tidecast.flink.grid;

import static java.util.Objects.requireNonNull;

import io.tidecast.runtime.grid.GridStep;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Says how long a season of a context is: what is given, or else the longest natural one, a year of
 * months, a week or a day, that is a number of cells and fits into the context, or else a single
 * cell.
 *
 * @param step length of a cell
 * @param given null for the natural one
 */
public record SeasonRule(Duration step, @Nullable Duration given) implements Serializable {

  /**
   * What seasons there are by nature, longest first. A year, on average, is a number of months,
   * quarters or halves, and of nothing else that a context would hold a year of.
   */
  public static final List<Duration> NATURAL =
      List.of(GridStep.Unit.YEAR.usual(), Duration.ofDays(7), Duration.ofDays(1));

  public SeasonRule {
    requireNonNull(step, "step is null");
    if (step.isNegative() || step.isZero()) {
      throw new IllegalArgumentException("must be positive: step=" + step);
    }
  }

  /** A season of so many cells, whatever the context. */
  public static SeasonRule ofSteps(Duration step, int steps) {
    return new SeasonRule(step, step.multipliedBy(steps));
  }

  /** Tells whether a season is a number of cells, no more than those of a context. */
  public boolean fits(Duration season, int contextLength) {
    return season.toMillis() % step.toMillis() == 0 && season.dividedBy(step) <= contextLength;
  }

  /** The season of a context, in cells; one that is given may not {@linkplain #fits fit}. */
  public int steps(int contextLength) {
    Duration season = given;
    if (season == null) {
      season = NATURAL.stream().filter(one -> fits(one, contextLength)).findFirst().orElse(step);
    }
    return Math.toIntExact(season.dividedBy(step));
  }
}
