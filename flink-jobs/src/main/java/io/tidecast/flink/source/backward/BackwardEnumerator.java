package io.tidecast.flink.source.backward;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.connector.source.SplitsAssignment;
import org.apache.flink.util.FlinkRuntimeException;
import org.jspecify.annotations.Nullable;

/**
 * Finds once what there is to read, and gives each reader its share of it at once: the partitions
 * one after the other to the subtasks in turn. The coordinator's thread.
 */
final class BackwardEnumerator implements SplitEnumerator<BackwardSplit, WaitingSplits> {

  private final SplitEnumeratorContext<BackwardSplit> context;
  private final Callable<List<BackwardSplit>> bounds;
  private final List<BackwardSplit> waiting;
  private boolean found;

  /**
   * @param kept what a checkpoint holds; {@link WaitingSplits#NOT_FOUND} at the first start
   */
  BackwardEnumerator(
      SplitEnumeratorContext<BackwardSplit> context,
      Callable<List<BackwardSplit>> bounds,
      WaitingSplits kept) {
    this.context = context;
    this.bounds = bounds;
    this.waiting = new ArrayList<>(kept.splits());
    this.found = kept.found();
  }

  @Override
  public void start() {
    if (!found) {
      context.callAsync(bounds, this::found);
    }
  }

  private void found(@Nullable List<BackwardSplit> splits, @Nullable Throwable problem) {
    if (splits == null) {
      throw new FlinkRuntimeException(
          "the bounds of the partitions must be there to be looked up", problem);
    }
    found = true;
    waiting.addAll(splits);
    assign(context.registeredReaders().keySet().stream().mapToInt(Integer::intValue));
  }

  @Override
  public void handleSplitRequest(int subtask, @Nullable String host) {}

  @Override
  public void addSplitsBack(List<BackwardSplit> splits, int subtask) {
    waiting.addAll(splits);
  }

  @Override
  public void addReader(int subtask) {
    if (found) {
      assign(IntStream.of(subtask));
    }
  }

  /** Gives readers all that is theirs, and says that it was all. */
  private void assign(IntStream readers) {
    Map<Integer, List<BackwardSplit>> shares = new HashMap<>();
    int[] subtasks = readers.toArray();
    for (int subtask : subtasks) {
      Iterator<BackwardSplit> splits = waiting.iterator();
      while (splits.hasNext()) {
        BackwardSplit split = splits.next();
        if (owner(split) == subtask) {
          shares.computeIfAbsent(subtask, none -> new ArrayList<>()).add(split);
          splits.remove();
        }
      }
    }
    if (!shares.isEmpty()) {
      context.assignSplits(new SplitsAssignment<>(shares));
    }
    for (int subtask : subtasks) {
      context.signalNoMoreSplits(subtask);
    }
  }

  private int owner(BackwardSplit split) {
    return Math.floorMod(
        split.topic().hashCode() + split.partition(), context.currentParallelism());
  }

  @Override
  public WaitingSplits snapshotState(long checkpoint) {
    return new WaitingSplits(found, waiting);
  }

  @Override
  public void close() {}
}
