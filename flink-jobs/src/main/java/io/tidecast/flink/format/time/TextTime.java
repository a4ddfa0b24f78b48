package io.tidecast.flink.format.time;

import io.tidecast.flink.format.field.FieldPath;
import io.tidecast.flink.format.field.Mapping.TimeField;
import io.tidecast.flink.format.field.RefusedException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads times that are text, and strictly: 31 April is no date. A date alone is its midnight. */
final class TextTime implements TimeReader {

  static final String ISO_8601 = "iso-8601";

  private static final DateTimeFormatter ISO =
      new DateTimeFormatterBuilder()
          .append(DateTimeFormatter.ISO_LOCAL_DATE)
          .optionalStart()
          .appendLiteral('T')
          .append(DateTimeFormatter.ISO_LOCAL_TIME)
          .optionalStart()
          // Also +02.
          .parseLenient()
          .appendOffsetId()
          .toFormatter(Locale.ROOT)
          .withResolverStyle(ResolverStyle.STRICT);

  private static final ZonedDateTime SAMPLE =
      ZonedDateTime.of(2001, 10, 29, 18, 47, 35, 123_456_789, ZoneOffset.ofHours(2));

  private final FieldPath path;
  private final String format;
  private final @Nullable ZoneId zone;
  private final String zoneKey;
  private final DateTimeFormatter formatter;

  /**
   * @param zoneKey the name of the setting that a time without an offset needs
   * @throws IllegalArgumentException if the format is no pattern that gives a date and, without a
   *     zone of its own, an offset
   */
  TextTime(TimeField field, String zoneKey) {
    this.path = field.path();
    this.format = field.format();
    this.zone = field.zone();
    this.zoneKey = zoneKey;
    this.formatter = format.equals(ISO_8601) ? ISO : ofPattern();
  }

  @Override
  public long millis(Object found) throws RefusedException {
    if (!(found instanceof String text)) {
      throw RefusedException.field(path, "text (" + format + ")", found);
    }
    TemporalAccessor parsed;
    try {
      parsed = formatter.parse(text);
    } catch (DateTimeException e) {
      throw RefusedException.field(path, "a time (" + format + ")", found);
    }
    ZoneId own = parsed.query(TemporalQueries.zone());
    if (own == null && zone == null) {
      throw RefusedException.field(path, "a time with an offset, for want of " + zoneKey, found);
    }
    LocalDate date = parsed.query(TemporalQueries.localDate());
    if (date == null) {
      throw RefusedException.field(path, "a time with a date (" + format + ")", found);
    }
    LocalTime time = parsed.query(TemporalQueries.localTime());
    try {
      return date.atTime(time == null ? LocalTime.MIDNIGHT : time)
          .atZone(own == null ? zone : own)
          .toInstant()
          .toEpochMilli();
    } catch (ArithmeticException | DateTimeException e) {
      throw TimeReader.outOfRange(path, text);
    }
  }

  private DateTimeFormatter ofPattern() {
    DateTimeFormatter made =
        DateTimeFormatter.ofPattern(prolepticYears(format), Locale.ENGLISH)
            .withResolverStyle(ResolverStyle.STRICT);
    TemporalAccessor parsed;
    try {
      parsed = made.parse(made.format(SAMPLE));
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("cannot read what it writes: " + e.getMessage(), e);
    }
    if (parsed.query(TemporalQueries.localDate()) == null) {
      throw new IllegalArgumentException("it gives no date");
    }
    if (parsed.query(TemporalQueries.localTime()) == null
        && !made.format(SAMPLE).equals(made.format(SAMPLE.truncatedTo(ChronoUnit.DAYS)))) {
      throw new IllegalArgumentException("it leaves the time of day open");
    }
    if (zone == null && parsed.query(TemporalQueries.zone()) == null) {
      throw new IllegalArgumentException("it has no offset; set " + zoneKey);
    }
    return made;
  }

  /**
   * Makes {@code uuuu} of {@code yyyy}, which everybody writes. Strictly, that is the year of an
   * era, and no date without the era.
   */
  private static String prolepticYears(String pattern) {
    if (pattern.indexOf('G') >= 0) {
      return pattern;
    }
    StringBuilder years = new StringBuilder(pattern);
    boolean quoted = false;
    for (int i = 0; i < years.length(); i++) {
      if (years.charAt(i) == '\'') {
        quoted = !quoted;
      } else if (years.charAt(i) == 'y' && !quoted) {
        years.setCharAt(i, 'u');
      }
    }
    return years.toString();
  }
}
