package io.tidecast.flink.sink;

import static java.util.Objects.requireNonNull;

import io.tidecast.flink.kafka.ClientKind;
import io.tidecast.flink.kafka.KafkaSettings;
import java.io.Serializable;
import java.time.Duration;
import java.util.Properties;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.jspecify.annotations.Nullable;

/** Where forecasts go. */
public sealed interface SinkSettings {

  /** Where they go, for people. */
  String destination();

  /**
   * Topics of the job's brokers.
   *
   * @param topic of forecasts
   * @param shadowTopic of those that are made beside them; null where there are none
   * @param transactionalIdPrefix begins the transactional ids of the job
   * @param transactionTimeout after which the broker aborts an open transaction
   * @param onLostTransaction what is done about one that it has aborted
   * @param key of the records
   * @param tuning of the producers
   */
  record Kafka(
      String topic,
      @Nullable String shadowTopic,
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
          null,
          delivery,
          transactionalIdPrefix,
          transactionTimeout,
          onLostTransaction,
          Layout.FORECAST,
          RecordKey.SERIES,
          Tuning.THROUGHPUT,
          RecordSettings.TIDECAST);
    }

    /**
     * What the producers of the sink are given: the tuning, where the properties of the job say
     * nothing else; a copy.
     */
    public Properties producerProperties(KafkaSettings kafka) {
      Properties properties = kafka.toProperties(ClientKind.PRODUCER);
      tuning.producerProperties().forEach(properties::putIfAbsent);
      // The connector's own default is an hour, which a broker refuses unless its limit was raised.
      properties.setProperty(
          ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, String.valueOf(transactionTimeout.toMillis()));
      return properties;
    }

    @Override
    public String destination() {
      return topic;
    }
  }
}
