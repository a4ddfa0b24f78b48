package io.tidecast.flink.config;

import io.tidecast.flink.config.key.CommandKeys;
import io.tidecast.flink.config.key.CsvKeys;
import io.tidecast.flink.config.key.ScoreKeys;
import io.tidecast.flink.config.key.SinkKeys;
import io.tidecast.flink.config.value.ConfigValues;
import io.tidecast.flink.format.SourceFormat.Kind;
import io.tidecast.flink.format.SourceFormat.Order;
import io.tidecast.flink.grid.Spelling;
import io.tidecast.flink.source.Start;
import io.tidecast.flink.source.Stop;
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
    checkOrder(values);
    Map<String, String> users = new TreeMap<>();
    if (source != null) {
      source.names().forEach(name -> users.put(name, ConfigKeys.SOURCE_TOPIC.path()));
    }
    String pattern = source == null ? null : source.pattern();
    String covariates = values.get(ConfigKeys.COVARIATE_TOPIC);
    claim(values, users, pattern, "covariates.topic", covariates);
    claim(values, users, pattern, "sink.topic", values.get(ConfigKeys.SINK_TOPIC));
    claim(values, users, pattern, "sink.shadow-topic", SinkRules.shadowTopic(values));
    claim(values, users, pattern, "dead-letters.topic", deadLetters);
    claim(values, users, pattern, "requests.topic", values.get(ConfigKeys.REQUESTS_TOPIC));
    claim(values, users, pattern, "commands.topic", values.get(CommandKeys.TOPIC));
    claim(values, users, pattern, "commands.events-topic", CommandRules.eventsTopic(values));
    claim(values, users, pattern, "scores.topic", values.get(ScoreKeys.TOPIC));
    claim(values, users, pattern, "cells.topic", values.get(SinkKeys.CELLS_TOPIC));
  }

  /** Refuses to read a topic backwards that has no end, or not to its first record. */
  private static void checkOrder(ConfigValues values) {
    if (values.get(CsvKeys.ORDER) != Order.NEWEST_FIRST
        || values.get(ConfigKeys.SOURCE_FORMAT.format) == Kind.CSV) {
      return;
    }
    Stop stop = values.get(ConfigKeys.STOP);
    if (stop != null && stop.kind() == Stop.Kind.NEVER) {
      values.problem(
          "must go with source.stop, latest or a time, for a topic is read backwards from where it ends: source.order=newest-first");
    }
    Start start = values.get(ConfigKeys.START);
    if (values.isGiven(ConfigKeys.START) && start != null && start != Start.EARLIEST) {
      values.problem(
          "must be earliest, or left out, with source.order=newest-first, which reads back to the first record: source.start=%s"
              .formatted(Spelling.of(start)));
    }
  }

  /** Where the job begins; what is read backwards, at the first record. */
  static Start start(ConfigValues values) {
    return values.require(CsvKeys.ORDER) == Order.NEWEST_FIRST
            && values.require(ConfigKeys.SOURCE_FORMAT.format) != Kind.CSV
        ? Start.EARLIEST
        : values.require(ConfigKeys.START);
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
