package io.tidecast.cli.read;

import io.tidecast.flink.read.RecordDecoder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** Makes a value of each record. */
final class Singles<T> implements Gathering<T> {

  private final RecordDecoder<T> decoder;
  private final Predicate<T> wanted;
  private final int most;
  private final Map<TopicPartition, Deque<Decoded<T>>> kept = new HashMap<>();

  /**
   * @param wanted whether a value is asked for; what cannot be read always is
   * @param most values of each partition that are kept, the newest
   */
  Singles(RecordDecoder<T> decoder, Predicate<T> wanted, int most) {
    this.decoder = decoder;
    this.wanted = wanted;
    this.most = most;
  }

  @Override
  public void add(ConsumerRecord<byte[], byte[]> record) {
    Decoded<T> decoded = Decoded.of(record, decoder);
    T value = decoded.value();
    if (value != null && !wanted.test(value)) {
      return;
    }
    Deque<Decoded<T>> of =
        kept.computeIfAbsent(
            new TopicPartition(record.topic(), record.partition()), none -> new ArrayDeque<>());
    of.addLast(decoded);
    if (of.size() > most) {
      of.removeFirst();
    }
  }

  @Override
  public boolean isEnough(int last) {
    return kept.values().stream().mapToInt(Deque::size).sum() >= last;
  }

  @Override
  public List<Decoded<T>> newest(int last) {
    List<Decoded<T>> found = new ArrayList<>();
    kept.values().forEach(found::addAll);
    found.sort(Comparator.comparingLong(one -> one.record().timestamp()));
    return List.copyOf(found.subList(Math.max(0, found.size() - last), found.size()));
  }

  @Override
  public List<Decoded<T>> settled() {
    List<Decoded<T>> all = newest(Integer.MAX_VALUE);
    kept.clear();
    return all;
  }
}
