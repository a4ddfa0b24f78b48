package io.tidecast.flink.config;

import static java.util.Objects.requireNonNull;

import io.tidecast.flink.config.schema.SchemaLookup;
import io.tidecast.flink.config.value.ConfigKey;
import io.tidecast.flink.config.value.ConfigValues;
import io.tidecast.flink.covariates.CalendarCovariate;
import io.tidecast.flink.covariates.CalendarValues;
import io.tidecast.flink.covariates.CovariateSettings;
import io.tidecast.flink.covariates.CovariateSettings.Feed;
import io.tidecast.flink.covariates.CovariateSettings.HolidayRegion;
import io.tidecast.flink.covariates.CovariateSettings.KeyedBy;
import io.tidecast.flink.covariates.CovariateSettings.OnMissing;
import io.tidecast.flink.covariates.CovariateSettings.Waiting;
import io.tidecast.flink.format.SourceFormat;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What must hold between the keys of future covariates. A key that was refused by itself breaks no
 * rule here.
 */
final class CovariateRules {

  /** Only of use where a topic has covariates. */
  private static final List<ConfigKey<?>> OF_TOPIC = ofTopic();

  /** Only of use where the calendar has some. */
  private static final List<ConfigKey<?>> OF_CALENDAR =
      List.of(ConfigKeys.CALENDAR_ZONE, ConfigKeys.COUNTRY, ConfigKeys.REGION);

  private CovariateRules() {}

  private static List<ConfigKey<?>> ofTopic() {
    List<ConfigKey<?>> keys =
        new ArrayList<>(
            List.of(
                ConfigKeys.COVARIATE_NAMES,
                ConfigKeys.KEYED_BY,
                ConfigKeys.COVARIATE_MAX_FUTURE,
                ConfigKeys.KEEP,
                ConfigKeys.WAIT,
                ConfigKeys.MAX_WAITING,
                ConfigKeys.ON_MISSING));
    keys.addAll(ConfigKeys.COVARIATE_FORMAT.all());
    return keys;
  }

  /** Whether observations must say which group their series is of. */
  static boolean grouped(ConfigValues values) {
    return values.isGiven(ConfigKeys.COVARIATE_TOPIC)
        && values.get(ConfigKeys.KEYED_BY) == KeyedBy.GROUP;
  }

  /** What the file says; if anything of it is wrong, the values have a problem more. */
  static @Nullable CovariateSettings config(ConfigValues values, SchemaLookup lookup) {
    Map<String, CalendarCovariate> calendar = values.get(ConfigKeys.CALENDAR);
    calendar = calendar == null ? Map.of() : calendar;
    Feed feed = feed(values, lookup);
    ZoneId zone = values.get(ConfigKeys.CALENDAR_ZONE);
    zone = zone == null ? values.get(ConfigKeys.ZONE) : zone;
    HolidayRegion holidays = holidays(values, calendar);
    if (feed != null) {
      for (String name : feed.names()) {
        if (calendar.containsKey(name)) {
          values.problem(
              "must not be in covariates.calendar too: covariates.names=%s".formatted(name));
        }
      }
    }
    return zone == null ? null : new CovariateSettings(feed, calendar, holidays, zone);
  }

  private static @Nullable Feed feed(ConfigValues values, SchemaLookup lookup) {
    if (!values.isGiven(ConfigKeys.COVARIATE_TOPIC)) {
      refuse(values, OF_TOPIC, "covariates.topic");
      return null;
    }
    List<String> names = values.get(ConfigKeys.COVARIATE_NAMES);
    if (values.isMissing(ConfigKeys.COVARIATE_NAMES)) {
      values.problem(
          "must be given with covariates.topic: covariates.names, %s"
              .formatted(ConfigKeys.COVARIATE_NAMES.type().range()));
    }
    KeyedBy keyedBy = values.get(ConfigKeys.KEYED_BY);
    SourceFormat format = MappingRules.covariates(values, names, keyedBy != KeyedBy.GLOBAL, lookup);
    if (!values.problems().isEmpty()) {
      return null;
    }
    if (values.get(ConfigKeys.ON_MISSING) == OnMissing.SKIP
        && values.isGiven(ConfigKeys.REQUESTS_TOPIC)) {
      values.problem(
          "must be fallback or fill with requests.topic, for every request has an answer: covariates.on-missing=skip");
      return null;
    }
    return new Feed(
        values.require(ConfigKeys.COVARIATE_TOPIC),
        requireNonNull(format, "format is null"),
        values.require(ConfigKeys.KEYED_BY),
        values.require(ConfigKeys.COVARIATE_NAMES),
        values.get(ConfigKeys.COVARIATE_MAX_FUTURE),
        values.require(ConfigKeys.KEEP),
        new Waiting(
            values.require(ConfigKeys.WAIT),
            values.require(ConfigKeys.MAX_WAITING),
            values.require(ConfigKeys.ON_MISSING)));
  }

  private static @Nullable HolidayRegion holidays(
      ConfigValues values, Map<String, CalendarCovariate> calendar) {
    if (calendar.isEmpty() && !values.isGiven(ConfigKeys.CALENDAR)) {
      refuse(values, OF_CALENDAR, "covariates.calendar");
    }
    String country = values.get(ConfigKeys.COUNTRY);
    String region = values.get(ConfigKeys.REGION);
    boolean needed = calendar.containsValue(CalendarCovariate.HOLIDAY);
    if (needed && values.isMissing(ConfigKeys.COUNTRY)) {
      values.problem(
          "must be given with holiday in covariates.calendar: covariates.country, %s"
              .formatted(ConfigKeys.COUNTRY.type().range()));
    }
    if (!needed || country == null || (region == null && values.isGiven(ConfigKeys.REGION))) {
      return null;
    }
    if (!CalendarValues.countries().contains(country)) {
      values.problem(
          "must be one of %s: covariates.country=%s"
              .formatted(String.join(", ", CalendarValues.countries()), country));
      return null;
    }
    Set<String> regions = region == null ? Set.of() : CalendarValues.regions(country);
    if (region != null && !regions.contains(region)) {
      values.problem(
          "must be one of %s, or not given: covariates.region=%s"
              .formatted(String.join(", ", regions), region));
      return null;
    }
    return new HolidayRegion(country, region);
  }

  private static void refuse(ConfigValues values, List<ConfigKey<?>> keys, String without) {
    keys.stream()
        .filter(values::isGiven)
        .forEach(key -> values.problem("must go with %s: %s".formatted(without, key.path())));
  }
}
