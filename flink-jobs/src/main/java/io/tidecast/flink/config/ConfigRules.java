package io.tidecast.flink.config;

import io.tidecast.flink.format.SourceFormat;
import io.tidecast.flink.source.Stop;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** What must hold between keys. A key that was refused by itself breaks no rule here. */
public final class ConfigRules {

  private ConfigRules() {}

  static void check(ConfigValues values) {
    KafkaProperties.check(values);
    SeriesRules.check(values);
    Stop stop = values.get(ConfigKeys.STOP);
    refuseTheFuture(values, stop);
    boolean ends =
        values.get(ConfigKeys.SOURCE_FORMAT.format) == SourceFormat.Kind.CSV
            || (stop != null && stop.kind() != Stop.Kind.NEVER);
    if (ends) {
      refuseInAnEnd(values, ConfigKeys.REQUESTS_TOPIC);
      refuseInAnEnd(values, ConfigKeys.COVARIATE_TOPIC);
    }
    Duration interval = values.get(ConfigKeys.CHECKPOINT_INTERVAL);
    Duration timeout = values.get(ConfigKeys.TRANSACTION_TIMEOUT);
    if (interval != null && timeout != null && timeout.compareTo(interval.multipliedBy(2)) < 0) {
      values.problem(
          "must be at least twice checkpoints.interval, or the broker aborts what a checkpoint is"
              + " about to commit: sink.transaction-timeout=%s, checkpoints.interval=%s"
                  .formatted(timeout, interval));
    }
  }

  /**
   * Kafka knows no offset of a time that is still to come: the job would end with what there is.
   */
  private static void refuseTheFuture(ConfigValues values, @Nullable Stop stop) {
    Instant now = Instant.now();
    if (stop != null && stop.time() != null && stop.time().isAfter(now)) {
      values.problem(
          "must not be in the future, for what is written until then is not there to be read: source.stop=%s,"
                  .formatted(stop.time())
              + " and it is %s; use latest for all that there is, or never"
                  .formatted(now.truncatedTo(ChronoUnit.SECONDS)));
    }
  }

  /** What goes on for ever; and covariates would be read faster or slower than what needs them. */
  private static void refuseInAnEnd(ConfigValues values, ConfigKey<String> key) {
    if (values.isGiven(key)) {
      values.problem(
          "must not be given in a job that ends by itself: %s=%s"
              .formatted(key.path(), values.get(key)));
    }
  }
}
