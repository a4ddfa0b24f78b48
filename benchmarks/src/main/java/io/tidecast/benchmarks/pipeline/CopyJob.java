package io.tidecast.benchmarks.pipeline;

import io.tidecast.cli.embedded.EmbeddedFlink;
import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.config.JobFile;
import io.tidecast.flink.kafka.ClientKind;
import io.tidecast.flink.sink.Delivery;
import io.tidecast.flink.sink.SinkSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.locks.LockSupport;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.sink.TransactionNamingStrategy;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * The least that a job can do: it reads the observations of a job file and writes for each of them
 * a record of those that the job itself wrote, with the Kafka settings, the delivery, the commits
 * and the parallelism of the job file. Nothing is decoded, kept or shuffled. It may be held to a
 * rate, for what goes by the clock costs a record less the more records there are in a second.
 *
 * <p>Its process begins with {@link #main} and ends when it is killed.
 */
final class CopyJob {

  private CopyJob() {}

  /**
   * Takes the job file, the file of records to write, the topic that they go to, and how many
   * records a second are copied at most.
   */
  public static void main(String[] arguments) throws IOException {
    JobConfig config = JobFile.load(Path.of(arguments[0]));
    SampleRecords samples = SampleRecords.read(Path.of(arguments[1]));
    StreamExecutionEnvironment environment =
        StreamExecutionEnvironment.getExecutionEnvironment(new Configuration());
    Values values = new Values(Double.parseDouble(arguments[3]) / config.job().parallelism());
    build(environment, config, new Copied(values, samples, arguments[2]));
    // Never closed: whoever measures kills the process.
    EmbeddedFlink flink = EmbeddedFlink.start(config.job().parallelism(), new Configuration());
    EmbeddedFlink.Job job = flink.submit(environment.getStreamGraph());
    job.check();
  }

  /** What is read, and what is written for it and where to. */
  private record Copied(Values values, SampleRecords samples, String topic) {}

  private static void build(
      StreamExecutionEnvironment environment, JobConfig config, Copied copied) {
    String topic = copied.topic;
    environment.setParallelism(config.job().parallelism());
    environment.enableCheckpointing(config.checkpoints().interval().toMillis());
    environment.getConfig().enableObjectReuse();
    List<String> from = config.source().topics().names();
    Properties reading = config.kafka().toProperties(ClientKind.CONSUMER);
    reading.setProperty("isolation.level", "read_committed");
    KafkaSource<byte[]> source =
        KafkaSource.<byte[]>builder()
            .setBootstrapServers(config.kafka().bootstrapServers())
            .setGroupId(topic)
            .setTopics(from)
            .setProperties(reading)
            .setStartingOffsets(OffsetsInitializer.earliest())
            .setDeserializer(copied.values)
            .build();
    KafkaSink<byte[]> sink =
        KafkaSink.<byte[]>builder()
            .setBootstrapServers(config.kafka().bootstrapServers())
            .setKafkaProducerConfig(sink(config).producerProperties(config.kafka()))
            .setDeliveryGuarantee(
                sink(config).delivery() == Delivery.EXACTLY_ONCE
                    ? DeliveryGuarantee.EXACTLY_ONCE
                    : DeliveryGuarantee.AT_LEAST_ONCE)
            .setTransactionalIdPrefix(topic)
            .setTransactionNamingStrategy(TransactionNamingStrategy.INCREMENTING)
            .setRecordSerializer(new Samples(topic, copied.samples))
            .build();
    environment
        .fromSource(source, WatermarkStrategy.noWatermarks(), "observations")
        .sinkTo(sink)
        .name("copies");
  }

  private static SinkSettings.Kafka sink(JobConfig config) {
    if (config.sink() instanceof SinkSettings.Kafka kafka) {
      return kafka;
    }
    throw new IllegalArgumentException("must be a topic: sink=" + config.sink().destination());
  }

  /** Reads as many records a second as it may, and sleeps for a moment when it is ahead. */
  private static final class Values implements KafkaRecordDeserializationSchema<byte[]> {

    private static final long serialVersionUID = 1L;

    /** So far ahead it sleeps: it is not woken for each record. */
    private static final long AHEAD_NANOS = 5_000_000;

    private final double distanceNanos;
    private long startNanos;
    private long records;

    Values(double perSecond) {
      this.distanceNanos = 1e9 / perSecond;
    }

    @Override
    public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<byte[]> out) {
      if (records == 0) {
        startNanos = System.nanoTime();
      }
      long aheadNanos = startNanos + (long) (records++ * distanceNanos) - System.nanoTime();
      if (aheadNanos > AHEAD_NANOS) {
        LockSupport.parkNanos(aheadNanos);
      }
      out.collect(record.value());
    }

    @Override
    public TypeInformation<byte[]> getProducedType() {
      return PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO;
    }
  }

  private static final class Samples implements KafkaRecordSerializationSchema<byte[]> {

    private static final long serialVersionUID = 1L;

    private final String topic;
    private final SampleRecords samples;
    private int next;

    Samples(String topic, SampleRecords samples) {
      this.topic = topic;
      this.samples = samples;
    }

    @Override
    public ProducerRecord<byte[], byte[]> serialize(
        byte[] observation, KafkaSinkContext context, Long timestamp) {
      return samples.record(topic, next++);
    }
  }
}
