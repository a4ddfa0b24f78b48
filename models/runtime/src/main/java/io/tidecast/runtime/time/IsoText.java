package io.tidecast.runtime.time;

import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.Month;
import java.time.Year;
import java.time.temporal.ChronoField;
import java.time.temporal.IsoFields;
import org.jspecify.annotations.Nullable;

/**
 * Takes a text of ISO 8601 apart, in the variants that are in use: extended and basic, with dates
 * of months, weeks or days of the year, with {@code T} or a space, with whatever length of
 * fraction, and with an offset, an abbreviation, a region, or several of them, at its end. Nothing
 * of it is read leniently: 31 April is no date. One thread uses it.
 */
final class IsoText {

  private static final long DAY_MILLIS = 86_400_000L;
  private static final int HOUR_MILLIS = 3_600_000;
  private static final int MINUTE_MILLIS = 60_000;
  private static final int SECOND_MILLIS = 1_000;

  /** More of a fraction tell nothing about a millisecond, be it one of an hour. */
  private static final int MAX_FRACTION_DIGITS = 12;

  private static final int MAX_YEAR_DIGITS = 9;
  private static final char MINUS = '\u2212';

  private String text = "";
  private int at;
  private int end;

  private long localMillis;
  private boolean dateAlone;
  private boolean offsetGiven;
  private long offsetMillis;
  private @Nullable String zone;
  private boolean bracketed;
  private boolean fractionIsZero;

  /**
   * Reads a text.
   *
   * @return false if it is no time of ISO 8601
   */
  boolean read(String found) {
    text = found;
    at = 0;
    end = found.length();
    while (at < end && text.charAt(at) == ' ') {
      at++;
    }
    while (end > at && text.charAt(end - 1) == ' ') {
      end--;
    }
    localMillis = 0;
    dateAlone = true;
    offsetGiven = false;
    offsetMillis = 0;
    zone = null;
    bracketed = false;
    return date() && timeOfDay() && zoneAtEnd() && at == end;
  }

  /** Returns what the wall clock shows, milliseconds, as if it were in UTC. */
  long localMillis() {
    return localMillis;
  }

  /** Says whether the text has no time of day. */
  boolean isDateAlone() {
    return dateAlone;
  }

  /** Says whether the text has an offset, by which alone its instant goes. */
  boolean hasOffset() {
    return offsetGiven;
  }

  long offsetMillis() {
    return offsetMillis;
  }

  /** Returns what the text calls its zone, an abbreviation or a region; null without a name. */
  @Nullable String zone() {
    return zone;
  }

  /** Says whether the name of the zone is in brackets, and so that of a region. */
  boolean isBracketed() {
    return bracketed;
  }

  private boolean date() {
    int sign = at < end && (text.charAt(at) == '+' || isMinus(text.charAt(at))) ? 1 : 0;
    boolean negative = sign == 1 && text.charAt(at) != '+';
    at += sign;
    int digits = digits(at);
    boolean extended = at + digits < end && text.charAt(at + digits) == '-';
    // Years of more digits have a sign, and only dashes tell where they end.
    if (digits < 4 || digits > MAX_YEAR_DIGITS || sign == 1 && !extended) {
      return false;
    }
    if (extended && digits > 4 && sign == 0) {
      return false;
    }
    long year = number(extended ? digits : 4);
    if (negative) {
      year = -year;
    }
    if (extended) {
      at++;
      return at < end && letter('W') ? weekDate(year, true) : restOfDate(year);
    }
    return switch (digits) {
      case 4 -> at < end && letter('W') && weekDate(year, false);
      case 7 -> dayOfYear(year, number(3));
      case 8 -> dayOfMonth(year, number(2), number(2));
      default -> false;
    };
  }

  private boolean restOfDate(long year) {
    int digits = digits(at);
    if (digits == 3) {
      return dayOfYear(year, number(3));
    }
    if (digits != 2) {
      return false;
    }
    long month = number(2);
    if (at < end && text.charAt(at) == '-' && digits(at + 1) == 2) {
      at++;
      return dayOfMonth(year, month, number(2));
    }
    return at == end && dayOfMonth(year, month, 1);
  }

  private boolean isDigit(int place) {
    return place < end && text.charAt(place) >= '0' && text.charAt(place) <= '9';
  }

  private boolean dayOfMonth(long year, long month, long day) {
    if (month < 1 || month > 12 || day < 1) {
      return false;
    }
    if (day > Month.of((int) month).length(Year.isLeap(year))) {
      return false;
    }
    return day(epochDay(year, month, day));
  }

