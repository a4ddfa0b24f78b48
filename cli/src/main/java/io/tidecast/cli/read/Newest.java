package io.tidecast.cli.read;

import io.tidecast.cli.job.TopicReader;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.common.TopicPartition;

/**
 * Finds the newest records of a topic that somebody asks for. Goes back from the end in strides
 * that grow, until there are enough, or it comes to the beginning, or that takes too long.
 *
 * @param decoder of the records
 * @param wanted whether a value is asked for; what cannot be read always is
 */
record Newest<T>(Decoded.Decoder<T> decoder, Predicate<T> wanted) {

  private static final long FIRST_STRIDE = 500;
  private static final int GROWTH = 8;

  /**
   * What was found.
   *
   * @param records in the order of their timestamps, no more than were asked for
   * @param end where each partition ended
   * @param whole whether more would have been found if there were more
   */
  record Found<T>(List<Decoded<T>> records, Map<TopicPartition, Long> end, boolean whole) {}

  /**
   * Finds them.
   *
   * @param last records at most
   * @param patience for all of it
   */
  Found<T> find(TopicReader reader, int last, Duration patience) {
    long deadline = System.nanoTime() + patience.toNanos();
    Map<TopicPartition, Long> begin = reader.begin();
    Map<TopicPartition, Long> end = reader.end();
    for (long stride = Math.max(FIRST_STRIDE, last); ; stride *= GROWTH) {
      Map<TopicPartition, Long> from = new HashMap<>();
      boolean all = true;
      for (Map.Entry<TopicPartition, Long> one : end.entrySet()) {
        long beginning = begin.getOrDefault(one.getKey(), 0L);
        long back = one.getValue() - stride;
        all &= back <= beginning;
        from.put(one.getKey(), Math.max(beginning, back));
      }
      // Those of a partition come in order, so that its last ones stay.
      Map<TopicPartition, Deque<Decoded<T>>> kept = new HashMap<>();
      boolean inTime =
          reader.read(
              from,
              end,
              Integer.MAX_VALUE,
              deadline,
              record -> keep(kept, last, Decoded.of(record, decoder)));
      List<Decoded<T>> found = new ArrayList<>();
      kept.values().forEach(found::addAll);
      if (all || !inTime || found.size() >= last) {
        found.sort(Comparator.comparingLong(one -> one.record().timestamp()));
        return new Found<>(
            List.copyOf(found.subList(Math.max(0, found.size() - last), found.size())),
            end,
            inTime);
      }
    }
  }

  private void keep(Map<TopicPartition, Deque<Decoded<T>>> kept, int last, Decoded<T> decoded) {
    if (!isWanted(decoded)) {
      return;
    }
    Deque<Decoded<T>> of =
        kept.computeIfAbsent(
            new TopicPartition(decoded.record().topic(), decoded.record().partition()),
            none -> new ArrayDeque<>());
    of.addLast(decoded);
    if (of.size() > last) {
      of.removeFirst();
    }
  }

  /** Whether somebody asks for it. */
  boolean isWanted(Decoded<T> decoded) {
    T value = decoded.value();
    return value == null || wanted.test(value);
  }
}
