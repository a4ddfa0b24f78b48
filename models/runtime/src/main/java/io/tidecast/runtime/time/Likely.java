package io.tidecast.runtime.time;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/**
 * A unit in which a number would be a time of these days, from 2000 to 2069: what a producer
 * probably meant whose numbers come out near 1970 or far in the future.
 *
 * @param time that the number would be, as a wall clock of UTC shows it
 */
public record Likely(EpochUnit unit, Instant time) {

  private static final Instant FROM = Instant.parse("2000-01-01T00:00:00Z");
  private static final Instant UNTIL = Instant.parse("2070-01-01T00:00:00Z");

  /** The seconds of {@link #UNTIL} as milliseconds. */
  private static final long FIRST_DAYS_MILLIS = UNTIL.getEpochSecond();

  /**
   * Finds the unit that makes a time of these days of one that is none.
   *
   * @param unit in which the number was read
   * @param timeMillis what it was then, epoch milliseconds
   * @return empty where the time is of these days, or there is no such unit
   */
  public static Optional<Likely> instead(EpochUnit unit, long timeMillis) {
    return isOfTheseDays(Instant.ofEpochMilli(timeMillis))
        ? Optional.empty()
        : of(unit.number(timeMillis));
  }

  /**
   * Finds the unit that a producer probably meant whose numbers were read in one that is finer, and
   * so come out in the first days of all: seconds that are read as milliseconds are in January
   * 1970.
   *
   * @return empty where the time is of no such day, or there is no such unit
   */
  public static Optional<Likely> insteadOfFiner(EpochUnit unit, long timeMillis) {
    return timeMillis < 0 || timeMillis >= FIRST_DAYS_MILLIS || unit.isDays()
        ? Optional.empty()
        : instead(unit, timeMillis).filter(likely -> !likely.unit.isDays());
  }

  /** Finds the unit in which a number is a time of these days. */
  static Optional<Likely> of(BigDecimal number) {
    // Powers of a thousand lie between them, and 70 years between the two kinds of days: one fits.
    return Arrays.stream(EpochUnit.values())
        .flatMap(unit -> in(unit, number).stream())
        .filter(likely -> isOfTheseDays(likely.time))
        .findFirst();
  }

  private static Optional<Likely> in(EpochUnit unit, BigDecimal number) {
    try {
      long millis =
          Math.addExact(
              unit.millis(number), unit == EpochUnit.EXCEL_DAYS ? EpochUnit.EXCEL_EPOCH_MILLIS : 0);
      return Optional.of(new Likely(unit, Instant.ofEpochMilli(millis)));
    } catch (ArithmeticException e) {
      return Optional.empty();
    }
  }

  private static boolean isOfTheseDays(Instant time) {
    return !time.isBefore(FROM) && time.isBefore(UNTIL);
  }

  /** Returns what to set, and what the time is then. */
  public String in(TimeFormat format) {
    return "%s=%s makes it %s".formatted(format.settings().format(), unit.label(), time);
  }
}