  private boolean dayOfYear(long year, long day) {
    return day >= 1
        && day <= (Year.isLeap(year) ? 366 : 365)
        && day(epochDay(year, 1, 1) + day - 1);
  }

  /** Reads a date such as {@code 2024-W18-3}; without a day it is the Monday of the week. */
  private boolean weekDate(long year, boolean extended) {
    if (digits(at) < 2) {
      return false;
    }
    long week = number(2);
    long day = 1;
    boolean dashed = at < end && text.charAt(at) == '-';
    if (extended && dashed && digits(at + 1) == 1 || !extended && !dashed && digits(at) == 1) {
      at += dashed ? 1 : 0;
      day = number(1);
    } else if (at < end) {
      return false;
    }
    try {
      LocalDate inWeekOne = LocalDate.of(Math.toIntExact(year), 1, 4);
      if (week < 1
          || week > IsoFields.WEEK_OF_WEEK_BASED_YEAR.rangeRefinedBy(inWeekOne).getMaximum()) {
        return false;
      }
      return day(
          inWeekOne
              .plusWeeks(week - 1)
              .with(ChronoField.DAY_OF_WEEK, DayOfWeek.of((int) day).getValue())
              .toEpochDay());
    } catch (DateTimeException | ArithmeticException e) {
      return false;
    }
  }

  private boolean day(long epochDay) {
    // A day that a long has no milliseconds for is one all the same, and told apart later.
    long high = Math.multiplyHigh(epochDay, DAY_MILLIS);
    long low = epochDay * DAY_MILLIS;
    boolean fits = high == 0 && low >= 0 || high == -1 && low < 0;
    localMillis = fits ? low : epochDay < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
    return true;
  }

  /** Counts the days from 1970-01-01 in the proleptic Gregorian calendar; years begin in March. */
  private static long epochDay(long year, long month, long day) {
    long shifted = month > 2 ? year : year - 1;
    long era = Math.floorDiv(shifted, 400L);
    long yearOfEra = shifted - era * 400;
    long dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468;
  }

  private boolean timeOfDay() {
    if (at == end || !isTimeMark(text.charAt(at))) {
      return true;
    }
    if (digits(at + 1) == 0) {
      return text.charAt(at) == ' ';
    }
    at++;
    dateAlone = false;
    int digits = digits(at);
    long hour = 0;
    long minute = 0;
    long second = 0;
    int unit = HOUR_MILLIS;
    if (digits == 4 || digits == 6) {
      hour = number(2);
      minute = number(2);
      second = digits == 6 ? number(2) : 0;
      unit = digits == 6 ? SECOND_MILLIS : MINUTE_MILLIS;
    } else if (digits == 2) {
      hour = number(2);
      if (at < end && text.charAt(at) == ':' && digits(at + 1) == 2) {
        at++;
        minute = number(2);
        unit = MINUTE_MILLIS;
        if (at < end && text.charAt(at) == ':' && digits(at + 1) == 2) {
          at++;
          second = number(2);
          unit = SECOND_MILLIS;
        }
      }
    } else {
      return false;
    }
    long fraction = fraction(unit);
    if (fraction < 0 || hour > 24 || minute > 59 || second > 59) {
      return false;
    }
    long ofDay = hour * HOUR_MILLIS + minute * MINUTE_MILLIS + second * SECOND_MILLIS + fraction;
    if (hour == 24 && (ofDay != DAY_MILLIS || !fractionIsZero)) {
      return false;
    }
    if (localMillis != Long.MIN_VALUE && localMillis <= Long.MAX_VALUE - DAY_MILLIS) {
      localMillis += ofDay;
    }
    return true;
  }

  private static boolean isTimeMark(char mark) {
    return mark == 'T' || mark == 't' || mark == ' ';
  }

  /**
   * Reads a fraction of the last unit, if there is one.
   *
   * @return milliseconds, cut off; -1 if there are no digits behind the mark
   */
  private long fraction(int unitMillis) {
    fractionIsZero = true;
    if (at == end || text.charAt(at) != '.' && text.charAt(at) != ',') {
      return 0;
    }
    at++;
    int digits = digits(at);
    if (digits == 0) {
      return -1;
    }
    long value = 0;
    long scale = 1;
    for (int i = 0; i < digits; i++) {
      int digit = text.charAt(at + i) - '0';
      fractionIsZero &= digit == 0;
      if (i < MAX_FRACTION_DIGITS) {
        value = 10 * value + digit;
        scale *= 10;
      }
    }
    at += digits;
    return value * unitMillis / scale;
  }

