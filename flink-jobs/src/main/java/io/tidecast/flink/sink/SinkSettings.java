package io.tidecast.flink.sink;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import java.time.Duration;

/** Where forecasts go. */
public sealed interface SinkSettings {

  /** Where they go, for people. */
  String destination();

  /**
   * A topic of the job's brokers.
   *
   * @param transactionalIdPrefix begins the transactional ids of the job
   * @param transactionTimeout after which the broker aborts an open transaction
   * @param onLostTransaction what is done about one that it has aborted
   * @param key of the records
   * @param tuning of the producers
   */
  record Kafka(
      String topic,
      Delivery delivery,
      String transactionalIdPrefix,
      Duration transactionTimeout,
      LossPolicy onLostTransaction,
      Layout layout,
      RecordKey key,
      Tuning tuning,
      RecordSettings records)
      implements SinkSettings, Serializable {

    public Kafka {
      requireNonNull(topic, "topic is null");
      requireNonNull(delivery, "delivery is null");
      requireNonNull(transactionalIdPrefix, "transactionalIdPrefix is null");
      requireNonNull(transactionTimeout, "transactionTimeout is null");
      requireNonNull(onLostTransaction, "onLostTransaction is null");
      requireNonNull(layout, "layout is null");
      requireNonNull(key, "key is null");
      requireNonNull(tuning, "tuning is null");
      requireNonNull(records, "records is null");
    }

    /** Whole forecasts under their series, as Tidecast has always written them. */
    public Kafka(
        String topic,
        Delivery delivery,
        String transactionalIdPrefix,
        Duration transactionTimeout,
        LossPolicy onLostTransaction) {
      this(
          topic,
          delivery,
          transactionalIdPrefix,
          transactionTimeout,
          onLostTransaction,
          Layout.FORECAST,
          RecordKey.SERIES,
          Tuning.THROUGHPUT,
          RecordSettings.TIDECAST);
    }

    @Override
    public String destination() {
      return topic;
    }
  }
}
