package io.tidecast.runtime.time;

import io.tidecast.runtime.text.DecimalText;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/** Reads times that are numbers. */
final class NumberTime implements TimeParser.Reading {

  private static final long DAY_MILLIS = 86_400_000L;

  /** Excel's 29 February 1900. */
  private static final long NO_DAY = 60;

  /** As many digits always fit in a long. */
  private static final int LONG_DIGITS = 18;

  private static final BigDecimal FITS = BigDecimal.TEN.pow(LONG_DIGITS);

  private final EpochUnit unit;
  private final TimeFormat format;
  private final boolean onWall;
  private final WallClock clock;

  NumberTime(EpochUnit unit, TimeFormat format, SeriesOrder order) {
    this.unit = unit;
    this.format = format;
    this.onWall = format.local() || unit.isDays();
    ZoneId zone = format.zone() == null ? ZoneOffset.UTC : format.zone();
    this.clock = new WallClock(zone, format, order);
  }

  @Override
  public long millis(Object found, String series) throws TimeException {
    if (found instanceof Long || found instanceof Integer) {
      return ofWhole(((Number) found).longValue(), series);
    }
    if (format.numericText() && found instanceof String text && isWhole(text)) {
      return ofWhole(Long.parseLong(text), series);
    }
    BigDecimal number = decimal(found);
    if (number == null) {
      throw TimeException.expected("a number (%s)%s".formatted(unit.label(), remedy(found)));
    }
    if (number.stripTrailingZeros().scale() <= 0 && number.abs().compareTo(FITS) < 0) {
      return ofWhole(number.longValueExact(), series);
    }
    try {
      long millis = unit.millis(number);
      if (unit == EpochUnit.EXCEL_DAYS) {
        millis += fromExcel(number);
      }
      return onWall ? clock.millis(millis, series) : millis;
    } catch (ArithmeticException e) {
      throw outOfRange(number);
    }
  }

  private long ofWhole(long number, String series) throws TimeException {
    try {
      long millis = unit.millis(number);
      if (unit == EpochUnit.EXCEL_DAYS) {
        millis = Math.addExact(millis, fromExcel(BigDecimal.valueOf(number)));
      }
      // A day without a time of day begins where its clocks begin it.
      return !onWall
          ? millis
          : unit.isDays() ? clock.startOfDay(millis) : clock.millis(millis, series);
    } catch (ArithmeticException e) {
      throw outOfRange(BigDecimal.valueOf(number));
    }
  }

  /** Returns what leads from 1900 to 1970, past a day that there never was. */
  private static long fromExcel(BigDecimal days) throws TimeException {
    long day = days.compareTo(FITS) < 0 ? days.longValue() : Long.MAX_VALUE;
    if (days.compareTo(BigDecimal.ONE) < 0 || day == NO_DAY) {
      throw TimeException.expected("a day from 1 (1900-01-01), and not 60, which never was");
    }
    return EpochUnit.EXCEL_EPOCH_MILLIS + (day < NO_DAY ? DAY_MILLIS : 0);
  }

  private TimeException outOfRange(BigDecimal number) {
    return TimeException.outOfRange(
        Likely.of(number).map(likely -> "; " + likely.in(format)).orElse(""));
  }

  private @Nullable BigDecimal decimal(Object found) {
    if (found instanceof BigDecimal decimal) {
      return decimal;
    }
    if (found instanceof BigInteger integer) {
      return new BigDecimal(integer);
    }
    if (found instanceof Number number) {
      double real = number.doubleValue();
      if (!Double.isFinite(real)) {
        throw new ArithmeticException();
      }
      // The shortest decimal that is this number: what the producer wrote.
      return new BigDecimal(number.toString());
    }
    return format.numericText() && found instanceof String text && DecimalText.isDecimal(text)
        ? new BigDecimal(text)
        : null;
  }

  private static boolean isWhole(String text) {
    int from = text.startsWith("-") ? 1 : 0;
    if (text.length() == from || text.length() - from > LONG_DIGITS) {
      return false;
    }
    for (int i = from; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }

  /** Tells of text that is a time of another format, or spells a number. */
  private String remedy(Object found) {
    if (!(found instanceof String text)) {
      return "";
    }
    if (new IsoText().read(text)) {
      return "; text such as this is %s=%s"
          .formatted(format.settings().format(), TimeFormat.ISO_8601);
    }
    return DecimalText.isDecimal(text)
        ? "; %s=true reads text that spells one".formatted(format.settings().numericStrings())
        : "";
  }
}
