package io.tidecast.runtime.time;

import java.text.ParsePosition;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.time.temporal.IsoFields;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads times of a pattern, and strictly: 31 April is no date. A date alone is its midnight; a
 * month, quarter or year alone is that of its first day. A written offset wins over a region beside
 * it.
 */
final class PatternTime implements TimeParser.Reading {

  private static final ZonedDateTime SAMPLE =
      ZonedDateTime.of(2001, 10, 29, 18, 47, 35, 123_456_789, ZoneOffset.ofHours(2));

  private static final int HOURS_OF_DAY = 24;
  private static final int MONTHS_OF_QUARTER = 3;

  private final TimeFormat format;
  private final TimePattern pattern;
  private final DateTimeFormatter formatter;
  private final DateTimeFormatter overMidnight;
  private final TextZone zone;
  private final String expected;

  /**
   * @throws IllegalArgumentException if the format is no pattern that gives a date and, without a
   *     zone of its own, an offset
   */
  PatternTime(TimeFormat format, SeriesOrder order) {
    this.format = format;
    this.pattern = TimePattern.of(format.name(), new PatternWords(format.words().language()));
    this.formatter = pattern.formatter().withResolverStyle(ResolverStyle.STRICT);
    this.overMidnight = pattern.formatter().withResolverStyle(ResolverStyle.SMART);
    this.zone = new TextZone(format, order);
    this.expected =
        "a time (%s%s)"
            .formatted(
                format.name(),
                pattern.hasNames()
                    ? ", %s=%s"
                        .formatted(
                            format.settings().language(), format.words().language().toLanguageTag())
                    : "");
    check();
  }

  @Override
  public long millis(Object found, String series) throws TimeException {
    if (!(found instanceof String text)) {
      throw zone.notText(found);
    }
    String plain = pattern.plain(text);
    TemporalAccessor parsed = parse(plain);
    LocalDate date = date(parsed);
    if (date == null) {
      throw TimeException.expected("a time with a date (%s)".formatted(format.name()));
    }
    LocalTime time = parsed.query(TemporalQueries.localTime());
    long local =
        Math.addExact(
            Math.multiplyExact(date.toEpochDay(), 86_400_000L),
            time == null ? 0 : time.toNanoOfDay() / 1_000_000);
    if (parsed.isSupported(ChronoField.OFFSET_SECONDS)) {
      return Math.subtractExact(local, parsed.get(ChronoField.OFFSET_SECONDS) * 1_000L);
    }
    ZoneId region = parsed.query(TemporalQueries.zoneId());
    String named = region == null ? pattern.zone() : region.getId();
    WallClock clock = named == null ? zone.clock() : zone.named(named);
    return time == null ? clock.startOfDay(local) : clock.millis(local, series);
  }

  /** Returns the date, which of a month, quarter or year alone is its first day; null for none. */
  private static @Nullable LocalDate date(TemporalAccessor parsed) {
    LocalDate date = parsed.query(TemporalQueries.localDate());
    if (date != null || !parsed.isSupported(ChronoField.YEAR) || hasMore(parsed)) {
      return date;
    }
    int month =
        parsed.isSupported(ChronoField.MONTH_OF_YEAR)
            ? parsed.get(ChronoField.MONTH_OF_YEAR)
            : parsed.isSupported(IsoFields.QUARTER_OF_YEAR)
                ? ((int) parsed.getLong(IsoFields.QUARTER_OF_YEAR) - 1) * MONTHS_OF_QUARTER + 1
                : 1;
    return LocalDate.of(parsed.get(ChronoField.YEAR), month, 1);
  }

  /** Whether there is a part of a day, or of a week or month that is not told. */
  private static boolean hasMore(TemporalAccessor parsed) {
    return Stream.of(
                ChronoField.DAY_OF_MONTH,
                ChronoField.DAY_OF_WEEK,
                IsoFields.WEEK_OF_WEEK_BASED_YEAR,
                IsoFields.DAY_OF_QUARTER)
            .anyMatch(parsed::isSupported)
        || parsed.query(TemporalQueries.localTime()) != null;
  }

  private TemporalAccessor parse(String text) throws TimeException {
    try {
      return formatter.parse(text);
    } catch (DateTimeException e) {
      if (!text.contains("24")) {
        throw TimeException.expected(expected);
      }
    }
    TemporalAccessor parsed = atEndOfDay(text);
    if (parsed == null) {
      throw TimeException.expected(expected);
    }
    return parsed;
  }

  /** Reads 24:00, which is midnight of the next day; null if it is none, or the day is none. */
  private @Nullable TemporalAccessor atEndOfDay(String text) {
    try {
      TemporalAccessor parsed = overMidnight.parse(text);
      TemporalAccessor fields = overMidnight.parseUnresolved(text, new ParsePosition(0));
      LocalDate date = parsed.query(TemporalQueries.localDate());
      // Read in this way, 31 April would be the 30th.
      boolean good =
          date != null
              && fields != null
              && fields.isSupported(ChronoField.HOUR_OF_DAY)
              && fields.getLong(ChronoField.HOUR_OF_DAY) == HOURS_OF_DAY
              && (!fields.isSupported(ChronoField.DAY_OF_MONTH)
                  || fields.getLong(ChronoField.DAY_OF_MONTH) == date.minusDays(1).getDayOfMonth());
      return good ? parsed : null;
    } catch (DateTimeException e) {
      return null;
    }
  }

  private void check() {
    String sample;
    TemporalAccessor parsed;
    try {
      sample = formatter.format(SAMPLE);
      parsed = formatter.parse(sample);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("it leaves open which time a text is");
    }
    if (date(parsed) == null) {
      throw new IllegalArgumentException("it gives no date");
    }
    if (parsed.query(TemporalQueries.localTime()) == null
        && !sample.equals(formatter.format(SAMPLE.truncatedTo(ChronoUnit.DAYS)))) {
      throw new IllegalArgumentException("it leaves the time of day open");
    }
    if (format.zone() == null
        && !pattern.namesZones()
        && parsed.query(TemporalQueries.zone()) == null) {
      throw new IllegalArgumentException("it has no offset; set " + format.settings().zone());
    }
  }
}
