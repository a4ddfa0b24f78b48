package io.tidecast.flink;

import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.covariates.CovariateSettings.Feed;
import io.tidecast.flink.covariates.CovariateSettings.KeyedBy;
import io.tidecast.flink.grid.MillisClock;
import io.tidecast.flink.source.ParseMeasurements;
import io.tidecast.flink.source.ParseRules;
import io.tidecast.runtime.manifest.ForecasterSpec;
import java.time.Duration;
import org.apache.flink.api.common.serialization.DeserializationSchema.InitializationContext;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.util.SimpleUserCodeClassLoader;
import org.apache.flink.util.UserCodeClassLoader;

/**
 * Makes what a job reads its records with, for the job itself and for those who want to see what it
 * would make of a record. Each must be opened before it is used, but for lines of files.
 */
public final class JobParsers {

  private JobParsers() {}

  /** Of the records, or the lines, that observations come from. */
  public static ParseMeasurements observations(JobConfig config, MillisClock clock) {
    return new ParseMeasurements(
        ParseRules.observations(config.source(), config.series().channels(), config.deadLetters()),
        clock);
  }

  /**
   * Of the records of a topic of future covariates.
   *
   * @param spec of the model that they are for
   */
  public static ParseMeasurements covariates(
      JobConfig config, Feed feed, ForecasterSpec spec, MillisClock clock) {
    return covariates(
        config, feed, ModelFit.maxFuture(config, feed, spec.predictionLength()), clock);
  }

  /** The same for values that may lie so far ahead of the clock. */
  static ParseMeasurements covariates(
      JobConfig config, Feed feed, Duration maxFuture, MillisClock clock) {
    return new ParseMeasurements(
        ParseRules.covariates(
            feed.format(),
            feed.names().size(),
            feed.keyedBy() != KeyedBy.GLOBAL,
            maxFuture,
            config.deadLetters()),
        clock);
  }

  /** Opens a parser outside of a job, where nobody reads metrics. */
  public static void open(ParseMeasurements parser) {
    parser.open(
        new InitializationContext() {
          @Override
          public MetricGroup getMetricGroup() {
            return new UnregisteredMetricsGroup();
          }

          @Override
          public UserCodeClassLoader getUserCodeClassLoader() {
            return SimpleUserCodeClassLoader.create(JobParsers.class.getClassLoader());
          }
        });
  }
}
