package io.tidecast.cli.run;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import io.tidecast.cli.console.CliException;
import io.tidecast.flink.sink.DeadLetterSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/**
 * Asks Kafka, before anything starts, whether it is there and has the topics: a job that misses one
 * would retry for minutes and then fail with a page of stack trace.
 */
final class KafkaPreflight {
  private KafkaPreflight() {}

  /**
   * Returns if Kafka answers and has the topics.
   *
   * @param properties of a client, with the bootstrap servers
   * @param topics by the configuration key that names them
   * @param deadLetters whose topic must have room for the largest of them
   * @param patience how long Kafka may take to answer
   * @throws CliException saying what to put right
   */
  static void check(
      Map<String, Object> properties,
      Map<String, String> topics,
      DeadLetterSettings deadLetters,
      Duration patience) {
    Object servers = properties.get(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG);
    try (Admin admin = Admin.create(withTimeouts(properties, patience))) {
      Map<String, KafkaFuture<TopicDescription>> described =
          admin.describeTopics(topics.values()).topicNameValues();
      List<String> missing = new ArrayList<>();
      for (Map.Entry<String, String> topic : topics.entrySet()) {
        try {
          requireNonNull(described.get(topic.getValue()), topic.getValue())
              .get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
          if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
            throw unreachable(servers, requireNonNullElse(e.getCause(), e));
          }
          missing.add(topic.getKey() + "=" + topic.getValue());
        }
      }
      if (!missing.isEmpty()) {
        throw new CliException(
            "topics must exist at %s: %s; create them, or put the configuration right"
                .formatted(servers, String.join(", ", missing)));
      }
      checkRoom(admin, deadLetters, patience);
    } catch (TimeoutException | KafkaException e) {
      throw unreachable(servers, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CliException("interrupted while asking Kafka for its topics", e);
    }
  }

  /**
   * Asks for room: a record that the broker refuses would fail the job, again after every restart.
   */
  private static void checkRoom(Admin admin, DeadLetterSettings deadLetters, Duration patience)
      throws InterruptedException, TimeoutException {
    ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, deadLetters.topic());
    try {
      String limit =
          requireNonNull(admin.describeConfigs(List.of(topic)).values().get(topic), topic.name())
              .get(patience.toMillis(), TimeUnit.MILLISECONDS)
              .get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG)
              .value();
      if (Integer.parseInt(limit) < deadLetters.maxRecordBytes()) {
        throw new CliException(
            ("the dead-letter topic %s must take records of %d bytes: max.message.bytes=%s; raise it, or lower"
                    + " dead-letters.max-value-bytes=%d")
                .formatted(
                    deadLetters.topic(),
                    deadLetters.maxRecordBytes(),
                    limit,
                    deadLetters.maxValueBytes()));
      }
    } catch (ExecutionException e) {
      // Who may write to a topic need not be allowed to read its settings.
      if (!(e.getCause() instanceof AuthorizationException)) {
        throw new KafkaException(e.getCause());
      }
    }
  }

  private static CliException unreachable(@Nullable Object servers, Throwable cause) {
    return new CliException(
        "Kafka must answer: kafka.bootstrap-servers=%s: %s"
            .formatted(servers, cause.getMessage() == null ? cause : cause.getMessage()),
        cause);
  }

  private static Map<String, Object> withTimeouts(
      Map<String, Object> properties, Duration patience) {
    int millis = Math.toIntExact(patience.toMillis());
    Map<String, Object> all = new LinkedHashMap<>(properties);
    all.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, millis);
    all.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, millis);
    return all;
  }
}
