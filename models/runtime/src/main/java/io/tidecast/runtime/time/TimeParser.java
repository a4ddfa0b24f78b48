package io.tidecast.runtime.time;

import io.tidecast.runtime.time.TimeFormat.Marks;
import java.time.DateTimeException;

/**
 * Makes epoch milliseconds of the times of a format. What is finer is cut off. A time that marks
 * the end of its interval becomes the last millisecond of that, so that it falls into the cell that
 * ends with it, whatever the clocks do. One thread uses it.
 */
public final class TimeParser {

  private final Reading reading;
  private final SeriesOrder order;
  private final long shiftMillis;

  /** Reads the times of one kind of format. */
  interface Reading {

    /**
     * @throws TimeException if it is no such time
     * @throws ArithmeticException or {@link DateTimeException} if a long does not hold it
     */
    long millis(Object found, String series) throws TimeException;
  }

  private TimeParser(Reading reading, SeriesOrder order, Marks marks) {
    this.reading = reading;
    this.order = order;
    this.shiftMillis = marks == Marks.END ? 1 : 0;
  }

  /**
   * Returns a parser of the times of a format.
   *
   * @throws IllegalArgumentException with what is wrong, if its name is neither that of a unit nor
   *     a pattern that gives an instant
   */
  public static TimeParser of(TimeFormat format) {
    SeriesOrder order = new SeriesOrder();
    Reading reading =
        EpochUnit.of(format.name())
            .<Reading>map(unit -> new NumberTime(unit, format, order))
            .orElseGet(
                () ->
                    format.name().equals(TimeFormat.ISO_8601)
                        ? new IsoTime(format, order)
                        : new PatternTime(format, order));
    return new TimeParser(reading, order, format.marks());
  }

  /**
   * Reads one time.
   *
   * @param found a {@link Number}, {@link String}, or something else
   * @param series whose time it is: those of one series come in order, where the format goes by
   *     that
   * @throws TimeException if it is none of the format, or a long has no milliseconds for it
   */
  public long millis(Object found, String series) throws TimeException {
    try {
      return Math.subtractExact(reading.millis(found, series), shiftMillis);
    } catch (ArithmeticException | DateTimeException e) {
      throw TimeException.outOfRange("");
    }
  }

  /** Returns what is known of the series while clocks go back, to be kept and restored. */
  public SeriesOrder order() {
    return order;
  }
}
