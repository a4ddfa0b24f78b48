package io.tidecast.flink;

import java.io.Serializable;

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
  private final TimesOfDay times;
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
}
