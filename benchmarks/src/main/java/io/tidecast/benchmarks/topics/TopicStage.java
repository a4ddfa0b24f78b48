package io.tidecast.benchmarks.topics;

import io.tidecast.cli.embedded.EmbeddedFlink;
import io.tidecast.cli.embedded.EmbeddedKafka;
import io.tidecast.cli.embedded.EmbeddedPipeline;
import io.tidecast.cli.embedded.ForecastReader;
import io.tidecast.flink.config.ConfigException;
import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.config.JobFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A broker and a Flink cluster in this JVM, in which one case after the other runs. */
final class TopicStage implements AutoCloseable {

  private static final int SLOTS = 2;
  private static final Duration LONGEST = Duration.ofMinutes(2);
  private static final Duration POLL = Duration.ofMillis(50);

  /** A job that does not end by itself has answered all when nothing came for so long. */
  private static final Duration QUIET = Duration.ofSeconds(5);

  private final Path root;
  private final EmbeddedKafka kafka;
  private final EmbeddedFlink flink;

  private TopicStage(Path root, EmbeddedKafka kafka, EmbeddedFlink flink) {
    this.root = root;
    this.kafka = kafka;
    this.flink = flink;
  }

  /**
   * Starts both.
   *
   * @param root of the clone, where the models of the zoo are
   */
  static TopicStage start(Path root) {
    EmbeddedKafka kafka = EmbeddedKafka.start();
    try {
      return new TopicStage(root, kafka, EmbeddedFlink.start(SLOTS, new Configuration()));
    } catch (RuntimeException e) {
      kafka.close();
      throw e;
    }
  }

  String bootstrapServers() {
    return kafka.bootstrapServers();
  }

  /** Makes the topics of a case and writes its records. */
  void prepare(TopicCase one) throws IOException {
    List<ProducerRecord<byte[], byte[]>> records = one.records();
    int partitions =
        records.stream()
                .mapToInt(record -> record.partition() == null ? 0 : record.partition())
                .max()
                .orElse(0)
            + 1;
    kafka.createTopic(one.topic(), partitions, Map.of());
    kafka.createTopic(one.topic() + TopicCase.FORECASTS, 1, Map.of());
    kafka.createTopic(one.topic() + TopicCase.DEAD_LETTERS, 1, Map.of());
    try (Producer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                kafka.bootstrapServers(),
                "max.request.size",
                EmbeddedKafka.MAX_MESSAGE_BYTES),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (ProducerRecord<byte[], byte[]> record : records) {
        producer.send(record).get();
      }
    } catch (InterruptedException | ExecutionException e) {
      throw new IOException("the records could not be written: " + one.name(), e);
    }
  }

  /**
   * Runs the job of a case that is prepared.
   *
   * @throws TimeoutException if it comes to no end
   */
  Outcome run(TopicCase one) throws IOException, TimeoutException {
    EmbeddedFlink.Job job;
    try {
      JobConfig config = JobFile.parse(one.job(kafka.bootstrapServers(), root));
      StreamGraph graph =
          EmbeddedPipeline.forecastJob(
              StreamExecutionEnvironment.getExecutionEnvironment(new Configuration()), config);
      job = flink.submit(graph);
    } catch (ConfigException e) {
      return Outcome.refused(
          e.problems().stream().map(problem -> problem.replace(one.folder() + "/", "")).toList());
    }
    long deadline = System.nanoTime() + LONGEST.toNanos();
    try (ForecastReader reader = reader(one)) {
      long lastRecord = System.nanoTime();
      while (one.ends() ? !job.finished() : System.nanoTime() - lastRecord < QUIET.toNanos()) {
        if (reader.poll(POLL) > 0) {
          lastRecord = System.nanoTime();
        }
        if (System.nanoTime() > deadline) {
          job.stop();
          throw new TimeoutException("the job came to no end: " + one.name());
        }
      }
      if (!one.ends()) {
        job.stop();
      }
      return rest(reader);
    }
  }

  /** Reads what the topics of a case hold, all of which is committed. */
  Outcome outcome(TopicCase one) {
    try (ForecastReader reader = reader(one)) {
      return rest(reader);
    }
  }

  private static Outcome rest(ForecastReader reader) {
    reader.readToEnd(LONGEST);
    return new Outcome(
        List.of(),
        reader.forecasts().stream().map(ForecastReader.Received::forecast).toList(),
        List.copyOf(reader.deadLetters()));
  }

  private ForecastReader reader(TopicCase one) {
    return new ForecastReader(
        kafka.bootstrapServers(),
        one.topic() + TopicCase.FORECASTS,
        one.topic() + TopicCase.DEAD_LETTERS);
  }

  @Override
  public void close() {
    try {
      flink.close();
    } finally {
      kafka.close();
    }
  }
}
