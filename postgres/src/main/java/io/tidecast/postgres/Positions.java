package io.tidecast.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * How far the partitions have been copied, as the table {@code offsets} says: it moves in the
 * transaction that writes the rows, so that each record is copied once. One thread.
 */
final class Positions {

  /** Of a partition of which nothing is known yet. */
  static final long NONE = -1;

  private final String group;
  private final Map<TopicPartition, Long> next = new HashMap<>();
  private final Map<String, String> topicIds = new HashMap<>();

  Positions(String group) {
    this.group = group;
  }

  /**
   * Reads where a partition goes on: the offset of the next record, or {@link #NONE} where it
   * begins. A topic that was made anew begins anew.
   *
   * @param topicId of the topic as it is now
   */
  long find(Connection connection, TopicPartition partition, String topicId) throws SQLException {
    topicIds.put(partition.topic(), topicId);
    try (PreparedStatement insert =
            connection.prepareStatement(
                "insert into tidecast.offsets (consumer_group, topic, partition, topic_id, next_offset, written_at) values (?, ?, ?, ?, -1, now()) on conflict (consumer_group, topic, partition) do update set topic_id = excluded.topic_id, next_offset = -1, written_at = now() where offsets.topic_id <> excluded.topic_id");
        PreparedStatement select =
            connection.prepareStatement(
                "select next_offset from tidecast.offsets where consumer_group = ? and topic = ? and partition = ?")) {
      for (PreparedStatement one : new PreparedStatement[] {insert, select}) {
        one.setString(1, group);
        one.setString(2, partition.topic());
        one.setInt(3, partition.partition());
      }
      insert.setString(4, topicId);
      insert.executeUpdate();
      try (ResultSet found = select.executeQuery()) {
        long offset = found.next() ? found.getLong(1) : NONE;
        connection.commit();
        next.put(partition, offset);
        return offset;
      }
    }
  }

  /** Whether it is known where a partition goes on. */
  boolean has(TopicPartition partition) {
    return next.containsKey(partition);
  }

  /** The offset of the next record of a partition; {@link #NONE} where none was copied yet. */
  long next(TopicPartition partition) {
    return next.getOrDefault(partition, NONE);
  }

  /** Forgets where partitions go on, for others may have them. */
  void forget(Collection<TopicPartition> partitions) {
    next.keySet().removeAll(partitions);
  }

  /** Forgets all of them. */
  void forgetAll() {
    next.clear();
  }

  /**
   * Moves them on, in the transaction of the connection.
   *
   * @param to the offset of the next record of each partition
   * @throws MovedException if somebody else has moved one of them
   */
  void move(Connection connection, Map<TopicPartition, Long> to) throws SQLException {
    try (PreparedStatement update =
        connection.prepareStatement(
            "update tidecast.offsets set next_offset = ?, written_at = now() where consumer_group = ? and topic = ? and partition = ? and next_offset = ? and topic_id = ?")) {
      for (Map.Entry<TopicPartition, Long> one : to.entrySet()) {
        TopicPartition partition = one.getKey();
        update.setLong(1, one.getValue());
        update.setString(2, group);
        update.setString(3, partition.topic());
        update.setInt(4, partition.partition());
        update.setLong(5, next(partition));
        update.setString(6, topicIds.getOrDefault(partition.topic(), ""));
        if (update.executeUpdate() != 1) {
          throw new MovedException();
        }
      }
    }
  }

  /** Takes note that the transaction is committed. */
  void moved(Map<TopicPartition, Long> to) {
    next.putAll(to);
  }

  /** Somebody else has copied what this process was about to copy, or this process has. */
  static final class MovedException extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }
}
