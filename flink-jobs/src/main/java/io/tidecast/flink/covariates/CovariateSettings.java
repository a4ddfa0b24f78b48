package io.tidecast.flink.covariates;

import static java.util.Objects.requireNonNull;

import io.tidecast.flink.format.SourceFormat;
import java.io.Serializable;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the values of future covariates come from.
 *
 * @param feed null where no topic has any
 * @param calendar what each covariate of the calendar is, by its name in the model
 * @param holidays null where no covariate needs them
 * @param zone that the calendar is read in
 */
public record CovariateSettings(
    @Nullable Feed feed,
    Map<String, CalendarCovariate> calendar,
    @Nullable HolidayRegion holidays,
    ZoneId zone) {

  public CovariateSettings {
    calendar = Map.copyOf(calendar);
    requireNonNull(zone, "zone is null");
  }

  /** Whether series have groups, whose covariates they share. */
  public boolean isGrouped() {
    return feed != null && feed.keyedBy() == KeyedBy.GROUP;
  }

  /** Whether there are none at all. */
  boolean isEmpty() {
    return feed == null && calendar.isEmpty();
  }

  /**
   * A topic of them.
   *
   * @param names in the model, in the order of the values
   * @param maxFuture how far ahead of the clock; null for what the model decides
   * @param keep how long values are kept that no forecast from now on needs
   */
  public record Feed(
      String topic,
      SourceFormat format,
      KeyedBy keyedBy,
      List<String> names,
      @Nullable Duration maxFuture,
      Duration keep,
      Waiting waiting) {

    public Feed {
      requireNonNull(topic, "topic is null");
      requireNonNull(format, "format is null");
      requireNonNull(keyedBy, "keyedBy is null");
      names = List.copyOf(names);
      requireNonNull(keep, "keep is null");
      requireNonNull(waiting, "waiting is null");
    }
  }

  /** Whose the values of a record are. */
  public enum KeyedBy {
    SERIES,
    GROUP,
    /** Of all series. */
    GLOBAL
  }

  /**
   * How long a window waits for what is missing.
   *
   * @param longest wall-clock time
   * @param most windows of a series that wait
   */
  public record Waiting(Duration longest, int most, OnMissing onMissing) implements Serializable {

    public Waiting {
      requireNonNull(longest, "longest is null");
      requireNonNull(onMissing, "onMissing is null");
    }
  }

  /** What becomes of a window that has waited in vain. */
  public enum OnMissing {
    /** The baseline's forecast, marked as such. */
    FALLBACK,
    /** The model's, from what is known before. */
    FILL,
    /** None. */
    SKIP
  }

  /**
   * Where holidays are kept.
   *
   * @param region within the country; null for the country's own
   */
  public record HolidayRegion(String country, @Nullable String region) implements Serializable {

    public HolidayRegion {
      requireNonNull(country, "country is null");
    }
  }
}
