package io.tidecast.flink.config;

import io.tidecast.flink.config.anomaly.AnomalyRules;
import io.tidecast.flink.config.device.DeviceRules;
import io.tidecast.flink.config.gauge.GaugeRules;
import io.tidecast.flink.config.key.CommandKeys;
import io.tidecast.flink.config.promotion.PromotionRules;
import io.tidecast.flink.config.value.ConfigKey;
import io.tidecast.flink.config.value.ConfigValues;
import io.tidecast.flink.format.SourceFormat;
import io.tidecast.flink.sink.Delivery;
import io.tidecast.flink.sink.LossPolicy;
import io.tidecast.flink.source.Stop;
import io.tidecast.runtime.serving.RunLimits;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** What must hold between keys. A key that was refused by itself breaks no rule here. */
public final class ConfigRules {

  private ConfigRules() {}

  static void check(ConfigValues values) {
    SeriesRules.check(values);
    checkRunTimeout(values);
    checkBatchDelay(values);
    DeviceRules.check(values);
    Stop stop = values.get(ConfigKeys.STOP);
    refuseTheFuture(values, stop);
    boolean ends =
        values.get(ConfigKeys.SOURCE_FORMAT.format) == SourceFormat.Kind.CSV
            || (stop != null && stop.kind() != Stop.Kind.NEVER);
    if (ends) {
      refuseInAnEnd(values, ConfigKeys.REQUESTS_TOPIC);
      refuseInAnEnd(values, ConfigKeys.COVARIATE_TOPIC);
      refuseInAnEnd(values, CommandKeys.TOPIC);
    }
    CommandRules.check(values);
    checkTransactions(values);
    SinkRules.check(values);
    ScoreRules.check(values);
    MixtureRules.check(values);
    PostgresRules.check(values);
    AnomalyRules.check(values);
    PromotionRules.check(values);
    GaugeRules.check(values);
  }

  private static void checkTransactions(ConfigValues values) {
    if (values.get(ConfigKeys.DELIVERY) != Delivery.EXACTLY_ONCE) {
      if (values.get(ConfigKeys.ON_LOST_TRANSACTION) == LossPolicy.REPLAY) {
        values.problem(
            "must be left out with sink.delivery=at-least-once, which has no transactions:"
                + " sink.on-lost-transaction=replay");
      }
      return;
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

  /** A window that waited for a run which is ended can still be given to the model alone. */
  static Duration runTimeout(ConfigValues values) {
    Duration given = values.get(ConfigKeys.RUN_TIMEOUT);
    if (given != null) {
      return given;
    }
    Duration third = values.require(ConfigKeys.TIMEOUT).dividedBy(3);
    Duration usual = RunLimits.DEFAULT.runTimeout();
    return third.compareTo(usual) < 0 ? third : usual;
  }

  private static void checkBatchDelay(ConfigValues values) {
    Duration delay = values.get(ConfigKeys.MAX_BATCH_DELAY);
    Duration window = values.get(ConfigKeys.TIMEOUT);
    if (delay != null && window != null && delay.compareTo(window) >= 0) {
      values.problem(
          "must be shorter than model.timeout, or windows fail while they wait for a batch to be full:"
              + " model.max-batch-delay=%s, model.timeout=%s".formatted(delay, window));
    }
  }

  private static void checkRunTimeout(ConfigValues values) {
    Duration run = values.get(ConfigKeys.RUN_TIMEOUT);
    Duration window = values.get(ConfigKeys.TIMEOUT);
    if (run != null && window != null && run.compareTo(window) > 0) {
      values.problem(
          "must not be longer than model.timeout, or every window of a run that is ended has failed before:"
              + " model.run-timeout=%s, model.timeout=%s".formatted(run, window));
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
