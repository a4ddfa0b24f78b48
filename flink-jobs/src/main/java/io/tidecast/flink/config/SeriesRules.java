package io.tidecast.flink.config;

import io.tidecast.flink.config.value.ConfigValues;
import io.tidecast.flink.grid.Cadence;
import io.tidecast.flink.series.Close;
import io.tidecast.runtime.grid.GridStep;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What must hold between the keys of the grid. */
final class SeriesRules {

  private static final Duration LONGEST_WITH_TIMES = Duration.ofDays(1);

  private SeriesRules() {}

  static void check(ConfigValues values) {
    GridStep step = values.get(ConfigKeys.STEP);
    GridRules.check(values);
    CellRules.check(values);
    checkCadence(values, step);
    checkRetention(values);
    boolean reissue = Boolean.TRUE.equals(values.get(ConfigKeys.REISSUE));
    boolean arrival = CellRules.close(values) == Close.ARRIVAL;
    if (reissue && !arrival && Duration.ZERO.equals(values.get(ConfigKeys.ALLOWED_LATENESS))) {
      values.problem(
          "must go with series.allowed-lateness above 0s, or no closed cell ever changes:"
              + " series.reissue=true");
    }
  }

  private static void checkCadence(ConfigValues values, @Nullable GridStep step) {
    Integer every = values.get(ConfigKeys.FORECAST_EVERY);
    if (values.isGiven(ConfigKeys.FORECAST_AT)) {
      if (values.isGiven(ConfigKeys.FORECAST_EVERY)) {
        values.problem("must not be given with series.forecast-at: series.forecast-every=" + every);
      }
      if (step != null && step.length().compareTo(LONGEST_WITH_TIMES) > 0) {
        values.problem(
            "must be no longer than a day with series.forecast-at: series.step=" + step.length());
      }
    } else if (every != null && every == Cadence.NEVER) {
      if (!values.isGiven(ConfigKeys.REQUESTS_TOPIC)) {
        values.problem(
            "must go with requests.topic, or nothing is ever forecast: series.forecast-every=never");
      }
      if (Boolean.TRUE.equals(values.get(ConfigKeys.REISSUE))) {
        values.problem(
            "must not go with series.forecast-every=never, forecasts on request are not made again:"
                + " series.reissue=true");
      }
    }
  }

  private static void checkRetention(ConfigValues values) {
    Duration timeToLive = values.get(ConfigKeys.TIME_TO_LIVE);
    Duration outOfOrderness = values.get(ConfigKeys.MAX_OUT_OF_ORDERNESS);
    Duration lateness = values.get(ConfigKeys.ALLOWED_LATENESS);
    if (timeToLive != null
        && outOfOrderness != null
        && lateness != null
        && timeToLive.compareTo(outOfOrderness.plus(lateness)) < 0) {
      values.problem(
          "must be at least source.max-out-of-orderness=%s and series.allowed-lateness=%s together:"
                  .formatted(outOfOrderness, lateness)
              + " series.time-to-live="
              + timeToLive);
    }
    Integer maxSeries = values.get(ConfigKeys.MAX_SERIES);
    Integer parallelism = values.get(ConfigKeys.PARALLELISM);
    if (maxSeries != null && parallelism != null && maxSeries < parallelism) {
      values.problem(
          "must be at least job.parallelism=%d, or a subtask could remember none: series.max-series=%d"
              .formatted(parallelism, maxSeries));
    }
  }
}
