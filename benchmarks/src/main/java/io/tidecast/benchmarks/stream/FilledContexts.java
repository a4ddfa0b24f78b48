package io.tidecast.benchmarks.stream;

import io.tidecast.cli.embedded.EmbeddedFlink;
import io.tidecast.cli.embedded.EmbeddedKafka;
import io.tidecast.flink.RocksDbDefaults;
import io.tidecast.flink.state.OperatorUids;
import java.net.URI;
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
public final class FilledContexts {

  /** How many series are observed; a multiple of all the cells from one forecast to the next. */
  private static final int OBSERVED = 960;

  /** The same where few series are made. */
  private static final int FEW_OBSERVED = 96;

  private static final int FEW = 50_000;

  private static final String TOPIC = "filling";
  private static final String INDICES = "indices";
  private static final String COPIED = "copied";
  private static final Duration POLL = Duration.ofMillis(50);

  private final EmbeddedKafka kafka;
  private final Path observed;
  private final boolean journaled;

  private FilledContexts(EmbeddedKafka kafka, Path observed, boolean journaled) {
    this.kafka = kafka;
    this.observed = observed;
    this.journaled = journaled;
  }

  /**
   * Observes some series up to where others are to begin, and keeps their state.
   *
   * @param keys of the job that say what is kept of a series, if others than its defaults
   * @param folder that takes it
   */
  public static FilledContexts before(
      EmbeddedKafka kafka, SteadySeries series, Map<String, Object> keys, Path folder)
      throws Exception {
    SteadySeries few =
        new SteadySeries(
            observedFor(series.series()),
            series.contextLength(),
            series.every(),
            -series.every(),
            series.from());
    WithoutModel.Setup setup = new WithoutModel.Setup(TOPIC, TOPIC, keys, new Configuration());
    kafka.createTopic(TOPIC, 1, Map.of());
    WithoutModel.createTopics(kafka, setup);
    few.produce(kafka.bootstrapServers(), TOPIC);
    // It is rejected: its dead letter says that all before it has been read.
    produceNumbers(kafka, TOPIC, 1);
    try (EmbeddedFlink flink = EmbeddedFlink.start(1, setup.cluster());
        TopicMeter rejected = new TopicMeter(kafka.bootstrapServers(), setup.deadLetters())) {
      EmbeddedFlink.Job job = WithoutModel.submit(flink, kafka.bootstrapServers(), few, setup);
      await(rejected, 1, job);
      return new FilledContexts(kafka, job.savepoint(folder), series.isJournaled());
    }
  }

  private static int observedFor(int series) {
    return series < FEW ? FEW_OBSERVED : OBSERVED;
  }

  /**
   * Makes the state of many series here.
   *
   * @param cluster settings, the state backend among them
   * @param folder that takes the state
   * @return a savepoint of the backend's own form
   */
  Path fill(int series, Configuration cluster, Path folder) throws Exception {
    return copying(series, folder.getFileName().toString()).run(cluster, folder);
  }

  /**
   * Gets all ready for the state of many series.
   *
   * @param name of its topics, another for each
   */
  public Copying copying(int series, String name) {
    kafka.createTopic(INDICES + name, 1, Map.of());
    kafka.createTopic(COPIED + name, 1, Map.of());
    produceNumbers(kafka, INDICES + name, series);
    return new Copying(
        kafka.bootstrapServers(), name, observed.toUri().toString(), series, journaled);
  }

  /**
   * Makes the state of many series, in any process.
   *
   * @param name of its topics, which are there
   * @param observed savepoint of few series, a URI
   * @param journaled whether series have a journal
   */
  public record Copying(
      String bootstrapServers, String name, String observed, int series, boolean journaled) {

    /**
     * Makes it.
     *
     * @param cluster settings, the state backend among them
     * @param folder that takes the state
     * @return a savepoint of the backend's own form
     */
    public Path run(Configuration cluster, Path folder) throws Exception {
      Configuration settings = new Configuration(cluster);
      // Files are to be as those of the job that goes on with them.
      RocksDbDefaults.addTo(settings, cluster);
      goOnFrom(Path.of(URI.create(observed)), settings);
      StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(settings);
      env.setParallelism(1);
      env.fromSource(
              PassThrough.source(bootstrapServers, INDICES + name),
              WatermarkStrategy.noWatermarks(),
              INDICES)
          .keyBy(index -> SteadySeries.scattered(number(index)), Types.STRING)
          .transform(
              "copy",
              PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO,
              new CopySeries(observedFor(series), journaled))
          .uid(OperatorUids.WINDOW)
          .sinkTo(PassThrough.sink(bootstrapServers, COPIED + name));
      try (EmbeddedFlink flink = EmbeddedFlink.start(1, cluster);
          TopicMeter copied = new TopicMeter(bootstrapServers, COPIED + name)) {
        EmbeddedFlink.Job job = flink.submit(env.getStreamGraph());
        await(copied, series, job);
        return job.stop(folder);
      }
    }
  }

  /** Has a job begin with the series of a savepoint; what others than they keep there is left. */
  public static void goOnFrom(Path savepoint, Configuration settings) {
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
