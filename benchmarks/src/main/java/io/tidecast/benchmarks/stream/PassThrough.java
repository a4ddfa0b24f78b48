package io.tidecast.benchmarks.stream;

import io.tidecast.benchmarks.inference.Speed;
import io.tidecast.cli.embedded.EmbeddedFlink;
import io.tidecast.cli.embedded.EmbeddedKafka;
import java.io.IOException;
import java.util.Map;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/** A job that copies the values of one topic to another, byte for byte, and does nothing else. */
final class PassThrough {

  private PassThrough() {}

  /** The share of records after which the clock starts: the job is warm then. */
  private static final double WARM = 0.25;

  /**
   * How fast a cluster of one slot copies a topic of one partition to another, which is made.
   *
   * @param records of the first topic
   */
  static Speed measure(EmbeddedKafka kafka, String from, String to, long records)
      throws InterruptedException, IOException {
    kafka.createTopic(to, 1, Map.of());
    try (EmbeddedFlink flink = EmbeddedFlink.start(1, new Configuration());
        TopicMeter meter = new TopicMeter(kafka.bootstrapServers(), to)) {
      StreamExecutionEnvironment env =
          StreamExecutionEnvironment.getExecutionEnvironment(new Configuration());
      env.setParallelism(1);
      build(env, kafka.bootstrapServers(), from, to);
      EmbeddedFlink.Job job = flink.submit(env.getStreamGraph());
      Speed speed = meter.await((long) (WARM * records), records, job::check);
      job.stop();
      return speed;
    }
  }

  private static void build(
      StreamExecutionEnvironment env, String bootstrapServers, String from, String to) {
    env.getConfig().enableObjectReuse();
    env.fromSource(source(bootstrapServers, from), WatermarkStrategy.noWatermarks(), "values")
        .sinkTo(sink(bootstrapServers, to));
  }

  /** Reads the values of a topic from its beginning. */
  static KafkaSource<byte[]> source(String bootstrapServers, String topic) {
    return KafkaSource.<byte[]>builder()
        .setBootstrapServers(bootstrapServers)
        .setTopics(topic)
        .setStartingOffsets(OffsetsInitializer.earliest())
        .setDeserializer(new Values())
        .build();
  }

  /** Writes values to a topic, at least once. */
  static KafkaSink<byte[]> sink(String bootstrapServers, String topic) {
    KafkaRecordSerializationSchema<byte[]> values =
        (value, context, timestamp) -> new ProducerRecord<>(topic, value);
    return KafkaSink.<byte[]>builder()
        .setBootstrapServers(bootstrapServers)
        .setDeliveryGuarantee(DeliveryGuarantee.AT_LEAST_ONCE)
        .setRecordSerializer(values)
        .build();
  }

  private static final class Values implements KafkaRecordDeserializationSchema<byte[]> {

    private static final long serialVersionUID = 1L;

    @Override
    public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<byte[]> out) {
      out.collect(record.value());
    }

    @Override
    public TypeInformation<byte[]> getProducedType() {
      return PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO;
    }
  }
}
