package io.tidecast.flink.metrics;

/** Every metric of the job, under the group {@code tidecast} of its operator. */
public enum JobMetric {
  /** Counter of records read, by a job that ends by itself. */
  RECORDS_READ("recordsRead"),
  /** Gauge of the latest time of an observation that such a job has read, epoch milliseconds. */
  EVENT_TIME_MILLIS("eventTimeMillis"),
  /** Counter of dead letters given to the sink, by {@code reason}. */
  DEAD_LETTERS("deadLetters"),
  /** Counter of windows that became no request, by {@code reason}. */
  SKIPPED_WINDOWS("skippedWindows"),
  /** Counter of windows whose future covariates were not all known in time. */
  MISSING_COVARIATES("missingCovariates"),
  /** Gauge of series that are remembered. */
  SERIES("series"),
  /** Counter of series that were forgotten. */
  FORGOTTEN_SERIES("forgottenSeries"),
  /** Counter of windows that were given to the model. */
  FORECAST_REQUESTS("forecastRequests"),
  /** Counter of the model's forecasts given to the sink. */
  FORECASTS("forecasts"),
  /** Counter of the baseline's forecasts, in place of the model's, given to the sink. */
  FALLBACK_FORECASTS("fallbackForecasts"),
  /** Counter of runs of the model that failed. */
  FAILED_RUNS("failedRuns"),
  /** Counter of windows that the model did not answer in time. */
  TIMED_OUT_WINDOWS("timedOutWindows"),
  /** Histogram of windows per run of the model. */
  BATCH_SIZE_WINDOWS("batchSizeWindows"),
  /** Histogram of the time of one run of the model, microseconds. */
  RUN_MICROS("runMicros"),
  /** Gauge of windows that wait for the model. */
  WAITING_WINDOWS("waitingWindows");

  private final String metricName;

  JobMetric(String metricName) {
    this.metricName = metricName;
  }

  /** The name in Flink, lower camel case, with the unit where it is not a plain count. */
  public String metricName() {
    return metricName;
  }
}
