package io.tidecast.benchmarks.fuzz;

import io.tidecast.benchmarks.echo.EchoModel;
import io.tidecast.benchmarks.formats.RecordFormat;
import io.tidecast.benchmarks.formats.Sample;
import io.tidecast.cli.embedded.EmbeddedFlink;
import io.tidecast.cli.embedded.EmbeddedKafka;
import io.tidecast.cli.embedded.EmbeddedPipeline;
import io.tidecast.cli.embedded.ForecastReader;
import io.tidecast.cli.meter.JobFigures;
import io.tidecast.cli.meter.JobMeter;
import io.tidecast.flink.config.JobBuilder;
import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.metrics.JobMetric;
import io.tidecast.schemas.DeadLetter;
import io.tidecast.schemas.Forecast;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A broker in this JVM, and jobs that read broken records from it, one after the other. */
final class FuzzStage implements AutoCloseable {

  static final int CONTEXT = 8;

  private static final String CANARY = "canary";
  private static final Duration LONGEST = Duration.ofMinutes(8);
  private static final Duration POLL = Duration.ofMillis(100);
  private static final long START_MILLIS = 1_699_999_980_000L;
  private static final long STEP_MILLIS = 60_000;
  private static final int SERIES = 50;

  /** Of so many records one is left as it is. */
  private static final int WHOLE = 20;

  private final EmbeddedKafka kafka;
  private final Path model;
  private int jobs;

  private FuzzStage(EmbeddedKafka kafka, Path model) {
    this.kafka = kafka;
    this.model = model;
  }

  /**
   * Starts a broker.
   *
   * @param folder an empty one
   */
  static FuzzStage start(Path folder) throws IOException {
    Path model = EchoModel.write(folder, CONTEXT);
    return new FuzzStage(EmbeddedKafka.start(), model);
  }

  /** Runs a job over records of a format, most of which are broken. */
  FuzzAccount run(RecordFormat format, long records, long seed) throws TimeoutException {
    jobs++;
    String topic = "fuzz-%s-%d".formatted(format.name(), jobs);
    // A record may be of any time.
    kafka.createTopic(
        topic, 1, Map.of("message.timestamp.after.max.ms", String.valueOf(Long.MAX_VALUE)));
    kafka.createTopic(topic + "-out", 1, Map.of());
    kafka.createTopic(topic + ".dlq", 1, Map.of());
    long canaries = send(format, topic, records, seed);
    Configuration settings = new Configuration();
    JobMeter meter = JobMeter.of(settings);
    try (EmbeddedFlink flink = EmbeddedFlink.start(1, settings);
        ForecastReader reader =
            new ForecastReader(kafka.bootstrapServers(), topic + "-out", topic + ".dlq")) {
      EmbeddedFlink.Job job =
          flink.submit(
              EmbeddedPipeline.forecastJob(
                  StreamExecutionEnvironment.getExecutionEnvironment(new Configuration()),
                  config(format, topic)));
      Outcomes outcomes = new Outcomes();
      long deadline = System.nanoTime() + LONGEST.toNanos();
      while (!job.finished()) {
        outcomes.take(reader);
        if (System.nanoTime() > deadline) {
          throw new TimeoutException("the job came to no end: " + topic);
        }
      }
      JobFigures figures = meter.figures();
      outcomes.takeAll(reader, figures);
      return new FuzzAccount(
          format.name(),
          records,
          figures.sum(JobMetric.ACCEPTED_RECORDS),
          figures.sum(JobMetric.REFUSED_RECORDS),
          figures.sum(JobMetric.PASSED_OVER_RECORDS),
          figures.byReason(JobMetric.DEAD_LETTERS),
          outcomes.deadLetters,
          job.restarts(),
          canaries,
          outcomes.answered);
    } finally {
      kafka.deleteTopics(List.of(topic, topic + "-out", topic + ".dlq"));
    }
  }

  /** Writes the records and returns how many of them are of the series that nobody breaks. */
  private long send(RecordFormat format, String topic, long records, long seed) {
    Random random = new Random(seed);
    Mutator mutator = new Mutator(random);
    long canaries = 0;
    try (Producer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers(), "linger.ms", 20),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (long i = 0; i < records; i++) {
        if (i % WHOLE == 0) {
          Sample sample =
              new Sample(CANARY, START_MILLIS + canaries * STEP_MILLIS, canary(canaries));
          var unused = producer.send(format.record(topic, sample));
          canaries++;
        } else {
          Sample sample =
              new Sample(
                  "series-" + random.nextInt(SERIES),
                  START_MILLIS + i * STEP_MILLIS,
                  random.nextInt(100_000) / 16.0);
          var unused = producer.send(mutator.mutate(format.record(topic, sample)));
        }
      }
    }
    return canaries;
  }

  private static double canary(long index) {
    return index % 997;
  }

  private JobConfig config(RecordFormat format, String topic) {
    JobBuilder job =
        JobConfig.builder()
            .set("kafka.bootstrap-servers", kafka.bootstrapServers())
            .set("source.topic", topic)
            .set("source.group-id", topic)
            .set("source.start", "earliest")
            .set("source.stop", "latest")
            .set("series.step", "1min")
            .set("series.fill", "none")
            .set("series.max-series", 2_000)
            .set("model.path", model.toString())
            .set("sink.topic", topic + "-out")
            .set("sink.transactional-id-prefix", topic)
            .set("checkpoints.interval", "1s");
    format.keys().forEach(job::set);
    return job.build();
  }

  /** What the topics hold. */
  private static final class Outcomes {

    private final Map<String, Long> deadLetters = new TreeMap<>();
    private long answered;

    int take(ForecastReader reader) {
      int read = reader.poll(POLL);
      for (DeadLetter letter : reader.takeDeadLetters()) {
        deadLetters.merge(letter.getReason(), 1L, Long::sum);
      }
      for (ForecastReader.Received received : reader.takeForecasts()) {
        answered += isRight(received.forecast()) ? 1 : 0;
      }
      return read;
    }

    /** Takes what is committed by now, which is as many as the job counted. */
    void takeAll(ForecastReader reader, JobFigures figures) {
      long quiet = System.nanoTime() + Duration.ofSeconds(20).toNanos();
      while (System.nanoTime() < quiet
          && !deadLetters.equals(figures.byReason(JobMetric.DEAD_LETTERS))) {
        take(reader);
      }
      while (take(reader) > 0) {
        // Goes on to the end.
      }
    }

    private static boolean isRight(Forecast forecast) {
      if (!forecast.getSeries().startsWith(CANARY) || forecast.getFallback()) {
        return false;
      }
      long newest = (forecast.getOrigin().toEpochMilli() - START_MILLIS) / STEP_MILLIS;
      List<Double> points = forecast.getPoints();
      for (int i = 0; i < points.size(); i++) {
        if (points.get(i) != canary(newest - points.size() + 1 + i)) {
          return false;
        }
      }
      return true;
    }
  }

  @Override
  public void close() {
    kafka.close();
  }
}
