package io.tidecast.benchmarks.faults;

import static java.util.Objects.requireNonNull;

import io.tidecast.schemas.AvroCodec;
import io.tidecast.schemas.CodecException;
import io.tidecast.schemas.DeadLetter;
import io.tidecast.schemas.Forecast;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads what a job has committed, as any {@code read_committed} consumer does, and counts every
 * forecast and dead letter. One thread.
 */
final class Answers {

  private static final Duration POLL = Duration.ofMillis(100);

  private final Plan plan;
  private final List<String> topics;
  private final Wrong wrong;
  private final String bootstrapServers;
  private final AvroCodec<Forecast> forecastCodec = AvroCodec.forecasts();
  private final AvroCodec<DeadLetter> letterCodec = AvroCodec.deadLetters();
  private final Map<TopicPartition, Long> positions = new HashMap<>();
  private final Map<Origin, Integer> forecasts = new HashMap<>();
  private final Map<Feed.Place, Integer> letters = new HashMap<>();
  private final Map<String, Long> reasons = new TreeMap<>();
  private long different;
  private long unexpected;
  private long fallbacks;

  private record Origin(int series, long cell) {}

  /**
   * The observation whose value is not that of the plan, and that the model fails on.
   *
   * @param cell -1 where there is none
   */
  record Wrong(int series, int cell) {
    static final Wrong NONE = new Wrong(-1, -1);

    private boolean isSeenFrom(int series, long origin, int contextLength) {
      return series == this.series && origin >= cell && origin - cell < contextLength;
    }
  }

  Answers(String bootstrapServers, List<String> topics, Plan plan, Wrong wrong) {
    this.bootstrapServers = bootstrapServers;
    this.topics = topics;
    this.plan = plan;
    this.wrong = wrong;
  }

