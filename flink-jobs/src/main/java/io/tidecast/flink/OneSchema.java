package io.tidecast.flink;

import io.tidecast.flink.config.ConfigException;
import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.covariates.CovariateSettings.Feed;
import io.tidecast.flink.format.SourceFormat;
import io.tidecast.flink.format.schema.Written;
import io.tidecast.flink.registry.SchemaRef;
import io.tidecast.flink.source.schema.FirstSchemas;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out which schema the records of a topic of one schema name, where the job file does not say
 * it and there is no registry to ask. It is found out once, where the job is submitted: subtasks
 * that each took the first that they read could take different ones.
 */
final class OneSchema {

  private static final Logger LOG = LoggerFactory.getLogger(OneSchema.class);

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private OneSchema() {}

  /** Asks Kafka what the first records name. */
  interface Topic {

    /** Returns it for each partition that has a record which names one. */
    Map<TopicPartition, SchemaRef> firstSchemas();
  }

  /**
   * Returns the job with what the first records of its topic name; the same where that is known.
   *
   * @throws ConfigException if they name none, or not the same
   */
  static JobConfig found(JobConfig config) {
    return found(config, () -> FirstSchemas.of(config.kafka(), config.source().topics(), PATIENCE));
  }

  static JobConfig found(JobConfig config, Topic topic) {
    List<String> problems = new ArrayList<>();
    Feed feed = config.covariates().feed();
    if (feed != null && isUnknown(feed.format())) {
      problems.add(
          "must be given with covariates.framing=confluent where there is no registry.url: covariates.avro-schemas, such as {1: weather.avsc}");
    }
    SchemaRef named = isUnknown(config.source().format()) ? named(config, topic, problems) : null;
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
    if (named == null) {
      return config;
    }
    LOG.info(
        "Records of {} are of the schema of {}, which the first of them name",
        config.source().origin(),
        named);
    SourceFormat.Avro avro = (SourceFormat.Avro) config.source().format();
    return config.reading(
        new SourceFormat.Avro(avro.schema(), new Written.OneId(named), avro.mapping()));
  }

  private static boolean isUnknown(SourceFormat format) {
    return format instanceof SourceFormat.Avro avro
        && avro.written() instanceof Written.OneId one
        && one.named() == null;
  }

  /** Returns null if nothing is named, and there is a problem more. */
  private static @Nullable SchemaRef named(JobConfig config, Topic topic, List<String> problems) {
    String origin = config.source().origin();
    Map<TopicPartition, SchemaRef> first;
    try {
      first = topic.firstSchemas();
    } catch (KafkaException e) {
      problems.add(
          "must be readable, for its first records say which schema id source.avro-schema has: %s at %s; Kafka says: %s"
              .formatted(origin, config.kafka().bootstrapServers(), e.getMessage()));
      return null;
    }
    TreeSet<String> names = new TreeSet<>();
    first.values().forEach(one -> names.add(one.toString()));
    if (names.size() == 1) {
      return first.values().iterator().next();
    }
    problems.add(
        names.isEmpty()
            ? "must be given, for no record of %s names a schema yet, and there is no registry.url: source.avro-schemas, such as {1: reading.avsc}"
                .formatted(origin)
            : "must be given, for the partitions of %s begin with records of several schemas, %s, and there is no registry.url: source.avro-schemas, such as {1: reading.avsc}"
                .formatted(origin, String.join(" and ", names)));
    return null;
  }
}
