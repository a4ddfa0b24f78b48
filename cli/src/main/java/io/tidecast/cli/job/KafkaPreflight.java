package io.tidecast.cli.job;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import io.tidecast.cli.console.CliException;
import io.tidecast.cli.console.Failures;
import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.kafka.ClientKind;
import io.tidecast.flink.kafka.KafkaSettings;
import io.tidecast.flink.sink.DeadLetterSettings;
import io.tidecast.flink.sink.SinkSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
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
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Asks Kafka, before anything starts, for what the job will need: its topics, the rights to read
 * and to write them, room for its records, and transactions. Whatever is missing would fail the job
 * later, again after every restart. One thread uses it once.
 *
 * <p>What only a right to look would show, and nobody gave, is left to the job itself.
 */
public final class KafkaPreflight {

  /** What the brokers call the longest time that a transaction may be open, milliseconds. */
  public static final String MAX_TRANSACTION_TIMEOUT = "transaction.max.timeout.ms";

  private static final String NO_COMPRESSION = "none";

  private final JobConfig config;
  private final SinkSettings.Kafka sink;
  private final Duration patience;
  private final List<KafkaRight> rights;
  private final List<String> problems = new ArrayList<>();
  private final List<String> notices = new ArrayList<>();
  private final List<Topic> topics = new ArrayList<>();

  /** By which all must be answered; 0 where each answer has its own time. */
  private long deadlineNanos;

  private KafkaPreflight(JobConfig config, Set<KafkaTask> tasks, Duration patience) {
    this.config = config;
    this.sink = (SinkSettings.Kafka) config.sink();
    this.patience = patience;
    this.rights = KafkaRights.of(config, tasks);
  }

  /**
   * What Kafka has of what a job needs.
   *
   * @param answers whether it answered at all
   * @param topics that the job uses
   * @param notices what is not wrong, and may not be what was meant; a sentence each
   * @param problems everything that is to put right, a sentence each
   */
  public record Found(
      boolean answers, List<Topic> topics, List<String> notices, List<String> problems) {

    public Found {
      topics = List.copyOf(topics);
      notices = List.copyOf(notices);
      problems = List.copyOf(problems);
    }
  }

  /**
   * A topic as it was found.
   *
   * @param partitions null where it is missing, or nobody may look
   */
  public record Topic(TopicUse use, boolean missing, @Nullable Integer partitions) {}

  /**
   * Returns if Kafka answers and has what the job needs.
   *
   * @param forecastBytes the largest forecast of the job
   * @param patience how long Kafka may take for each answer
   * @return what is not wrong, and may not be what was meant; a sentence each
   * @throws CliException saying everything that is to put right
   */
  public static List<String> check(JobConfig config, long forecastBytes, Duration patience) {
    KafkaPreflight preflight = new KafkaPreflight(config, KafkaTask.ofRun(config), patience);
    preflight.ask(
        admin -> {
          preflight.checkTopics(admin);
          if (preflight.topics.stream().anyMatch(Topic::missing)) {
            // What comes next would only repeat it.
            preflight.refuse();
          }
          preflight.checkGroups(admin);
          preflight.checkRoom(admin, OptionalLong.of(forecastBytes));
          preflight.tryTransactions(admin);
        });
    preflight.refuse();
    return List.copyOf(preflight.notices);
  }

  /**
   * Returns if Kafka answers and has what a copy of a job's topics needs, which somebody else makes
   * than the job.
   *
   * @param patience how long Kafka may take for each answer
   * @throws CliException saying everything that is to put right
   */
  public static void checkCopying(JobConfig config, Duration patience) {
    KafkaPreflight preflight = new KafkaPreflight(config, Set.of(KafkaTask.POSTGRES), patience);
    preflight.ask(
        admin -> {
          Set<String> copied =
              preflight.rights.stream()
                  .filter(right -> right.type() == ResourceType.TOPIC)
                  .map(KafkaRight::name)
                  .collect(Collectors.toSet());
          preflight.checkTopics(
              admin,
              TopicUse.of(config).stream().filter(use -> copied.contains(use.topic())).toList());
          preflight.checkGroups(admin);
        });
    preflight.refuse();
  }