  private boolean zoneAtEnd() {
    if (at < end && text.charAt(at) == ' ') {
      at++;
      if (at == end || text.charAt(at) == '[') {
        return false;
      }
    }
    if (at < end && text.charAt(at) != '[' && !named() && !offset()) {
      return false;
    }
    while (at < end) {
      if (!bracket()) {
        return false;
      }
    }
    return true;
  }

  /** Reads letters: {@code Z}, the name of a region, an abbreviation, or {@code UTC+2}. */
  private boolean named() {
    if (!isLetter(text.charAt(at))) {
      return false;
    }
    int from = at;
    while (at < end && (isLetter(text.charAt(at)) || isOfRegion(from))) {
      at++;
    }
    // Z alone is most of them.
    boolean isZ = at == from + 1 && Character.toUpperCase(text.charAt(from)) == 'Z';
    String name = isZ ? "Z" : text.substring(from, at);
    if (isZ || TextZone.isUtc(name)) {
      offsetGiven = true;
      return at == end || text.charAt(at) == '[' || !isZ && offset();
    }
    zone = name;
    return true;
  }

  /** Says whether the character at hand goes on the name of a region, such as Etc/GMT-3. */
  private boolean isOfRegion(int from) {
    char one = text.charAt(at);
    if (one == '/') {
      return true;
    }
    return (one == '_' || one == '-' || one == '+' || one >= '0' && one <= '9')
        && text.substring(from, at).indexOf('/') > 0;
  }

  /** Reads an offset: {@code +02}, {@code +0200}, {@code +02:00}, {@code +02:00:00}. */
  private boolean offset() {
    if (at == end || text.charAt(at) != '+' && !isMinus(text.charAt(at))) {
      return false;
    }
    boolean negative = text.charAt(at) != '+';
    at++;
    int digits = digits(at);
    if (digits != 1 && digits != 2 && digits != 4 && digits != 6) {
      return false;
    }
    // One digit is an hour where letters are before it: UTC+2.
    if (digits == 1 && !offsetGiven) {
      return false;
    }
    long hours = number(digits == 1 ? 1 : 2);
    long minutes = digits >= 4 ? number(2) : 0;
    long seconds = digits == 6 ? number(2) : 0;
    if (digits <= 2 && at < end && text.charAt(at) == ':') {
      if (digits(at + 1) != 2) {
        return false;
      }
      at++;
      minutes = number(2);
      if (at < end && text.charAt(at) == ':') {
        if (digits(at + 1) != 2) {
          return false;
        }
        at++;
        seconds = number(2);
      }
    }
    long millis = hours * HOUR_MILLIS + minutes * MINUTE_MILLIS + seconds * SECOND_MILLIS;
    offsetMillis = negative ? -millis : millis;
    offsetGiven = true;
    return minutes < 60 && seconds < 60 && millis <= 18L * HOUR_MILLIS;
  }

  /** Reads {@code [Europe/Zurich]}, which says nothing more where there is an offset. */
  private boolean bracket() {
    int close = text.indexOf(']', at);
    if (text.charAt(at) != '[' || close < 0 || close >= end) {
      return false;
    }
    String content = text.substring(at + 1, close);
    at = close + 1;
    boolean critical = content.startsWith("!");
    if (content.indexOf('=') > 0) {
      // A calendar, say: it does not change the instant, unless the writer insists on it.
      return !critical;
    }
    String name = critical ? content.substring(1) : content;
    if (name.isEmpty() || bracketed) {
      return false;
    }
    zone = name;
    bracketed = true;
    return true;
  }

  private boolean letter(char upper) {
    boolean there = Character.toUpperCase(text.charAt(at)) == upper;
    at += there ? 1 : 0;
    return there;
  }

  private static boolean isLetter(char one) {
    return one >= 'A' && one <= 'Z' || one >= 'a' && one <= 'z';
  }

  private static boolean isMinus(char one) {
    return one == '-' || one == MINUS;
  }

  /** Counts the digits from a place on. */
  private int digits(int place) {
    int count = 0;
    while (place + count < end && isDigit(place + count)) {
      count++;
    }
    return count;
  }

  /** Reads so many digits, which must be there. */
  private long number(int digits) {
    long value = 0;
    for (int i = 0; i < digits; i++) {
      value = 10 * value + (text.charAt(at) - '0');
      at++;
    }
    return value;
  }
}
