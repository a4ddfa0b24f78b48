package io.tidecast.cli.read;

import io.tidecast.cli.job.TopicReader;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.apache.kafka.common.TopicPartition;

/**
 * Finds the newest values of a topic that somebody asks for. Goes back from the end in strides that
 * grow, until there are enough, or it comes to the beginning, or that takes too long.
 *
 * @param gatherings makes values of records, and keeps so many of each partition as it is told
 */
record Newest<T>(IntFunction<Gathering<T>> gatherings) {

  private static final long FIRST_STRIDE = 500;
  private static final int GROWTH = 8;

  /**
   * What was found.
   *
   * @param values in the order of their timestamps, no more than were asked for
   * @param end where each partition ended
   * @param whole whether more would have been found if there were more
   */
  record Found<T>(List<Decoded<T>> values, Map<TopicPartition, Long> end, boolean whole) {}

  /**
   * Finds them.
   *
   * @param last values at most
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
      Gathering<T> gathering = gatherings.apply(last);
      boolean inTime = reader.read(from, end, Integer.MAX_VALUE, deadline, gathering::add);
      if (all || !inTime || gathering.isEnough(last)) {
        return new Found<>(gathering.newest(last), end, inTime);
      }
    }
  }
}