  /**
   * Looks for the same, as far as Kafka tells without anything being written: whether a
   * transactional id may be written to shows only when the job begins.
   *
   * @param forecastBytes the largest forecast of the job; empty where it is not known
   * @param patience how long Kafka may take for all of its answers
   */
  public static Found look(JobConfig config, OptionalLong forecastBytes, Duration patience) {
    KafkaPreflight preflight = new KafkaPreflight(config, KafkaTask.ofRun(config), patience);
    preflight.deadlineNanos = System.nanoTime() + patience.toNanos();
    try {
      preflight.ask(
          admin -> {
            preflight.checkTopics(admin);
            preflight.checkGroups(admin);
            preflight.checkRoom(admin, forecastBytes);
            preflight.lookAtTransactions(admin);
          });
    } catch (CliException e) {
      preflight.problems.add(e.getMessage());
      return new Found(false, preflight.topics, preflight.notices, preflight.problems);
    }
    return new Found(true, preflight.topics, preflight.notices, preflight.problems);
  }

  /** Makes a client that waits no longer than this for an answer. */
  static Admin admin(KafkaSettings kafka, Duration patience) {
    int millis = Math.toIntExact(patience.toMillis());
    Map<String, Object> all = kafka.clientProperties(ClientKind.ANY);
    all.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, millis);
    all.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, millis);
    return Admin.create(all);
  }

  /** What is asked with a client. */
  private interface Questions {
    void ask(Admin admin) throws InterruptedException, TimeoutException;
  }

  private void ask(Questions questions) {
    try (Admin admin = admin(config.kafka(), patience)) {
      questions.ask(admin);
    } catch (TimeoutException | KafkaException e) {
      throw NoAnswer.of(config, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CliException("interrupted while asking Kafka for what the job needs", e);
    }
  }

  private void checkTopics(Admin admin) throws InterruptedException, TimeoutException {
    List<TopicUse> uses = new ArrayList<>(TopicUse.of(config));
    String pattern = config.source().topics().pattern();
    if (pattern != null) {
      uses.addAll(matching(admin, pattern));
    }
    checkTopics(admin, uses);
  }

  private void checkTopics(Admin admin, List<TopicUse> uses)
      throws InterruptedException, TimeoutException {
    Map<String, KafkaFuture<TopicDescription>> described =
        admin
            .describeTopics(
                uses.stream().map(TopicUse::topic).toList(),
                new DescribeTopicsOptions().includeAuthorizedOperations(true))
            .topicNameValues();
    for (TopicUse use : uses) {
      try {
        TopicDescription topic = await(requireNonNull(described.get(use.topic()), use.topic()));
        topics.add(new Topic(use, false, topic.partitions().size()));
        checkOrder(use, topic.partitions().size());
        checkRight(use.named(), operations(use), topic.authorizedOperations());
      } catch (ExecutionException e) {
        Throwable cause = requireNonNullElse(e.getCause(), e);
        if (cause instanceof UnknownTopicOrPartitionException) {
          topics.add(new Topic(use, true, null));
        } else if (cause instanceof AuthorizationException) {
          topics.add(new Topic(use, false, null));
          forbidden(use.named(), operations(use));
        } else {
          throw new KafkaException(cause);
        }
      }
    }
    sayWhatIsMissing();
  }

  /** What must be allowed: of a topic of a pattern, what is of each that fits. */
  private Set<AclOperation> operations(TopicUse use) {
    return rights.stream()
        .filter(
            right ->
                right.type() == ResourceType.TOPIC
                    && right.pattern() == PatternType.LITERAL
                    && right.name().equals(use.topic()))
        .findFirst()
        .map(KafkaRight::operations)
        .orElseGet(() -> Set.of(use.purpose().operation()));
  }

  /** A subtask follows commands in the order in which it reads them. */
  private void checkOrder(TopicUse use, int partitions) {
    if (use.purpose() == TopicUse.Purpose.COMMANDS && partitions > 1) {
      problems.add(
          "must have one partition, or commands are followed in another order than they were sent: %s, partitions=%d; let --create-topics create another one"
              .formatted(use.named(), partitions));
    }
  }

  private void sayWhatIsMissing() {
    List<TopicUse> missing = topics.stream().filter(Topic::missing).map(Topic::use).toList();
    if (!missing.isEmpty()) {
      problems.add(
          "topics must exist at %s: %s; create them, or put the configuration right%s"
              .formatted(
                  config.kafka().bootstrapServers(),
                  missing.stream().map(TopicUse::named).collect(Collectors.joining(", ")),
                  missing.stream().anyMatch(use -> use.purpose().isOfTheJob())
                      ? "; --create-topics creates those that the job writes"
                      : ""));
    }
  }

  /** The topics that the job would read now; a pattern without any waits for one. */
  private List<TopicUse> matching(Admin admin, String pattern)
      throws InterruptedException, TimeoutException {
    List<TopicUse> matching;
    try {
      matching = TopicUse.matching(await(admin.listTopics().names()), pattern);
    } catch (ExecutionException e) {
      throw new KafkaException(requireNonNullElse(e.getCause(), e));
    }
    if (matching.isEmpty()) {
      // Kafka names nobody a topic that he may not look at.
      notices.add(
          "No topic fits %s=%s yet, or the job's user may READ none that does; the job waits for one."
              .formatted(KafkaRights.PATTERN_KEY, pattern));
    }
    return matching;
  }

  /** Offsets are committed for each; a group that is still to be made is fine. */
  private void checkGroups(Admin admin) throws InterruptedException, TimeoutException {
    for (KafkaRight right : rights) {
      if (right.type() == ResourceType.GROUP) {
        checkGroup(admin, right);
      }
    }
  }

  private void checkGroup(Admin admin, KafkaRight right)
      throws InterruptedException, TimeoutException {
    String group = right.name();
    String named = right.keys().get(0) + "=" + group;
    try {
      checkRight(
          named,
          right.operations(),
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
        forbidden(named, right.operations());
      }
      // Any other answer, such as that there is no such group yet, is none to this question.
    }
  }

  /**
   * @param allowed null where the broker does not say
   */
  private void checkRight(
      String named, Set<AclOperation> needed, @Nullable Set<AclOperation> allowed) {
    if (allowed == null || allowed.isEmpty() || allowed.contains(AclOperation.ALL)) {
      return;
    }
    Set<AclOperation> lacking = new TreeSet<>(needed);
    lacking.removeAll(allowed);
    if (!lacking.isEmpty()) {
      forbidden(named, lacking);
    }
  }

  private void forbidden(String named, Set<AclOperation> needed) {
    problems.add(
        "the job's user must be allowed to %s: %s; give it the right, which 'tidecast acls' prints as a command, or set another user in kafka.properties"
            .formatted(
                needed.stream().sorted().map(Enum::name).collect(Collectors.joining(" and ")),
                named));
  }

  private void checkRoom(Admin admin, OptionalLong forecastBytes)
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
        config.kafka().given(ClientKind.PRODUCER).getOrDefault("compression.type", NO_COMPRESSION);
    if (!compression.equals(NO_COMPRESSION)) {
      return;
    }
    for (Topic topic : List.copyOf(topics)) {
      if (topic.use().purpose() == TopicUse.Purpose.FORECASTS) {
        checkRoom(topic.use(), maxMessageBytes(admin, topic.use().topic()), forecastBytes);
      }
    }
  }

  private void checkRoom(TopicUse use, OptionalLong limit, OptionalLong forecastBytes) {
    if (limit.isPresent()
        && forecastBytes.isPresent()
        && limit.getAsLong() < forecastBytes.getAsLong()) {
      problems.add(
          "%s must take the %d bytes of one forecast of this model: max.message.bytes=%d; raise it, or set a shorter model.horizon"
              .formatted(use.named(), forecastBytes.getAsLong(), limit.getAsLong()));
    }
  }

  /** Empty where the broker does not say, or may not tell us. */
  private OptionalLong maxMessageBytes(Admin admin, String topic)
      throws InterruptedException, TimeoutException {
    if (topics.stream().anyMatch(one -> one.missing() && one.use().topic().equals(topic))) {
      return OptionalLong.empty();
    }
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
  private void tryTransactions(Admin admin) throws InterruptedException, TimeoutException {
    if (!writesTransactions()) {
      return;
    }
    Map<String, Object> properties = config.kafka().clientProperties(ClientKind.PRODUCER);
    properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId());
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
        OptionalLong most = maxTransactionTimeout(admin);
        tooLong(most.isPresent() ? "=" + most.getAsLong() : "");
      } else if (Failures.find(e, AuthorizationException.class) != null) {
        forbiddenId();
      } else {
        CliException unmade = ClientSettings.problem(e);
        if (unmade != null) {
          throw unmade;
        }
        throw new CliException(
            "Kafka must take transactions at %s: %s; its brokers may lack replicas for the topic __transaction_state"
                .formatted(config.kafka().bootstrapServers(), Failures.text(e)),
            e);
      }
    }
  }

  /** Asks for the same id and the limit of the brokers, as far as one may look. */
  private void lookAtTransactions(Admin admin) throws InterruptedException, TimeoutException {
    if (!writesTransactions()) {
      return;
    }
    try {
      var unused =
          await(
              admin
                  .describeTransactions(List.of(transactionalId()))
                  .description(transactionalId()));
    } catch (ExecutionException e) {
      if (e.getCause() instanceof AuthorizationException) {
        forbiddenId();
      }
      // Any other answer, such as that nobody has it yet, is as it should be.
    }
    OptionalLong most = maxTransactionTimeout(admin);
    if (most.isPresent() && most.getAsLong() < sink.transactionTimeout().toMillis()) {
      tooLong("=" + most.getAsLong());
    }
  }

  private boolean writesTransactions() {
    return rights.stream().anyMatch(right -> right.type() == ResourceType.TRANSACTIONAL_ID);
  }

  private String transactionalId() {
    return sink.transactionalIdPrefix() + "-forecasts-preflight";
  }

  private void forbiddenId() {
    problems.add(
        "the job's user must be allowed to WRITE transactional ids that begin with %1$s-: sink.transactional-id-prefix=%1$s; give it the right, which 'tidecast acls' prints as a command, or set sink.delivery: at-least-once"
            .formatted(sink.transactionalIdPrefix()));
  }

  private void tooLong(String most) {
    problems.add(
        "must be no more than the brokers' %s%s: sink.transaction-timeout=%s; lower the one, or raise the other"
            .formatted(MAX_TRANSACTION_TIMEOUT, most, sink.transactionTimeout()));
  }

  private OptionalLong maxTransactionTimeout(Admin admin)
      throws InterruptedException, TimeoutException {
    try {
      String broker = await(admin.describeCluster().nodes()).iterator().next().idString();
      return setting(
          admin, new ConfigResource(ConfigResource.Type.BROKER, broker), MAX_TRANSACTION_TIMEOUT);
    } catch (ExecutionException e) {
      return OptionalLong.empty();
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
    long left =
        deadlineNanos == 0 ? patience.toNanos() : Math.max(1, deadlineNanos - System.nanoTime());
    return future.get(left, TimeUnit.NANOSECONDS);
  }
}
