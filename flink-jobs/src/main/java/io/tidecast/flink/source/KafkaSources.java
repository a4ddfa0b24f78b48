package io.tidecast.flink.source;

import static java.util.Objects.requireNonNull;

import io.tidecast.flink.kafka.ClientKind;
import io.tidecast.flink.kafka.KafkaSettings;
import io.tidecast.flink.record.ParsedMeasurement;
import io.tidecast.flink.record.ParsedRequest;
import java.time.Instant;
import java.util.Properties;
import java.util.regex.Pattern;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.KafkaSourceBuilder;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;

/** Makes the Kafka sources of a job. */
public final class KafkaSources {

  private final KafkaSettings kafka;
  private final String groupId;
  private final String jobName;

  /**
   * @param groupId consumer group of all sources
   * @param jobName begins the ids of their clients
   */
  public KafkaSources(KafkaSettings kafka, String groupId, String jobName) {
    this.kafka = kafka;
    this.groupId = groupId;
    this.jobName = jobName;
  }

  /** Of observations, up to where the settings stop. */
  public KafkaSource<ParsedMeasurement> observations(
      SourceSettings settings, ParseMeasurements parser) {
    KafkaSourceBuilder<ParsedMeasurement> source =
        this.<ParsedMeasurement>builder("")
            .setStartingOffsets(offsets(settings.start()))
            .setDeserializer(parser);
    Stop stop = settings.stop();
    switch (stop.kind()) {
      case NEVER -> {}
      case LATEST -> source.setBounded(new EndOffsets());
      case TIME -> {
        Instant time = requireNonNull(stop.time(), "time is null");
        source.setBounded(OffsetsInitializer.timestamp(time.toEpochMilli()));
      }
    }
    Topics topics = settings.topics();
    return topics.pattern() == null
        ? source.setTopics(topics.names()).build()
        : source.setTopicPattern(Pattern.compile(topics.pattern())).build();
  }

  /** Of requests for forecasts. */
  public KafkaSource<ParsedRequest> requests(String topic, ParseRequests parser) {
    return this.<ParsedRequest>builder("-requests")
        .setStartingOffsets(offsets(Start.COMMITTED))
        .setDeserializer(parser)
        .setTopics(topic)
        .build();
  }

  /** Of future covariates, from the first: values of the time ahead were written before now. */
  public KafkaSource<ParsedMeasurement> covariates(String topic, ParseMeasurements parser) {
    return this.<ParsedMeasurement>builder("-covariates")
        .setStartingOffsets(OffsetsInitializer.earliest())
        .setDeserializer(parser)
        .setTopics(topic)
        .build();
  }

  /** Of those future covariates that there are now. */
  public KafkaSource<ParsedMeasurement> knownCovariates(String topic, ParseMeasurements parser) {
    return this.<ParsedMeasurement>builder("-covariates")
        .setStartingOffsets(OffsetsInitializer.earliest())
        .setBounded(new EndOffsets())
        .setDeserializer(parser)
        .setTopics(topic)
        .build();
  }

  /** Of commands for the models of the job. */
  public <T> KafkaSource<T> commands(
      String topic, OffsetsInitializer start, KafkaRecordDeserializationSchema<T> parser) {
    return this.<T>builder("-commands")
        .setStartingOffsets(start)
        .setDeserializer(parser)
        .setTopics(topic)
        .build();
  }

  private <T> KafkaSourceBuilder<T> builder(String client) {
    Properties properties = kafka.toProperties(ClientKind.CONSUMER);
    // What an aborted transaction of a producer wrote never happened.
    properties.setProperty(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    return KafkaSource.<T>builder()
        .setBootstrapServers(kafka.bootstrapServers())
        .setGroupId(groupId)
        .setClientIdPrefix(jobName + client)
        .setProperties(properties);
  }

  @SuppressWarnings("deprecation") // The connector takes no other type.
  private static OffsetsInitializer offsets(Start start) {
    return switch (start) {
      case EARLIEST -> OffsetsInitializer.earliest();
      case LATEST -> OffsetsInitializer.latest();
      case COMMITTED -> OffsetsInitializer.committedOffsets(OffsetResetStrategy.EARLIEST);
    };
  }
}