  /**
   * Reads on as far as there is something committed.
   *
   * @return how many records there were; none while the broker is away
   */
  long read() {
    long count = 0;
    try (Consumer<byte[], byte[]> consumer = consumer("read_committed")) {
      Map<TopicPartition, Long> ends = ends(consumer);
      consumer.assign(ends.keySet());
      ends.keySet().forEach(one -> consumer.seek(one, positions.getOrDefault(one, 0L)));
      long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
      while (ends.entrySet().stream()
              .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())
          && System.nanoTime() - deadline < 0) {
        for (ConsumerRecord<byte[], byte[]> answer : consumer.poll(POLL)) {
          take(answer);
          count++;
        }
        ends.keySet().forEach(one -> positions.put(one, consumer.position(one)));
      }
    } catch (KafkaException e) {
      // The broker is away, or a topic is; what was read is counted.
      return count;
    }
    return count;
  }

  /** Reads a topic from its beginning, which was made anew. */
  void forget(String topic) {
    positions.keySet().removeIf(partition -> partition.topic().equals(topic));
  }

  /** How many records of transactions that are still open hide what comes after them. */
  long hidden() {
    try (Consumer<byte[], byte[]> committed = consumer("read_committed");
        Consumer<byte[], byte[]> all = consumer("read_uncommitted")) {
      Map<TopicPartition, Long> stable = ends(committed);
      return ends(all).entrySet().stream()
          .mapToLong(end -> end.getValue() - stable.getOrDefault(end.getKey(), 0L))
          .sum();
    }
  }

  /** How many records a topic has, transactions not minded. */
  long size(String topic) {
    try (Consumer<byte[], byte[]> consumer = consumer("read_uncommitted")) {
      return consumer.endOffsets(partitions(consumer, topic)).values().stream()
          .mapToLong(Long::longValue)
          .sum();
    }
  }

  private Map<TopicPartition, Long> ends(Consumer<byte[], byte[]> consumer) {
    List<TopicPartition> partitions = new ArrayList<>();
    topics.forEach(topic -> partitions.addAll(partitions(consumer, topic)));
    return consumer.endOffsets(partitions);
  }

  private static List<TopicPartition> partitions(Consumer<byte[], byte[]> consumer, String topic) {
    List<TopicPartition> partitions = new ArrayList<>();
    for (PartitionInfo info : consumer.partitionsFor(topic)) {
      partitions.add(new TopicPartition(topic, info.partition()));
    }
    return partitions;
  }

  private void take(ConsumerRecord<byte[], byte[]> answer) {
    try {
      if (answer.topic().equals(topics.get(0))) {
        take(forecastCodec.decode(answer.value()));
      } else {
        take(letterCodec.decode(answer.value()));
      }
    } catch (CodecException e) {
      unexpected++;
    }
  }

  private void take(Forecast forecast) {
    int series = plan.index(forecast.getSeries());
    long cell = Plan.cell(forecast.getOrigin());
    if (series < 0 || forecast.getRevision() != 0) {
      unexpected++;
      return;
    }
    forecasts.merge(new Origin(series, cell), 1, Integer::sum);
    boolean mayFail = wrong.isSeenFrom(series, cell, plan.contextLength());
    if (forecast.getFallback()) {
      fallbacks++;
      different += mayFail ? 0 : 1;
    } else if (!mayFail && !isRight(forecast, series, cell)) {
      different++;
    }
  }

  private boolean isRight(Forecast forecast, int series, long cell) {
    List<Double> points = forecast.getPoints();
    if (points.size() != Plan.HORIZON) {
      return false;
    }
    for (int step = 0; step < Plan.HORIZON; step++) {
      int seen = Math.toIntExact(cell) - Plan.HORIZON + 1 + step;
      if (points.get(step) != plan.value(series, seen)) {
        return false;
      }
    }
    return true;
  }

  private void take(DeadLetter letter) {
    byte[] key = letter.getKey() == null ? new byte[0] : letter.getKey().array();
    if (new String(key, StandardCharsets.UTF_8).startsWith("unreadable-")) {
      letters.merge(
          new Feed.Place(
              requireNonNull(letter.getPartition(), "partition is null"),
              requireNonNull(letter.getOffset(), "offset is null")),
          1,
          Integer::sum);
    } else {
      reasons.merge(letter.getReason(), 1L, Long::sum);
    }
  }

  /**
   * Holds what was read against what is owed.
   *
   * @param cells that every series was sent
   * @param unreadable records that each must have a dead letter
   */
  Account account(int cells, Set<Feed.Place> unreadable) {
    long expected = plan.forecasts(cells);
    long found = 0;
    long once = 0;
    long doubled = 0;
    long strange = unexpected;
    for (Map.Entry<Origin, Integer> entry : forecasts.entrySet()) {
      long cell = entry.getKey().cell();
      if (cell < plan.contextLength() - 1 || cell >= cells) {
        strange += entry.getValue();
        continue;
      }
      found++;
      once += entry.getValue() == 1 ? 1 : 0;
      doubled += entry.getValue() - 1;
    }
    return new Account(
        letters(unreadable),
        expected,
        once,
        expected - found,
        doubled,
        different,
        strange,
        fallbacks);
  }

  private Account.Letters letters(Set<Feed.Place> unreadable) {
    long lost = unreadable.stream().filter(place -> !letters.containsKey(place)).count();
    long doubled = letters.values().stream().mapToLong(count -> count - 1L).sum();
    return new Account.Letters(unreadable.size(), lost, doubled, Map.copyOf(reasons));
  }

  private Consumer<byte[], byte[]> consumer(String isolation) {
    return new KafkaConsumer<>(
        Map.of(
            "bootstrap.servers",
            bootstrapServers,
            "isolation.level",
            isolation,
            "enable.auto.commit",
            false,
            "allow.auto.create.topics",
            false,
            "auto.offset.reset",
            "earliest",
            "default.api.timeout.ms",
            5_000,
            "max.poll.records",
            10_000,
            "max.partition.fetch.bytes",
            16 << 20),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer());
  }
}
