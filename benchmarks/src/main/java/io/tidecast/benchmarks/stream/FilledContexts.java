package io.tidecast.benchmarks.stream;

import io.tidecast.cli.embedded.EmbeddedFlink;
import io.tidecast.cli.embedded.EmbeddedKafka;
import io.tidecast.flink.RocksDbDefaults;
import io.tidecast.flink.state.OperatorUids;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Gives many series contexts that are full, in much less time than their observations would take.
 *
 * <pre>
 *  some hundred series, every observation -> the job -> savepoint -> {@link CopySeries} -> savepoint of a million
 * </pre>
 *
 * <p>The bytes are those that the job itself has made of {@linkplain SteadySeries#reading
 * readings}. Two series with the same bytes lie far from each other wherever state is sorted, so
 * that the copies compress no better than a million series of their own.
 */
final class FilledContexts {

  /** How many series are observed; a multiple of all the cells from one forecast to the next. */
  private static final int OBSERVED = 960;

  private static final String TOPIC = "filling";
  private static final String INDICES = "indices";
  private static final String COPIED = "copied";
  private static final Duration POLL = Duration.ofMillis(50);

  private final EmbeddedKafka kafka;
  private final Path observed;

  private FilledContexts(EmbeddedKafka kafka, Path observed) {
    this.kafka = kafka;
    this.observed = observed;
  }

  /**
   * Observes some series up to where others are to begin, and keeps their state.
   *
   * @param folder that takes it
   */
  static FilledContexts before(EmbeddedKafka kafka, SteadySeries series, Path folder)
      throws Exception {
    SteadySeries few =
        new SteadySeries(
            OBSERVED, series.contextLength(), series.every(), -series.every(), series.from());
    WithoutModel.Setup setup = new WithoutModel.Setup(TOPIC, TOPIC, Map.of(), new Configuration());
    kafka.createTopic(TOPIC, 1, Map.of());
    WithoutModel.createTopics(kafka, setup);
    few.produce(kafka.bootstrapServers(), TOPIC);
    // It is rejected: its dead letter says that all before it has been read.
    produceNumbers(kafka, TOPIC, 1);
    try (EmbeddedFlink flink = EmbeddedFlink.start(1, setup.cluster());
        TopicMeter rejected = new TopicMeter(kafka.bootstrapServers(), setup.deadLetters())) {
      EmbeddedFlink.Job job = WithoutModel.submit(flink, kafka, few, setup);
      await(rejected, 1, job);
      return new FilledContexts(kafka, job.savepoint(folder));
    }
  }

  /**
   * Makes the state of many series.
   *
   * @param cluster settings, the state backend among them
   * @param folder that takes the state
   * @return a savepoint of the backend's own form
   */
  Path fill(int series, Configuration cluster, Path folder) throws Exception {
    String name = folder.getFileName().toString();
    kafka.createTopic(INDICES + name, 1, Map.of());
    kafka.createTopic(COPIED + name, 1, Map.of());
    produceNumbers(kafka, INDICES + name, series);
    Configuration settings = new Configuration(cluster);
    // Files are to be as those of the job that goes on with them.
    RocksDbDefaults.addTo(settings, cluster);
    goOnFrom(observed, settings);
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(settings);
    env.setParallelism(1);
    env.fromSource(
            PassThrough.source(kafka.bootstrapServers(), INDICES + name),
            WatermarkStrategy.noWatermarks(),
            INDICES)
        .keyBy(index -> SteadySeries.scattered(number(index)), Types.STRING)
        .transform(
            "copy", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO, new CopySeries(OBSERVED))
        .uid(OperatorUids.WINDOW)
        .sinkTo(PassThrough.sink(kafka.bootstrapServers(), COPIED + name));
    try (EmbeddedFlink flink = EmbeddedFlink.start(1, cluster);
        TopicMeter copied = new TopicMeter(kafka.bootstrapServers(), COPIED + name)) {
      EmbeddedFlink.Job job = flink.submit(env.getStreamGraph());
      await(copied, series, job);
      return job.stop(folder);
    }
  }

  /** Has a job begin with the series of a savepoint; what others than they keep there is left. */
  static void goOnFrom(Path savepoint, Configuration settings) {
    settings.set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint.toUri().toString());
    settings.set(StateRecoveryOptions.SAVEPOINT_IGNORE_UNCLAIMED_STATE, true);
  }

  static int number(byte[] record) {
    return ByteBuffer.wrap(record).getInt();
  }

  private static void produceNumbers(EmbeddedKafka kafka, String topic, int end) {
    try (Producer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers(), "linger.ms", 20),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (int i = 0; i < end; i++) {
        byte[] number = ByteBuffer.allocate(Integer.BYTES).putInt(i).array();
        var unused =
            producer.send(
                new ProducerRecord<>(topic, number),
                (metadata, failure) -> {
                  if (failure != null) {
                    throw new IllegalStateException(failure);
                  }
                });
      }
    }
  }

  private static void await(TopicMeter topic, long records, EmbeddedFlink.Job job)
      throws InterruptedException {
    while (topic.count() < records) {
      job.check();
      Thread.sleep(POLL.toMillis());
    }
  }
}
