package io.tidecast.flink.commands;

import static java.util.Objects.requireNonNull;

import java.util.Collection;
import java.util.Map;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a job without state begins to follow commands: at the time when it was submitted. It has
 * the models of its job file then, and what commands before that time put into service may be gone.
 * A job that is restarted before its first checkpoint begins there again, and misses no command.
 */
@SuppressWarnings("deprecation") // The connector takes no other type.
public final class CommandOffsets implements OffsetsInitializer {

  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LoggerFactory.getLogger(CommandOffsets.class);

  private final String topic;
  private final OffsetsInitializer since;

  /**
   * @param sinceMillis time of Kafka's from which on commands are followed
   */
  public CommandOffsets(String topic, long sinceMillis) {
    this.topic = requireNonNull(topic, "topic is null");
    this.since = OffsetsInitializer.timestamp(sinceMillis);
  }

  @Override
  public Map<TopicPartition, Long> getPartitionOffsets(
      Collection<TopicPartition> partitions, PartitionOffsetsRetriever retriever) {
    if (partitions.size() > 1) {
      LOG.warn(
          "Commands of different partitions may be followed in another order than they were sent: commands.topic={} has {} partitions. Commands whose keys are their slots keep their order, as those of 'tidecast model' are; a topic of one partition needs no keys.",
          topic,
          partitions.size());
    }
    return since.getPartitionOffsets(partitions, retriever);
  }

  /** Of a restored job whose next commands Kafka has deleted. */
  @Override
  public OffsetResetStrategy getAutoOffsetResetStrategy() {
    return OffsetResetStrategy.EARLIEST;
  }
}
