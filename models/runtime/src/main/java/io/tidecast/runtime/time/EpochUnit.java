package io.tidecast.runtime.time;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** A time that is a number counts one of these from 1970-01-01, or from the first of 1900. */
public enum EpochUnit {
  EPOCH_DAYS(86_400_000, 1),
  EPOCH_SECONDS(1_000, 1),
  EPOCH_MILLIS(1, 1),
  EPOCH_MICROS(1, 1_000),
  EPOCH_NANOS(1, 1_000_000),
  /** Days of Excel and its like, of a local time: 1 is 1900-01-01, 61 is 1900-03-01. */
  EXCEL_DAYS(86_400_000, 1);

  /** Excel takes 1900 for a leap year: this is the day before its first, from 61 on. */
  static final long EXCEL_EPOCH_MILLIS = -25_569 * 86_400_000L;

  private static final int MAX_DIGITS = 30;
  private static final int MAX_SCALE = 600;

  /** Half of the last decimal of a day with four of them is 4.3 seconds, with five 0.43. */
  private static final int DECIMALS_OF_MINUTES = 4;

  private static final long HALF_DAY_MILLIS = 43_200_000;

  private final long millis;
  private final long perMilli;

  EpochUnit(long millis, long perMilli) {
    this.millis = millis;
    this.perMilli = perMilli;
  }

  /** Returns the unit that has a name in settings, such as {@code epoch-millis}. */
  public static Optional<EpochUnit> of(String label) {
    return Arrays.stream(values()).filter(unit -> unit.label().equals(label)).findFirst();
  }

  /** Returns its name in settings: {@code epoch-millis}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Says whether one of it is a day, so that times of day are fractions. */
  public boolean isDays() {
    return this == EPOCH_DAYS || this == EXCEL_DAYS;
  }

  /**
   * Returns the milliseconds of a whole number. Parts of a millisecond are cut off.
   *
   * @throws ArithmeticException if a long does not hold them
   */
  long millis(long number) {
    return perMilli == 1 ? Math.multiplyExact(number, millis) : Math.floorDiv(number, perMilli);
  }

  /**
   * Returns the milliseconds of a number. Parts of a millisecond are cut off, but of days, whose
   * fractions are hardly ever quite the time that was meant: a whole second (with four decimals, a
   * whole minute) within half of the last decimal is taken, else the nearest millisecond.
   *
   * @throws ArithmeticException if a long does not hold them
   */
  long millis(BigDecimal number) {
    if (!isShort(number)) {
      throw new ArithmeticException();
    }
    BigDecimal exact =
        number.multiply(BigDecimal.valueOf(millis)).divide(BigDecimal.valueOf(perMilli));
    return isDays()
        ? rounded(exact, number.scale())
        : exact.setScale(0, RoundingMode.FLOOR).longValueExact();
  }

  /**
   * @param decimals of the number of days
   */
  private static long rounded(BigDecimal millis, int decimals) {
    if (decimals >= DECIMALS_OF_MINUTES) {
      // 0.041667 is 01:00:00.029, and as well every other time up to 0.043 s from that.
      BigDecimal doubt = BigDecimal.valueOf(HALF_DAY_MILLIS).movePointLeft(decimals);
      BigDecimal unit = BigDecimal.valueOf(decimals == DECIMALS_OF_MINUTES ? 60_000 : 1_000);
      BigDecimal round = millis.divide(unit, 0, RoundingMode.HALF_UP).multiply(unit);
      if (round.subtract(millis).abs().compareTo(doubt) <= 0) {
        return round.longValueExact();
      }
    }
    return millis.setScale(0, RoundingMode.HALF_UP).longValueExact();
  }

  /** Returns what a time is in this unit, to six decimals: the reverse of {@link #millis}. */
  BigDecimal number(long timeMillis) {
    return BigDecimal.valueOf(timeMillis)
        .subtract(BigDecimal.valueOf(this == EXCEL_DAYS ? EXCEL_EPOCH_MILLIS : 0))
        .multiply(BigDecimal.valueOf(perMilli))
        .divide(BigDecimal.valueOf(millis), 6, RoundingMode.FLOOR);
  }

  /** Says whether arithmetic with a number ends soon, and may give a time. */
  private static boolean isShort(BigDecimal number) {
    return (long) number.precision() - number.scale() <= MAX_DIGITS && number.scale() <= MAX_SCALE;
  }
}
