package io.tidecast.cli.run;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import io.tidecast.cli.console.CliException;
import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.sink.DeadLetterSettings;
import io.tidecast.flink.sink.Delivery;
import io.tidecast.flink.sink.SinkSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Asks Kafka, before anything starts, for what the job will need: its topics, the rights to read
 * and to write them, room for its records, and transactions. Whatever is missing would fail the job
 * later, again after every restart. One thread uses it once.
 *
 * <p>What only a right to look would show, and nobody gave, is left to the job itself.
 */
final class KafkaPreflight {

  /** What the brokers call the longest time that a transaction may be open, milliseconds. */
  static final String MAX_TRANSACTION_TIMEOUT = "transaction.max.timeout.ms";

  private static final String NO_COMPRESSION = "none";

  private final JobConfig config;
  private final SinkSettings.Kafka sink;
  private final Map<String, Object> client;
  private final Duration patience;
  private final List<String> problems = new ArrayList<>();

  private KafkaPreflight(JobConfig config, Map<String, Object> client, Duration patience) {
    this.config = config;
    this.sink = (SinkSettings.Kafka) config.sink();
    this.client = client;
    this.patience = patience;
  }

  /**
   * Returns if Kafka answers and has what the job needs.
   *
   * @param client the properties of a client, with the bootstrap servers
   * @param forecastBytes the largest forecast of the job
   * @param patience how long Kafka may take for each answer
   * @throws CliException saying everything that is to put right
   */
  static void check(
      JobConfig config, Map<String, Object> client, long forecastBytes, Duration patience) {
    KafkaPreflight preflight = new KafkaPreflight(config, client, patience);
    try (Admin admin = Admin.create(preflight.withTimeouts())) {
      preflight.checkTopics(admin);
      preflight.checkGroup(admin);
      preflight.checkRoom(admin, forecastBytes);
      preflight.checkTransactions(admin);
    } catch (TimeoutException | KafkaException e) {
      throw preflight.unreachable(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CliException("interrupted while asking Kafka for what the job needs", e);
    }
    preflight.refuse();
  }

  /** A topic of the job, and what it does with it. */
  private record Use(String key, String topic, AclOperation operation) {

    String named() {
      return key + "=" + topic;
    }
  }

  private List<Use> uses() {
    List<Use> uses = new ArrayList<>();
    List<String> names = config.source().topics().names();
    for (int i = 0; i < names.size(); i++) {
      String key = names.size() == 1 ? "source.topic" : "source.topic[%d]".formatted(i);
      uses.add(new Use(key, names.get(i), AclOperation.READ));
    }
    if (config.covariates().feed() != null) {
      uses.add(new Use("covariates.topic", config.covariates().feed().topic(), AclOperation.READ));
    }
    uses.add(new Use("sink.topic", sink.topic(), AclOperation.WRITE));
    uses.add(new Use("dead-letters.topic", config.deadLetters().topic(), AclOperation.WRITE));
    if (config.requests().topic() != null) {
      uses.add(new Use("requests.topic", config.requests().topic(), AclOperation.READ));
    }
    return uses;
  }

  private void checkTopics(Admin admin) throws InterruptedException, TimeoutException {
    List<Use> uses = uses();
    Map<String, KafkaFuture<TopicDescription>> described =
        admin
            .describeTopics(
                uses.stream().map(Use::topic).toList(),
                new DescribeTopicsOptions().includeAuthorizedOperations(true))
            .topicNameValues();
    List<String> missing = new ArrayList<>();
    for (Use use : uses) {
      try {
        TopicDescription topic = await(requireNonNull(described.get(use.topic()), use.topic()));
        checkRight(use.named(), use.operation(), topic.authorizedOperations());
      } catch (ExecutionException e) {
        Throwable cause = requireNonNullElse(e.getCause(), e);
        if (cause instanceof UnknownTopicOrPartitionException) {
          missing.add(use.named());
        } else if (cause instanceof AuthorizationException) {
          forbidden(use.named(), use.operation());
        } else {
          throw unreachable(cause);
        }
      }
    }
    if (!missing.isEmpty()) {
      problems.add(
          "topics must exist at %s: %s; create them, or put the configuration right"
              .formatted(config.kafka().bootstrapServers(), String.join(", ", missing)));
      // What comes next would only repeat it.
      refuse();
    }
  }

  /** The job commits its offsets for this group; a group that is still to be made is fine. */
  private void checkGroup(Admin admin) throws InterruptedException, TimeoutException {
    String group = config.source().groupId();
    if (!readsTopics()) {
      return;
    }
    try {
      checkRight(
          "source.group-id=" + group,
          AclOperation.READ,
          await(
                  requireNonNull(
                      admin
                          .describeConsumerGroups(
                              List.of(group),
                              new DescribeConsumerGroupsOptions().includeAuthorizedOperations(true))
                          .describedGroups()
                          .get(group),
                      group))
              .authorizedOperations());
    } catch (ExecutionException e) {
      if (e.getCause() instanceof AuthorizationException) {
        forbidden("source.group-id=" + group, AclOperation.READ);
      }
      // Any other answer, such as that there is no such group yet, is none to this question.
    }
  }

  private boolean readsTopics() {
    return !config.source().topics().names().isEmpty()
        || config.source().topics().pattern() != null;
  }

  /**
   * @param allowed null where the broker does not say
   */
  private void checkRight(String named, AclOperation needed, @Nullable Set<AclOperation> allowed) {
    if (allowed != null
        && !allowed.isEmpty()
        && !allowed.contains(needed)
        && !allowed.contains(AclOperation.ALL)) {
      forbidden(named, needed);
    }
  }

  private void forbidden(String named, AclOperation needed) {
    problems.add(
        "the job's user must be allowed to %s and DESCRIBE: %s; give it the right, or set another user in kafka.properties"
            .formatted(needed, named));
  }

  private void checkRoom(Admin admin, long forecastBytes)
      throws InterruptedException, TimeoutException {
    DeadLetterSettings deadLetters = config.deadLetters();
    OptionalLong limit = maxMessageBytes(admin, deadLetters.topic());
    if (limit.isPresent() && limit.getAsLong() < deadLetters.maxRecordBytes()) {
      problems.add(
          "the dead-letter topic %s must take records of %d bytes: max.message.bytes=%d; raise it, or lower dead-letters.max-value-bytes=%d"
              .formatted(
                  deadLetters.topic(),
                  deadLetters.maxRecordBytes(),
                  limit.getAsLong(),
                  deadLetters.maxValueBytes()));
    }
    // The limit is for what is sent, and how far forecasts can be compressed shows when they are.
    String compression =
        config.kafka().properties().getOrDefault("compression.type", NO_COMPRESSION);
    limit =
        compression.equals(NO_COMPRESSION)
            ? maxMessageBytes(admin, sink.topic())
            : OptionalLong.empty();
    if (limit.isPresent() && limit.getAsLong() < forecastBytes) {
      problems.add(
          "sink.topic=%s must take the %d bytes of one forecast of this model: max.message.bytes=%d; raise it, or set a shorter model.horizon"
              .formatted(sink.topic(), forecastBytes, limit.getAsLong()));
    }
  }

  /** Empty where the broker does not say, or may not tell us. */
  private OptionalLong maxMessageBytes(Admin admin, String topic)
      throws InterruptedException, TimeoutException {
    return setting(
        admin,
        new ConfigResource(ConfigResource.Type.TOPIC, topic),
        TopicConfig.MAX_MESSAGE_BYTES_CONFIG);
  }

  private OptionalLong setting(Admin admin, ConfigResource resource, String name)
      throws InterruptedException, TimeoutException {
    try {
      Config found =
          await(
              requireNonNull(
                  admin.describeConfigs(List.of(resource)).values().get(resource),
                  resource.name()));
      ConfigEntry entry = found.get(name);
      String value = entry == null ? null : entry.value();
      return value == null || !value.matches("\\d{1,18}")
          ? OptionalLong.empty()
          : OptionalLong.of(Long.parseLong(value));
    } catch (ExecutionException e) {
      // Who may write to a topic need not be allowed to read its settings.
      if (e.getCause() instanceof AuthorizationException) {
        return OptionalLong.empty();
      }
      throw new KafkaException(requireNonNullElse(e.getCause(), e));
    }
  }

  /**
   * Begins as the job's producers will, under a transactional id of its own. That tells whether the
   * id is allowed and the timeout is, also where nobody may look at the settings of the brokers; no
   * record is written, and no transaction stays open.
   */
  private void checkTransactions(Admin admin) throws InterruptedException, TimeoutException {
    if (sink.delivery() != Delivery.EXACTLY_ONCE) {
      return;
    }
    Map<String, Object> properties = new HashMap<>(client);
    String id = sink.transactionalIdPrefix() + "-forecasts-preflight";
    properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, id);
    properties.put(
        ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
        Math.toIntExact(sink.transactionTimeout().toMillis()));
    properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, patience.toMillis());
    try (Producer<byte[], byte[]> producer =
        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
      producer.initTransactions();
    } catch (KafkaException e) {
      // The client tells this one in words alone.
      if (Failures.says(e, MAX_TRANSACTION_TIMEOUT)) {
        problems.add(
            "must be no more than the brokers' %s%s: sink.transaction-timeout=%s; lower the one, or raise the other"
                .formatted(
                    MAX_TRANSACTION_TIMEOUT,
                    maxTransactionTimeout(admin),
                    sink.transactionTimeout()));
      } else if (Failures.find(e, AuthorizationException.class) != null) {
        problems.add(
            "the job's user must be allowed to WRITE and DESCRIBE transactional ids that begin with: sink.transactional-id-prefix=%s; give it the right, or set sink.delivery: at-least-once"
                .formatted(sink.transactionalIdPrefix()));
      } else {
        throw new CliException(
            "Kafka must take transactions at %s: %s; its brokers may lack replicas for the topic __transaction_state"
                .formatted(config.kafka().bootstrapServers(), Failures.text(e)),
            e);
      }
    }
  }

  private String maxTransactionTimeout(Admin admin) throws InterruptedException, TimeoutException {
    try {
      String broker = await(admin.describeCluster().nodes()).iterator().next().idString();
      OptionalLong millis =
          setting(
              admin,
              new ConfigResource(ConfigResource.Type.BROKER, broker),
              MAX_TRANSACTION_TIMEOUT);
      return millis.isPresent() ? "=" + millis.getAsLong() : "";
    } catch (ExecutionException e) {
      return "";
    }
  }

  private void refuse() {
    if (!problems.isEmpty()) {
      throw new CliException(
          problems.size() == 1
              ? problems.get(0)
              : "Kafka lacks %d things that the job needs:%n  - %s"
                  .formatted(
                      problems.size(), String.join(System.lineSeparator() + "  - ", problems)));
    }
  }

  private <T> T await(KafkaFuture<T> future)
      throws ExecutionException, InterruptedException, TimeoutException {
    return future.get(patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  private CliException unreachable(Throwable cause) {
    return new CliException(
        "Kafka must answer: kafka.bootstrap-servers=%s: %s"
            .formatted(config.kafka().bootstrapServers(), Failures.text(cause)),
        cause);
  }

  private Map<String, Object> withTimeouts() {
    int millis = Math.toIntExact(patience.toMillis());
    Map<String, Object> all = new LinkedHashMap<>(client);
    all.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, millis);
    all.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, millis);
    return all;
  }
}
