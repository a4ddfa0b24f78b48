package io.tidecast.cli.job;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import io.tidecast.cli.console.CliException;
import io.tidecast.cli.console.Failures;
import io.tidecast.flink.config.JobConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.CreateTopicsResult;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Creates the topics that a job has of its own, where they are missing: those of forecasts, of
 * their scores, of cells, of anomalies, of dead letters, of requests, and of commands with their
 * events. What is read was made by somebody else, who also knows how.
 *
 * <p>A topic has as many partitions as the widest one that observations come from; those of
 * commands and events have one. Replicas and retention are what the brokers have for every topic.
 */
public final class JobTopics {

  /** Kafka's own default of max.message.bytes. */
  private static final long DEFAULT_MESSAGE_BYTES = 1024 * 1024 + 12;

  private final JobConfig config;
  private final Admin admin;
  private final Duration patience;

  private JobTopics(JobConfig config, Admin admin, Duration patience) {
    this.config = config;
    this.admin = admin;
    this.patience = patience;
  }

  /**
   * Creates what is missing.
   *
   * @param forecastBytes the largest forecast of the job; empty where it is not known
   * @param patience how long Kafka may take for each answer
   * @return a sentence for each topic that was created
   * @throws CliException if Kafka does not answer, or does not create one
   */
  public static List<String> create(
      JobConfig config, OptionalLong forecastBytes, Duration patience) {
    try (Admin admin = KafkaPreflight.admin(config.kafka(), patience)) {
      return new JobTopics(config, admin, patience).create(forecastBytes);
    } catch (TimeoutException | KafkaException e) {
      throw NoAnswer.of(config, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CliException("interrupted while creating topics", e);
    }
  }

  private List<String> create(OptionalLong forecastBytes)
      throws InterruptedException, TimeoutException {
    List<TopicUse> uses = TopicUse.of(config);
    List<TopicUse> read = new ArrayList<>(uses);
    String pattern = config.source().topics().pattern();
    if (pattern != null) {
      try {
        read.addAll(TopicUse.matching(await(admin.listTopics().names()), pattern));
      } catch (ExecutionException e) {
        throw new KafkaException(requireNonNullElse(e.getCause(), e));
      }
    }
    Map<String, OptionalInt> partitions = partitions(read);
    OptionalInt widest =
        read.stream()
            .filter(use -> use.purpose() == TopicUse.Purpose.OBSERVATIONS)
            .map(use -> partitions.getOrDefault(use.topic(), OptionalInt.empty()))
            .filter(OptionalInt::isPresent)
            .mapToInt(OptionalInt::getAsInt)
            .max();
    List<String> created = new ArrayList<>();
    for (TopicUse use : uses) {
      if (use.purpose().isOfTheJob() && !partitions.containsKey(use.topic())) {
        OptionalInt count = use.purpose().isOfOnePartition() ? OptionalInt.of(1) : widest;
        created.add(create(use, count, settings(use, forecastBytes)));
      }
    }
    return created;
  }

  /** Those that are there, with their partitions as far as they may be known. */
  private Map<String, OptionalInt> partitions(List<TopicUse> uses)
      throws InterruptedException, TimeoutException {
    Map<String, OptionalInt> found = new HashMap<>();
    for (Map.Entry<String, KafkaFuture<TopicDescription>> one :
        admin
            .describeTopics(uses.stream().map(TopicUse::topic).toList())
            .topicNameValues()
            .entrySet()) {
      try {
        found.put(one.getKey(), OptionalInt.of(await(one.getValue()).partitions().size()));
      } catch (ExecutionException e) {
        // One that may not be looked at is there, or is not; who may not look need not create.
        if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
          found.put(one.getKey(), OptionalInt.empty());
        }
      }
    }
    return found;
  }

  private Map<String, String> settings(TopicUse use, OptionalLong forecastBytes) {
    long bytes =
        switch (use.purpose()) {
          case FORECASTS -> forecastBytes.orElse(0);
          case DEAD_LETTERS -> config.deadLetters().maxRecordBytes();
          case OBSERVATIONS,
              COVARIATES,
              REQUESTS,
              SCORES,
              CELLS,
              ANOMALIES,
              COMMANDS,
              MODEL_EVENTS ->
              0;
        };
    if (use.purpose() == TopicUse.Purpose.COMMANDS) {
      // A job begins with the commands of its own time, so all should be of one clock: the
      // brokers'.
      return Map.of(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "LogAppendTime");
    }
    return bytes > DEFAULT_MESSAGE_BYTES
        ? Map.of(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Long.toString(bytes))
        : Map.of();
  }

  private String create(TopicUse use, OptionalInt partitions, Map<String, String> settings)
      throws InterruptedException, TimeoutException {
    Optional<Integer> count =
        partitions.isPresent() ? Optional.of(partitions.getAsInt()) : Optional.empty();
    CreateTopicsResult result =
        admin.createTopics(
            List.of(new NewTopic(use.topic(), count, Optional.empty()).configs(settings)));
    try {
      await(requireNonNull(result.values().get(use.topic()), use.topic()));
      return "Created %s=%s%s%s"
          .formatted(
              use.key(),
              use.topic(),
              described(result, use.topic()),
              settings.isEmpty() ? "" : ", " + settings);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof TopicExistsException) {
        return "%s=%s is there already".formatted(use.key(), use.topic());
      }
      throw new CliException(
          "the topic must be created: %s: %s; create it with a user who may, or give the job's user the right to CREATE it, which 'tidecast acls --for create-topics' prints"
              .formatted(use.named(), Failures.text(e)),
          e);
    }
  }

  private String described(CreateTopicsResult result, String topic)
      throws InterruptedException, TimeoutException {
    try {
      int partitions = await(result.numPartitions(topic));
      return ", %d partition%s, %d replica%s"
          .formatted(
              partitions,
              partitions == 1 ? "" : "s",
              await(result.replicationFactor(topic)),
              await(result.replicationFactor(topic)) == 1 ? "" : "s");
    } catch (ExecutionException e) {
      // Who may create a topic need not be allowed to see how it became.
      return "";
    }
  }

  private <T> T await(KafkaFuture<T> future)
      throws ExecutionException, InterruptedException, TimeoutException {
    return future.get(patience.toMillis(), TimeUnit.MILLISECONDS);
  }
}
