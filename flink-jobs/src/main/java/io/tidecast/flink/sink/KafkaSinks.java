package io.tidecast.flink.sink;

import io.tidecast.flink.kafka.KafkaSettings;
import java.util.Properties;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.kafka.clients.producer.ProducerConfig;

/** Makes the Kafka sinks of a job. */
public final class KafkaSinks {

  private KafkaSinks() {}

  /**
   * @param name of the sink among those of the job; no two may share it
   */
  public static <T> Sink<T> of(
      KafkaSettings kafka,
      SinkSettings.Kafka settings,
      String name,
      KafkaRecordSerializationSchema<T> serializer) {
    Properties properties = kafka.toProperties();
    // The connector's own default is an hour, which a broker refuses unless its limit was raised.
    properties.setProperty(
        ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
        String.valueOf(settings.transactionTimeout().toMillis()));
    KafkaSink<T> sink =
        KafkaSink.<T>builder()
            .setBootstrapServers(kafka.bootstrapServers())
            .setKafkaProducerConfig(properties)
            .setDeliveryGuarantee(
                settings.delivery() == Delivery.EXACTLY_ONCE
                    ? DeliveryGuarantee.EXACTLY_ONCE
                    : DeliveryGuarantee.AT_LEAST_ONCE)
            .setTransactionalIdPrefix(settings.transactionalIdPrefix() + "-" + name)
            .setRecordSerializer(serializer)
            .build();
    return new ContainedSink<>(sink);
  }
}
