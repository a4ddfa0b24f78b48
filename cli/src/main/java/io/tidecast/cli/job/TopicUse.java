package io.tidecast.cli.job;

import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.covariates.CovariateSettings.Feed;
import io.tidecast.flink.sink.SinkSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.acl.AclOperation;

/**
 * A topic of a job, and what the job does with it.
 *
 * @param key of the job file that names it
 */
public record TopicUse(String key, String topic, Purpose purpose) {

  /** What the records of a topic are to the job. */
  public enum Purpose {
    OBSERVATIONS(AclOperation.READ),
    COVARIATES(AclOperation.READ),
    FORECASTS(AclOperation.WRITE),
    SCORES(AclOperation.WRITE),
    CELLS(AclOperation.WRITE),
    ANOMALIES(AclOperation.WRITE),
    DEAD_LETTERS(AclOperation.WRITE),
    REQUESTS(AclOperation.READ),
    COMMANDS(AclOperation.READ),
    MODEL_EVENTS(AclOperation.WRITE);

    private final AclOperation operation;

    Purpose(AclOperation operation) {
      this.operation = operation;
    }

    /** What the job must be allowed to do. */
    AclOperation operation() {
      return operation;
    }

    /** Whether nobody else must have made the topic before: it is the job's own. */
    boolean isOfTheJob() {
      return switch (this) {
        case OBSERVATIONS, COVARIATES -> false;
        case FORECASTS, SCORES, CELLS, ANOMALIES, DEAD_LETTERS, REQUESTS, COMMANDS, MODEL_EVENTS ->
            true;
      };
    }

    /** Whether the topic should have one partition, for its records have one order. */
    boolean isOfOnePartition() {
      return this == COMMANDS || this == MODEL_EVENTS;
    }
  }

  /** Every topic that the job file names; those of a pattern are not among them. */
  static List<TopicUse> of(JobConfig config) {
    List<TopicUse> uses = new ArrayList<>();
    List<String> names = config.source().topics().names();
    for (int i = 0; i < names.size(); i++) {
      String key = names.size() == 1 ? "source.topic" : "source.topic[%d]".formatted(i);
      uses.add(new TopicUse(key, names.get(i), Purpose.OBSERVATIONS));
    }
    Feed feed = config.covariates().feed();
    if (feed != null) {
      uses.add(new TopicUse("covariates.topic", feed.topic(), Purpose.COVARIATES));
    }
    SinkSettings.Kafka sink = (SinkSettings.Kafka) config.sink();
    uses.add(new TopicUse("sink.topic", sink.topic(), Purpose.FORECASTS));
    String shadows = sink.shadowTopic();
    if (shadows != null) {
      uses.add(new TopicUse("sink.shadow-topic", shadows, Purpose.FORECASTS));
    }
    String scores = config.scores().topic();
    if (scores != null) {
      uses.add(new TopicUse("scores.topic", scores, Purpose.SCORES));
    }
    String cells = config.cells().topic();
    if (cells != null) {
      uses.add(new TopicUse("cells.topic", cells, Purpose.CELLS));
    }
    String anomalies = config.anomalies().topic();
    if (anomalies != null) {
      uses.add(new TopicUse("anomalies.topic", anomalies, Purpose.ANOMALIES));
    }
    uses.add(
        new TopicUse("dead-letters.topic", config.deadLetters().topic(), Purpose.DEAD_LETTERS));
    String requests = config.requests().topic();
    if (requests != null) {
      uses.add(new TopicUse("requests.topic", requests, Purpose.REQUESTS));
    }
    String commands = config.commands().topic();
    if (commands != null) {
      uses.add(new TopicUse("commands.topic", commands, Purpose.COMMANDS));
    }
    String events = config.commands().eventsTopic();
    if (events != null) {
      uses.add(new TopicUse("commands.events-topic", events, Purpose.MODEL_EVENTS));
    }
    return uses;
  }

  /** Those among the topics that there are which observations come from by a pattern. */
  static List<TopicUse> matching(Set<String> topics, String pattern) {
    return topics.stream()
        .filter(name -> name.matches(pattern))
        .sorted()
        .map(name -> new TopicUse(KafkaRights.PATTERN_KEY, name, Purpose.OBSERVATIONS))
        .toList();
  }

  /** Names it for messages. */
  String named() {
    return key + "=" + topic;
  }
}
