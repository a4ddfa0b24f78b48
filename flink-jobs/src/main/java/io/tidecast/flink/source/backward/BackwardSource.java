package io.tidecast.flink.source.backward;

import static java.util.Objects.requireNonNull;

import io.tidecast.flink.kafka.ClientKind;
import io.tidecast.flink.kafka.KafkaSettings;
import io.tidecast.flink.record.ParsedMeasurement;
import io.tidecast.flink.source.ParseMeasurements;
import io.tidecast.flink.source.SourceSettings;
import java.util.Map;
import org.apache.flink.api.common.serialization.DeserializationSchema.InitializationContext;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.java.typeutils.ResultTypeQueryable;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.util.UserCodeClassLoader;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Topics that were written newest first, from where the job ends back to their first records. Each
 * partition comes as if it had been written the other way round. Nothing is committed for a
 * consumer group: an offset would say that what is before it was read.
 */
public final class BackwardSource
    implements Source<ParsedMeasurement, BackwardSplit, WaitingSplits>,
        ResultTypeQueryable<ParsedMeasurement> {

  private static final long serialVersionUID = 1L;

  /** What a block may take. Four are there at most: one is read, two wait, one is parsed. */
  private static final long MAX_BLOCK_BYTES = 8L << 20;

  private final PartitionBounds bounds;
  private final String clientId;
  private final ParseMeasurements parser;

  /**
   * @param settings of a source that ends
   * @param clientId begins the ids of its clients
   */
  public BackwardSource(
      KafkaSettings kafka, SourceSettings settings, String clientId, ParseMeasurements parser) {
    this.bounds = new PartitionBounds(kafka, settings.topics(), settings.stop());
    this.clientId = requireNonNull(clientId, "clientId is null");
    this.parser = requireNonNull(parser, "parser is null");
  }

  @Override
  public Boundedness getBoundedness() {
    return Boundedness.BOUNDED;
  }

  @Override
  public SourceReader<ParsedMeasurement, BackwardSplit> createReader(SourceReaderContext context) {
    parser.open(new Opening(context));
    String id = clientId + "-" + context.getIndexOfSubtask();
    return new BackwardReader(
        () -> new BackwardBlocks(consumer(id), MAX_BLOCK_BYTES), parser, context);
  }

  /** What the parser is told of the reader that it works in. */
  private record Opening(SourceReaderContext context) implements InitializationContext {

    @Override
    public MetricGroup getMetricGroup() {
      return context.metricGroup().addGroup("deserializer");
    }

    @Override
    public UserCodeClassLoader getUserCodeClassLoader() {
      return context.getUserCodeClassLoader();
    }
  }

  private Consumer<byte[], byte[]> consumer(String id) {
    Map<String, Object> properties = bounds.kafka().clientProperties(ClientKind.CONSUMER);
    properties.put(ConsumerConfig.CLIENT_ID_CONFIG, id);
    // What an aborted transaction of a producer wrote never happened.
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    return new KafkaConsumer<>(
        properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  @Override
  public SplitEnumerator<BackwardSplit, WaitingSplits> createEnumerator(
      SplitEnumeratorContext<BackwardSplit> context) {
    return new BackwardEnumerator(context, bounds, WaitingSplits.NOT_FOUND);
  }

  @Override
  public SplitEnumerator<BackwardSplit, WaitingSplits> restoreEnumerator(
      SplitEnumeratorContext<BackwardSplit> context, WaitingSplits kept) {
    return new BackwardEnumerator(context, bounds, kept);
  }

  @Override
  public SimpleVersionedSerializer<BackwardSplit> getSplitSerializer() {
    return new BackwardSplit.Serializer();
  }

  @Override
  public SimpleVersionedSerializer<WaitingSplits> getEnumeratorCheckpointSerializer() {
    return new WaitingSplits.Serializer();
  }

  @Override
  public TypeInformation<ParsedMeasurement> getProducedType() {
    return TypeInformation.of(ParsedMeasurement.class);
  }
}
