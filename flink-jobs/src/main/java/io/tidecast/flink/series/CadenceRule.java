package io.tidecast.flink.series;

import io.tidecast.flink.grid.Cadence;
import io.tidecast.flink.grid.TimesOfDay;
import io.tidecast.runtime.grid.GridStep;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * Says of each cell that closed with a value whether a forecast is due there. One thread.
 *
 * <p>With times of day, one is due at the first such cell of which the next ends after the instant:
 * at 06:00, that is the last cell that was over by then, or where that one is missing the next.
 * Instants before the first cell of a series was over are not its.
 */
final class CadenceRule implements Serializable {

  private static final long serialVersionUID = 1L;

  private final int every;
  private final @Nullable TimesOfDay times;
  private final GridStep step;

  CadenceRule(Cadence cadence, GridStep step) {
    this.every = cadence.every();
    this.times = cadence.at().isEmpty() ? null : new TimesOfDay(cadence.at(), cadence.zone());
    this.step = step;
  }

  boolean isDue(SeriesRing ring, long cell) {
    if (times == null) {
      return every != Cadence.NEVER
          && (ring.lastForecast() == SeriesRing.NEVER || cell - ring.lastForecast() >= every);
    }
    long before = ring.lastAsked() == SeriesRing.NEVER ? ring.first() - 1 : ring.lastAsked();
    return times.firstFrom(step.startMillis(before + 2)) < step.startMillis(cell + 2);
  }

  /**
   * The last cell that no forecast is due at, as long as there is none in between; or an earlier
   * one.
   */
  long nothingDueThrough(SeriesRing ring) {
    if (times == null) {
      if (every == Cadence.NEVER) {
        return Long.MAX_VALUE;
      }
      return ring.lastForecast() == SeriesRing.NEVER
          ? SeriesRing.NEVER
          : ring.lastForecast() + every - 1;
    }
    long before = ring.lastAsked() == SeriesRing.NEVER ? ring.first() - 1 : ring.lastAsked();
    return step.cell(times.firstFrom(step.startMillis(before + 2))) - 2;
  }

  /** Whether there can be more than one cell at which nothing is due before one where it is. */
  boolean isSparse() {
    return times != null || every == Cadence.NEVER || every > 2;
  }
}
