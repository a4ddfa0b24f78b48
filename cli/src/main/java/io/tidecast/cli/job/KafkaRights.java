package io.tidecast.cli.job;

import static java.util.Objects.requireNonNull;

import io.tidecast.cli.job.TopicUse.Purpose;
import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.promotion.PromotionSettings;
import io.tidecast.flink.sink.Delivery;
import io.tidecast.flink.sink.PostgresSettings;
import io.tidecast.flink.sink.SinkSettings;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/**
 * Which rights at Kafka a job needs, and no more. What is asked of Kafka before a start, and what
 * {@code tidecast acls} prints, are both made of this.
 */
public final class KafkaRights {

  static final String GROUP_KEY = "source.group-id";
  static final String TRANSACTIONS_KEY = "sink.transactional-id-prefix";
  static final String PATTERN_KEY = "source.topic-pattern";

  private final JobConfig config;
  private final SinkSettings.Kafka sink;
  private final Map<ResourcePattern, Gathered> rights = new LinkedHashMap<>();

  /** What is known so far of what is needed of one thing. */
  private record Gathered(Set<AclOperation> operations, Set<String> keys) {}

  private KafkaRights(JobConfig config) {
    this.config = config;
    this.sink = (SinkSettings.Kafka) config.sink();
  }

  /**
   * Returns the rights that these tasks take together, one for each thing: topics first, in the
   * order of the job file, then groups, then transactional ids.
   */
  public static List<KafkaRight> of(JobConfig config, Set<KafkaTask> tasks) {
    KafkaRights rights = new KafkaRights(config);
    tasks.forEach(rights::add);
    return rights.sorted();
  }

  private void add(KafkaTask task) {
    switch (task) {
      case JOB -> addJob();
      case POSTGRES -> addPostgres();
      case CREATE_TOPICS ->
          TopicUse.of(config).stream()
              .filter(use -> use.purpose().isOfTheJob())
              .forEach(use -> addTopic(use, AclOperation.CREATE));
      case PAGE -> read(Purpose.FORECASTS, Purpose.SCORES, Purpose.CELLS, Purpose.ANOMALIES);
      // Without a group: nobody commits how far it has come.
      case TRAIN -> {
        read(Purpose.OBSERVATIONS, Purpose.COVARIATES);
        addPattern();
      }
      case READ -> read(Purpose.FORECASTS, Purpose.DEAD_LETTERS);
      case MODEL -> {
        TopicUse.of(config).stream()
            .filter(use -> use.purpose() == Purpose.COMMANDS)
            .forEach(use -> addTopic(use, AclOperation.WRITE));
        read(Purpose.MODEL_EVENTS);
      }
    }
  }

  private void addJob() {
    boolean commits = false;
    for (TopicUse use : TopicUse.of(config)) {
      addTopic(use, use.purpose().operation());
      // Topics that are read backwards are read without a group.
      commits |=
          use.purpose().operation() == AclOperation.READ
              && !(use.purpose() == Purpose.OBSERVATIONS && config.source().isReadBackward());
      if (use.purpose() == Purpose.COMMANDS
          && config.promotion().action() == PromotionSettings.Action.PERFORM) {
        add(ResourceType.TOPIC, use.topic(), "promotion.action", AclOperation.WRITE);
      }
    }
    commits |= addPattern() && !config.source().isReadBackward();
    if (commits) {
      add(ResourceType.GROUP, config.source().groupId(), GROUP_KEY, AclOperation.READ);
    }
    if (sink.delivery() == Delivery.EXACTLY_ONCE) {
      add(
          new ResourcePattern(
              ResourceType.TRANSACTIONAL_ID,
              sink.transactionalIdPrefix() + "-",
              PatternType.PREFIXED),
          TRANSACTIONS_KEY,
          AclOperation.WRITE);
    }
  }

  /** Topics that a pattern names; says whether there is one. */
  private boolean addPattern() {
    String pattern = config.source().topics().pattern();
    if (pattern != null) {
      for (TopicNames names : TopicNames.of(pattern)) {
        add(
            new ResourcePattern(ResourceType.TOPIC, names.name(), names.pattern()),
            PATTERN_KEY,
            AclOperation.READ);
      }
    }
    return pattern != null;
  }

  private void addPostgres() {
    PostgresSettings postgres = config.postgres();
    if (postgres == null) {
      return;
    }
    read(Purpose.CELLS, Purpose.FORECASTS, Purpose.SCORES, Purpose.ANOMALIES, Purpose.MODEL_EVENTS);
    // What cannot be copied becomes a dead letter.
    TopicUse.of(config).stream()
        .filter(use -> use.purpose() == Purpose.DEAD_LETTERS)
        .forEach(use -> addTopic(use, AclOperation.WRITE));
    add(ResourceType.GROUP, postgres.groupId(), "postgres.group-id", AclOperation.READ);
  }

  private void read(Purpose... purposes) {
    Set<Purpose> wanted = Set.of(purposes);
    TopicUse.of(config).stream()
        .filter(use -> wanted.contains(use.purpose()))
        .forEach(use -> addTopic(use, AclOperation.READ));
  }

  private void addTopic(TopicUse use, AclOperation operation) {
    add(ResourceType.TOPIC, use.topic(), use.key(), operation);
  }

  private void add(ResourceType type, String name, String key, AclOperation operation) {
    add(new ResourcePattern(type, name, PatternType.LITERAL), key, operation);
  }

  private void add(ResourcePattern thing, String key, AclOperation operation) {
    Gathered gathered =
        rights.computeIfAbsent(
            thing, none -> new Gathered(EnumSet.noneOf(AclOperation.class), new LinkedHashSet<>()));
    gathered.operations.add(operation);
    gathered.keys.add(key);
  }

  private List<KafkaRight> sorted() {
    List<KafkaRight> sorted = new ArrayList<>();
    for (ResourceType type :
        List.of(ResourceType.TOPIC, ResourceType.GROUP, ResourceType.TRANSACTIONAL_ID)) {
      rights.forEach(
          (thing, gathered) -> {
            if (thing.resourceType() == type) {
              sorted.add(
                  new KafkaRight(
                      type,
                      thing.name(),
                      thing.patternType(),
                      requireNonNull(gathered).operations,
                      List.copyOf(gathered.keys)));
            }
          });
    }
    return sorted;
  }
}
