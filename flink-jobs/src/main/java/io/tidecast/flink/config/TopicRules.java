package io.tidecast.flink.config;

import io.tidecast.flink.config.value.ConfigValues;
import io.tidecast.flink.format.SourceFormat.Kind;
import io.tidecast.flink.source.Topics;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which topics a job uses; none for two purposes. A key that was refused breaks no rule here. */
final class TopicRules {

  private TopicRules() {}

  /** Where observations come from; null if that is wrong, and the values have a problem more. */
  static @Nullable Topics source(ConfigValues values) {
    if (values.get(ConfigKeys.SOURCE_FORMAT.format) == Kind.CSV) {
      return new Topics(List.of(), null);
    }
    List<String> names = values.get(ConfigKeys.SOURCE_TOPIC);
    String pattern = values.get(ConfigKeys.TOPIC_PATTERN);
    if (!values.isGiven(ConfigKeys.TOPIC_PATTERN)) {
      return names == null ? null : new Topics(names, null);
    }
    if (values.isGiven(ConfigKeys.SOURCE_TOPIC)) {
      values.problem(
          "must not be given with source.topic: source.topic-pattern=%s".formatted(pattern));
      return null;
    }
    return pattern == null ? null : new Topics(List.of(), pattern);
  }

  /**
   * Where dead letters go; null if that is wrong, and the values have a problem more.
   *
   * @param source null if it was refused
   */
  static @Nullable String deadLetters(ConfigValues values, @Nullable Topics source) {
    if (values.isGiven(ConfigKeys.DEAD_LETTER_TOPIC) || source == null) {
      return values.get(ConfigKeys.DEAD_LETTER_TOPIC);
    }
    if (source.names().size() == 1) {
      return source.names().get(0) + ".dlq";
    }
    if (values.isMissing(ConfigKeys.DEAD_LETTER_TOPIC)) {
      values.problem(
          source.names().isEmpty() && source.pattern() == null
              ? "must be given with source.format=csv: dead-letters.topic"
              : "must be given when source.topic is not a single one: dead-letters.topic");
    }
    return null;
  }

  /** Refuses a topic with two purposes. Arguments are null if they were refused. */
  static void check(ConfigValues values, @Nullable Topics source, @Nullable String deadLetters) {
    Map<String, String> users = new TreeMap<>();
    if (source != null) {
      source.names().forEach(name -> users.put(name, ConfigKeys.SOURCE_TOPIC.path()));
    }
    String pattern = source == null ? null : source.pattern();
    String covariates = values.get(ConfigKeys.COVARIATE_TOPIC);
    claim(values, users, pattern, "covariates.topic", covariates);
    claim(values, users, pattern, "sink.topic", values.get(ConfigKeys.SINK_TOPIC));
    claim(values, users, pattern, "dead-letters.topic", deadLetters);
    claim(values, users, pattern, "requests.topic", values.get(ConfigKeys.REQUESTS_TOPIC));
  }

  private static void claim(
      ConfigValues values,
      Map<String, String> users,
      @Nullable String pattern,
      String key,
      @Nullable String topic) {
    if (topic == null) {
      return;
    }
    String other = users.putIfAbsent(topic, key);
    if (other != null) {
      values.problem("must not be the topic of %s: %s=%s".formatted(other, key, topic));
    }
    // Or the job would read what it writes.
    if (pattern != null && Pattern.matches(pattern, topic)) {
      values.problem(
          "must not match %s=%s: source.topic-pattern=%s".formatted(key, topic, pattern));
    }
  }
}
