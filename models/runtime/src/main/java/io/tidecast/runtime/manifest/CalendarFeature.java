package io.tidecast.runtime.manifest;

import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoField;
import java.time.temporal.IsoFields;
import java.time.temporal.TemporalField;
import java.util.Arrays;
import java.util.List;

/**
 * A place in the calendar as a number within [-0.5, 0.5], as GluonTS counts it and the official
 * repositories of Informer and its descendants after it. Times are read in UTC.
 */
public enum CalendarFeature {
  SECOND_OF_MINUTE("second_of_minute", ChronoField.SECOND_OF_MINUTE, 0, 59),
  MINUTE_OF_HOUR("minute_of_hour", ChronoField.MINUTE_OF_HOUR, 0, 59),
  HOUR_OF_DAY("hour_of_day", ChronoField.HOUR_OF_DAY, 0, 23),
  /** The day of the week, Monday first. */
  DAY_OF_WEEK("day_of_week", ChronoField.DAY_OF_WEEK, 1, 6),
  DAY_OF_MONTH("day_of_month", ChronoField.DAY_OF_MONTH, 1, 30),
  DAY_OF_YEAR("day_of_year", ChronoField.DAY_OF_YEAR, 1, 365),
  /** The week of the year as ISO 8601 counts them. */
  WEEK_OF_YEAR("week_of_year", IsoFields.WEEK_OF_WEEK_BASED_YEAR, 1, 52),
  MONTH_OF_YEAR("month_of_year", ChronoField.MONTH_OF_YEAR, 1, 11);

  private static final double CENTRE = 0.5;

  private final String key;
  private final TemporalField field;
  private final int first;
  private final int range;

  CalendarFeature(String key, TemporalField field, int first, int range) {
    this.key = key;
    this.field = field;
    this.first = first;
    this.range = range;
  }

  /** Returns the name in a manifest, which never changes. */
  @JsonValue
  public String key() {
    return key;
  }

  /** The name of {@link #key}. */
  @Override
  public String toString() {
    return key;
  }

  /**
   * The feature of that name.
   *
   * @throws IllegalArgumentException naming those there are
   */
  public static CalendarFeature named(String key) {
    return Arrays.stream(values())
        .filter(feature -> feature.key.equals(key))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "must be among " + List.of(values()) + ": timeFeatures=" + key));
  }

  /** Tells whether a feature has that name. */
  public static boolean isNamed(String key) {
    return Arrays.stream(values()).anyMatch(feature -> feature.key.equals(key));
  }

  /** What the calendar counts this from, in pandas too: days of the week and hours from 0. */
  public int first() {
    return field == ChronoField.DAY_OF_WEEK ? 0 : first;
  }

  /** The greatest count less the least. */
  public int range() {
    return range;
  }

  /**
   * The features of consecutive steps, {@code [step][feature]}.
   *
   * @param firstMillis time of the first step, epoch milliseconds
   * @param stepMillis from one step to the next
   * @param destination filled from index 0; says how many steps
   */
  public static void fill(
      List<CalendarFeature> features, long firstMillis, long stepMillis, float[] destination) {
    int width = features.size();
    for (int step = 0; step * width < destination.length; step++) {
      LocalDateTime time =
          LocalDateTime.ofInstant(
              Instant.ofEpochMilli(firstMillis + step * stepMillis), ZoneOffset.UTC);
      for (int i = 0; i < width; i++) {
        destination[step * width + i] = features.get(i).of(time);
      }
    }
  }

  private float of(LocalDateTime time) {
    return (float) ((time.get(field) - first) / (double) range - CENTRE);
  }
}
