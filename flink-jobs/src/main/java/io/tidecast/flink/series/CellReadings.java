package io.tidecast.flink.series;

import static io.tidecast.flink.series.OpenObservations.NONE;

import io.tidecast.flink.grid.CellRule;
import io.tidecast.flink.grid.CellRule.Aggregate;
import io.tidecast.flink.grid.CounterRule;
import io.tidecast.flink.grid.CounterRule.Gap;
import io.tidecast.runtime.grid.GridStep;
import java.util.concurrent.TimeUnit;

/**
 * Makes the value of a cell of readings: those in it, the last one before it and, where silent
 * cells have values, the next one after it. In doubles, for what a counter counts is small beside
 * its level. A view, as {@link SeriesRing} is.
 */
final class CellReadings {

  private static final double MILLIS_OF_SECOND = TimeUnit.SECONDS.toMillis(1);

  private final GridStep step;
  private final CellRule rule;
  private final OpenObservations readings;

  CellReadings(GridStep step, CellRule rule, OpenObservations readings) {
    this.step = step;
    this.rule = rule;
    this.readings = readings;
  }

  /**
   * The value of a channel of a cell, finite as a 32-bit float; NaN if it has none.
   *
   * @param closed the last cell that is over: what comes after it says nothing of silent cells yet
   */
  double value(long cell, int channel, long closed) {
    double value =
        rule.aggregate() == Aggregate.TIME_WEIGHTED_MEAN
            ? timeWeightedMean(cell, channel)
            : counted(cell, channel, closed);
    return Math.max(-Float.MAX_VALUE, Math.min(Float.MAX_VALUE, value));
  }

  /** Over the part of the cell of which the value is known: since the first reading of all. */
  private double timeWeightedMean(long cell, int channel) {
    long from = step.startMillis(cell);
    long end = step.startMillis(cell + 1);
    int index = readings.before(from);
    int before = readings.lastBefore(index, channel);
    double value = before == NONE ? Double.NaN : readings.reading(before, channel);
    // Sums what differs from the first value: so one that does not change comes out as it is.
    double base = Double.NaN;
    double sum = 0;
    long known = 0;
    while (from < end) {
      index = readings.firstFrom(index, channel);
      long until = index == NONE ? end : Math.min(end, readings.timeMillis(index));
      if (!Double.isNaN(value)) {
        base = Double.isNaN(base) ? value : base;
        sum += (value - base) * (until - from);
        known += until - from;
      }
      if (index != NONE && until < end) {
        value = readings.value(index, channel);
        index++;
      }
      from = until;
    }
    return known == 0 ? Double.NaN : base + sum / known;
  }

  private double counted(long cell, int channel, long closed) {
    CounterRule counter = rule.counter();
    int first = readings.firstFrom(readings.before(step.startMillis(cell)), channel);
    if (first == NONE) {
      return Double.NaN;
    }
    // That of the first reading from the cell on.
    long read = step.cell(readings.timeMillis(first));
    int before = readings.lastBefore(first, channel);
    boolean isSilent = read != cell;
    if (before == NONE || (isSilent && (counter.gap() != Gap.SPREAD || read > closed))) {
      return Double.NaN;
    }
    long beforeMillis = readings.timeMillis(before, channel);
    long cells = read - step.cell(beforeMillis);
    if (cells > 1 && counter.gap() == Gap.MISSING) {
      return Double.NaN;
    }
    int end = readings.before(step.startMillis(read + 1));
    int last = readings.lastBefore(end, channel);
    double increase = increase(before, first, end, channel);
    if (rule.aggregate() == Aggregate.RATE) {
      return increase / ((readings.timeMillis(last) - beforeMillis) / MILLIS_OF_SECOND);
    }
    return counter.gap() == Gap.SPREAD ? increase / cells : increase;
  }

  /**
   * From one reading to the last one before an index. Where the counter does not fall it is one
   * difference, and so has one rounding.
   *
   * @param first the reading after the one that it begins with
   */
  private double increase(int before, int first, int end, int channel) {
    double from = readings.reading(before, channel);
    double at = from;
    double increase = 0;
    for (int i = first; i < end; i++) {
      double value = readings.value(i, channel);
      if (value < at) {
        increase += at - from + rule.counter().increase(at, value);
        from = value;
      }
      at = Double.isNaN(value) ? at : value;
    }
    return increase + (at - from);
  }
}
