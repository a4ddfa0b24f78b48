package io.tidecast.flink.config;

import io.tidecast.flink.covariates.CalendarCovariate;
import io.tidecast.flink.covariates.CalendarValues;
import io.tidecast.flink.covariates.CovariateConfig;
import io.tidecast.flink.covariates.CovariateConfig.Feed;
import io.tidecast.flink.covariates.CovariateConfig.HolidayRegion;
import io.tidecast.flink.covariates.CovariateConfig.KeyedBy;
import io.tidecast.flink.covariates.CovariateConfig.OnMissing;
import io.tidecast.flink.covariates.CovariateConfig.Waiting;
import io.tidecast.flink.covariates.CovariateGrid;
import io.tidecast.flink.format.SourceFormat;
import io.tidecast.flink.grid.GridStep;
import io.tidecast.flink.model.ModelChannels;
import io.tidecast.flink.series.SeriesGrid;
import io.tidecast.runtime.manifest.ForecasterSpec;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What must hold between the keys of future covariates, and between them and the model. A key that
 * was refused by itself breaks no rule here.
 */
public final class CovariateRules {

  /** Only of use where a topic has covariates. */
  private static final List<ConfigKey<?>> OF_TOPIC = ofTopic();

  /** Only of use where the calendar has some. */
  private static final List<ConfigKey<?>> OF_CALENDAR =
      List.of(ConfigKeys.CALENDAR_ZONE, ConfigKeys.COUNTRY, ConfigKeys.REGION);

  private static final Duration NATURAL_MAX_FUTURE = Duration.ofDays(30);

  /** Beyond this, what one key keeps is a mistake rather than a wish. */
  private static final long MAX_BYTES = 64L << 20;

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
  static CovariateConfig config(ConfigValues values) {
    Map<String, CalendarCovariate> calendar = values.get(ConfigKeys.CALENDAR);
    calendar = calendar == null ? Map.of() : calendar;
    Feed feed = feed(values);
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
    return zone == null ? null : new CovariateConfig(feed, calendar, holidays, zone);
  }

  private static Feed feed(ConfigValues values) {
    if (!values.isGiven(ConfigKeys.COVARIATE_TOPIC)) {
      refuse(values, OF_TOPIC, "covariates.topic");
      return null;
    }
    List<String> names = values.get(ConfigKeys.COVARIATE_NAMES);
    if (!values.isGiven(ConfigKeys.COVARIATE_NAMES)) {
      values.problem(
          "must be given with covariates.topic: covariates.names, %s"
              .formatted(ConfigKeys.COVARIATE_NAMES.type().range()));
    }
    KeyedBy keyedBy = values.get(ConfigKeys.KEYED_BY);
    SourceFormat format = MappingRules.covariates(values, names, keyedBy != KeyedBy.GLOBAL);
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
        values.get(ConfigKeys.COVARIATE_TOPIC),
        format,
        keyedBy,
        names,
        values.get(ConfigKeys.COVARIATE_MAX_FUTURE),
        values.get(ConfigKeys.KEEP),
        new Waiting(
            values.get(ConfigKeys.WAIT),
            values.get(ConfigKeys.MAX_WAITING),
            values.get(ConfigKeys.ON_MISSING)));
  }

  private static HolidayRegion holidays(
      ConfigValues values, Map<String, CalendarCovariate> calendar) {
    if (calendar.isEmpty() && !values.isGiven(ConfigKeys.CALENDAR)) {
      refuse(values, OF_CALENDAR, "covariates.calendar");
    }
    String country = values.get(ConfigKeys.COUNTRY);
    String region = values.get(ConfigKeys.REGION);
    boolean needed = calendar.containsValue(CalendarCovariate.HOLIDAY);
    if (needed && !values.isGiven(ConfigKeys.COUNTRY)) {
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

  /** What is wrong between the job and the covariates that a model takes. */
  public static List<String> problems(JobConfig config, ForecasterSpec spec, ModelChannels model) {
    List<String> problems = new ArrayList<>();
    CovariateConfig covariates = config.covariates();
    if (model.futureCovariates().size() != spec.inputs().futureCovariates()) {
      problems.add(
          "must be a model that names the %d channels that it takes ahead: model.path=%s"
              .formatted(spec.inputs().futureCovariates(), config.model().path()));
      return problems;
    }
    Map<String, String> provided = new TreeMap<>();
    if (covariates.feed() != null) {
      covariates.feed().names().forEach(name -> provided.put(name, "covariates.names"));
    }
    covariates.calendar().keySet().forEach(name -> provided.put(name, "covariates.calendar"));
    for (String name : model.futureCovariates()) {
      if (!provided.containsKey(name)) {
        problems.add(
            "must be in covariates.names or covariates.calendar, for the model takes it ahead: %s"
                .formatted(name));
      }
    }
    provided.forEach(
        (name, key) -> {
          if (!model.futureCovariates().contains(name)) {
            problems.add(
                "must be among what the model takes ahead, %s: %s=%s"
                    .formatted(model.futureCovariates(), key, name));
          }
        });
    if (covariates.feed() != null) {
      checkSpan(config, spec, problems);
    }
    return problems;
  }

  private static void checkSpan(JobConfig config, ForecasterSpec spec, List<String> problems) {
    GridStep step = config.series().step();
    Duration horizon = step.length().multipliedBy(spec.predictionLength());
    Duration maxFuture = maxFuture(config, spec.predictionLength());
    if (maxFuture.compareTo(horizon) < 0) {
      problems.add(
          "must be at least the horizon, %s: covariates.max-future=%s"
              .formatted(horizon, maxFuture));
    }
    // A context that is too large is refused anyway.
    boolean fits = SeriesGrid.bytes(config, spec.contextLength()) <= MAX_BYTES;
    if (fits
        && CovariateGrid.bytes(config, spec.contextLength(), spec.predictionLength()) > MAX_BYTES) {
      problems.add(
          "must keep less than %d bytes of covariates for each key: covariates.max-future=%s, covariates.keep=%s, series.step=%s"
              .formatted(MAX_BYTES, maxFuture, config.covariates().feed().keep(), step.length()));
    }
  }

  /** How far ahead of the clock the time of covariates may lie. */
  public static Duration maxFuture(JobConfig config, int predictionLength) {
    Duration given = config.covariates().feed().maxFuture();
    if (given != null) {
      return given;
    }
    Duration twice = config.series().step().length().multipliedBy(2L * predictionLength);
    Duration natural = twice.compareTo(NATURAL_MAX_FUTURE) > 0 ? twice : NATURAL_MAX_FUTURE;
    // Ahead of observations that are ahead themselves.
    return natural.plus(config.source().maxFuture());
  }
}
