package io.tidecast.cli.testing;

import io.tidecast.cli.console.CliException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;

/**
 * Watches how far readers of committed records may come in a topic, and for how long they are held
 * at one place although there is more.
 */
public final class StableOffsets implements AutoCloseable {
  private static final Duration INTERVAL = Duration.ofMillis(50);

  private final Admin admin;
  private final Map<TopicPartition, OffsetSpec> partitions = new HashMap<>();
  private final Thread thread = new Thread(this::watch, "stable-offsets");
  private final Map<TopicPartition, Held> held = new HashMap<>();
  private long longestNanos;
  private volatile boolean closed;

  private record Held(long offset, long sinceNanos) {}

  private StableOffsets(Admin admin) {
    this.admin = admin;
  }

  /** Begins to watch a topic. */
  public static StableOffsets watch(String bootstrapServers, String topic) throws Exception {
    StableOffsets offsets =
        new StableOffsets(Admin.create(Map.of("bootstrap.servers", bootstrapServers)));
    for (TopicPartitionInfo partition :
        offsets
            .admin
            .describeTopics(List.of(topic))
            .allTopicNames()
            .get()
            .get(topic)
            .partitions()) {
      offsets.partitions.put(new TopicPartition(topic, partition.partition()), OffsetSpec.latest());
    }
    offsets.thread.setDaemon(true);
    offsets.thread.start();
    return offsets;
  }

  /** Waits until a transaction holds readers back. */
  public void awaitHeld() {
    while (isFree()) {
      LockSupport.parkNanos(INTERVAL.toNanos());
    }
  }

  /** Waits until nothing holds readers back. */
  public void awaitFree() {
    while (!isFree()) {
      LockSupport.parkNanos(INTERVAL.toNanos());
    }
  }

  private synchronized boolean isFree() {
    return held.isEmpty();
  }

  /**
   * Returns the longest time that readers were held at one place since this was last asked. One
   * that is not over yet counts in full, now and later.
   */
  public synchronized Duration longestHeld() {
    long nowNanos = System.nanoTime();
    held.values().forEach(one -> longestNanos = Math.max(longestNanos, nowNanos - one.sinceNanos));
    Duration longest = Duration.ofNanos(longestNanos);
    longestNanos = 0;
    return longest;
  }

  private void watch() {
    while (!closed) {
      try {
        look(offsets(IsolationLevel.READ_COMMITTED), offsets(IsolationLevel.READ_UNCOMMITTED));
      } catch (ExecutionException e) {
        throw new CliException("the broker of a test does not answer", e);
      } catch (InterruptedException e) {
        return;
      }
      LockSupport.parkNanos(INTERVAL.toNanos());
    }
  }

  private Map<TopicPartition, ListOffsetsResultInfo> offsets(IsolationLevel isolation)
      throws ExecutionException, InterruptedException {
    return admin.listOffsets(partitions, new ListOffsetsOptions(isolation)).all().get();
  }

  private synchronized void look(
      Map<TopicPartition, ListOffsetsResultInfo> stable,
      Map<TopicPartition, ListOffsetsResultInfo> ends) {
    long nowNanos = System.nanoTime();
    for (TopicPartition partition : partitions.keySet()) {
      long offset = stable.get(partition).offset();
      Held before = held.get(partition);
      if (before != null && before.offset != offset) {
        longestNanos = Math.max(longestNanos, nowNanos - before.sinceNanos);
        held.remove(partition);
      }
      if (offset == ends.get(partition).offset()) {
        held.remove(partition);
      } else {
        held.putIfAbsent(partition, new Held(offset, nowNanos));
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    admin.close();
  }
}
