package io.tidecast.cli.savepoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.cli.embedded.EmbeddedFlink;
import io.tidecast.cli.embedded.EmbeddedKafka;
import io.tidecast.cli.embedded.ForecastReader;
import io.tidecast.flink.ForecastJob;
import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.config.JobFile;
import io.tidecast.flink.model.ForecasterFactory;
import io.tidecast.flink.model.ModelSlot;
import io.tidecast.flink.model.ModelSlots;
import io.tidecast.schemas.DeadLetter;
import io.tidecast.schemas.Forecast;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/** One run of a job, in a cluster of its own, from its beginning or from a savepoint. */
final class KeptJobRun implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final Duration QUIET = Duration.ofMillis(1_500);
  private static final Duration POLL = Duration.ofMillis(50);

  private final EmbeddedKafka kafka;
  private final String name;
  private final EmbeddedFlink flink;
  private final EmbeddedFlink.Job job;
  private final ForecastReader reader;

  KeptJobRun(EmbeddedKafka kafka, KeptJob kept, Start start) {
    this.kafka = kafka;
    this.name = start.name();
    kafka.createTopic(name + "-out", 1, Map.of());
    kafka.createTopic(name + "-rejected", 1, Map.of());
    kept.more().forEach(topic -> kafka.createTopic(name + "-" + topic, 1, Map.of()));
    this.flink = EmbeddedFlink.start(1, settings(start.backend()));
    this.reader = new ForecastReader(kafka.bootstrapServers(), name + "-out", name + "-rejected");
    JobConfig config = JobFile.parse(kept.yaml(kafka.bootstrapServers(), name));
    StreamExecutionEnvironment environment =
        StreamExecutionEnvironment.getExecutionEnvironment(new Configuration());
    ForecastJob.build(environment, config, models(ForecastJob.slots(config), start.model()));
    this.job = flink.submit(environment.getStreamGraph(), new JobID(), start.savepoint());
  }

  /**
   * How a run begins.
   *
   * @param name of the run, another for each at one broker
   * @param backend of the state
   * @param savepoint a folder that the run may delete
   * @param model makes of the job's model the one that answers
   */
  record Start(
      String name,
      String backend,
      Optional<Path> savepoint,
      UnaryOperator<ForecasterFactory> model) {}

  /**
   * The models of a job, with another in the place of the one of {@code model.path}. None has a
   * place of which a savepoint could tell, for it is another one on every machine.
   */
  private static ModelSlots models(ModelSlots slots, UnaryOperator<ForecasterFactory> first) {
    return new ModelSlots(
        slots.all().stream()
            .map(
                slot ->
                    new ModelSlot(
                        slot.name(),
                        slot.role(),
                        slot.route(),
                        slot.name().equals(ModelSlot.DEFAULT)
                            ? first.apply(slot.model())
                            : slot.model(),
                        ""))
            .toList());
  }

  private static Configuration settings(String backend) {
    Configuration settings = new Configuration();
    settings.set(StateBackendOptions.STATE_BACKEND, backend);
    settings.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
    // A savepoint is to be one file.
    settings.set(CheckpointingOptions.FS_SMALL_FILE_THRESHOLD, MemorySize.parse("1mb"));
    // Little is to be on the way between two tasks.
    settings.set(TaskManagerOptions.MEMORY_SEGMENT_SIZE, MemorySize.parse("4kb"));
    return settings;
  }

  EmbeddedFlink.Job job() {
    return job;
  }

  /** Sends records to their topics, and returns when they are there. */
  static void send(EmbeddedKafka kafka, List<ProducerRecord<String, String>> records) {
    try (Producer<String, String> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers()),
            new StringSerializer(),
            new StringSerializer())) {
      records.forEach(producer::send);
      producer.flush();
    }
  }

  /** Waits until all of these have come. */
  void await(Set<String> outcomes) {
    await(() -> outcomes().keySet().containsAll(outcomes), outcomes);
  }

  /** Waits until the job has come to its end. */
  void awaitEnd() {
    await(job::finished, "the end");
  }

  private void await(BooleanSupplier done, Object what) {
    long deadline = System.nanoTime() + TIMEOUT.toNanos();
    while (!done.getAsBoolean()) {
      assertThat(System.nanoTime())
          .as("waiting for %s, after %s", what, outcomes().keySet())
          .isLessThan(deadline);
      reader.poll(POLL);
      if (!job.finished()) {
        job.check();
      }
    }
  }

  /** Reads on until nothing comes for a while, so that one too many is seen too. */
  void readOn() {
    long quietSince = System.nanoTime();
    while (System.nanoTime() - quietSince < QUIET.toNanos()) {
      if (reader.poll(POLL) > 0) {
        quietSince = System.nanoTime();
      }
    }
  }

  /** What came so far, by what it is called; fails if something came twice. */
  Map<String, String> outcomes() {
    Map<String, String> outcomes = new TreeMap<>();
    for (ForecastReader.Received received : reader.forecasts()) {
      Forecast forecast = received.forecast();
      put(
          outcomes,
          "forecast %s %s revision %d horizon %d"
              .formatted(
                  forecast.getSeries(),
                  forecast.getOrigin(),
                  forecast.getRevision(),
                  forecast.getHorizon()),
          "%s, %s of %s, filled %d, fallback %s"
              .formatted(
                  forecast.getPoints(),
                  forecast.getQuantiles(),
                  forecast.getModelId(),
                  forecast.getFilledCells(),
                  forecast.getFallback()));
    }
    for (DeadLetter letter : reader.deadLetters()) {
      put(
          outcomes,
          "rejected %s %s %s".formatted(letter.getReason(), letter.getTopic(), letter.getOffset()),
          letter.getDetail());
    }
    return outcomes;
  }

  private static void put(Map<String, String> outcomes, String key, String value) {
    assertThat(outcomes.put(key, value)).as("a second outcome of %s", key).isNull();
  }

  @Override
  public void close() {
    GatedModel.letAll();
    try {
      flink.close();
    } finally {
      reader.close();
    }
  }
}
