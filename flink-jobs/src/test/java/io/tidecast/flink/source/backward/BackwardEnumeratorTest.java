package io.tidecast.flink.source.backward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.source.Start;
import io.tidecast.flink.testing.Samples;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.ReaderInfo;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.connector.source.SplitsAssignment;
import org.apache.flink.metrics.groups.SplitEnumeratorMetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.Test;

class BackwardEnumeratorTest {

  private static final List<BackwardSplit> SPLITS =
      IntStream.range(0, 5).mapToObj(i -> new BackwardSplit("t", i, i, 10)).toList();

  private final Context context = new Context(2);

  @Test
  void shouldGiveEachReaderItsShareOnceItIsFound() throws Exception {
    BackwardEnumerator enumerator =
        new BackwardEnumerator(context, () -> SPLITS, WaitingSplits.NOT_FOUND);
    enumerator.start();
    context.register(0);
    enumerator.addReader(0);
    assertThat(context.ended).isEmpty();

    context.callBack();
    assertThat(context.ended).containsExactly(0);
    context.register(1);
    enumerator.addReader(1);

    assertThat(context.ended).containsExactly(0, 1);
    assertThat(context.given.values().stream().flatMap(List::stream))
        .containsExactlyInAnyOrderElementsOf(SPLITS);
    assertThat(context.given.get(0)).hasSizeBetween(2, 3);
    assertThat(enumerator.snapshotState(1)).isEqualTo(new WaitingSplits(true, List.of()));
  }

  @Test
  void shouldGiveAgainWhatAReaderHadThatFailed() throws Exception {
    BackwardEnumerator enumerator =
        new BackwardEnumerator(context, () -> SPLITS, WaitingSplits.NOT_FOUND);
    enumerator.start();
    context.register(1);
    context.callBack();
    List<BackwardSplit> lost = context.given.remove(1);
    enumerator.addSplitsBack(lost, 1);
    enumerator.addReader(1);
    assertThat(context.given.get(1)).containsExactlyInAnyOrderElementsOf(lost);
  }

  /** Where the partitions end is not looked up again: they may have grown. */
  @Test
  void shouldKeepWhatItFound() throws Exception {
    BackwardEnumerator first =
        new BackwardEnumerator(context, () -> SPLITS, WaitingSplits.NOT_FOUND);
    first.start();
    context.callBack();
    WaitingSplits.Serializer serializer = new WaitingSplits.Serializer();
    WaitingSplits kept =
        serializer.deserialize(
            serializer.getVersion(), serializer.serialize(first.snapshotState(1)));
    assertThat(kept).isEqualTo(new WaitingSplits(true, SPLITS));

    Context anew = new Context(1);
    BackwardEnumerator restored =
        new BackwardEnumerator(anew, () -> List.of(new BackwardSplit("t", 9, 0, 99)), kept);
    restored.start();
    anew.register(0);
    restored.addReader(0);
    assertThat(anew.given.get(0)).containsExactlyElementsOf(SPLITS);
    assertThat(anew.ended).containsExactly(0);
  }

  @Test
  void shouldFailWhereItCannotBeLookedUp() {
    BackwardEnumerator enumerator =
        new BackwardEnumerator(
            context,
            () -> {
              throw new IOException("no broker");
            },
            WaitingSplits.NOT_FOUND);
    enumerator.start();
    assertThatThrownBy(context::callBack)
        .hasMessage("the bounds of the partitions must be there to be looked up")
        .hasRootCauseMessage("no broker");
  }

  @Test
  void shouldTravelToTheCluster() throws Exception {
    JobConfig config =
        Samples.config("source: {topic: t, stop: 2026-11-20T00:00:00Z, order: newest-first}");
    assertThat(config.source().isReadBackward()).isTrue();
    assertThat(config.source().start()).isEqualTo(Start.EARLIEST);
    BackwardSource source =
        new BackwardSource(config.kafka(), config.source(), "job", Samples.closedParser(config));
    assertThat(InstantiationUtil.clone(source).getBoundedness()).isEqualTo(Boundedness.BOUNDED);
  }

  @Test
  void shouldRefuseTheStateOfATopicThatWasReadForward() {
    assertThatThrownBy(() -> new BackwardSplit.Serializer().deserialize(0, new byte[40]))
        .hasMessage(
            "source.order must stay what it was, for the topic is read in part: state of version=0");
    assertThatThrownBy(() -> new WaitingSplits.Serializer().deserialize(2, new byte[40]))
        .hasMessage(
            "source.order must stay what it was, for the topic is read in part: state of version=2");
  }

  /** Of so many subtasks; what is called asynchronously is called when the test says so. */
  private static final class Context implements SplitEnumeratorContext<BackwardSplit> {

    private final int subtasks;
    private final Map<Integer, ReaderInfo> readers = new TreeMap<>();
    private final Map<Integer, List<BackwardSplit>> given = new HashMap<>();
    private final TreeSet<Integer> ended = new TreeSet<>();
    private final List<Runnable> calls = new ArrayList<>();

    Context(int subtasks) {
      this.subtasks = subtasks;
    }

    void register(int subtask) {
      readers.put(subtask, new ReaderInfo(subtask, "here"));
    }

    void callBack() {
      calls.forEach(Runnable::run);
      calls.clear();
    }

    @Override
    public SplitEnumeratorMetricGroup metricGroup() {
      return UnregisteredMetricsGroup.createSplitEnumeratorMetricGroup();
    }

    @Override
    public void sendEventToSourceReader(int subtask, SourceEvent event) {
      throw new UnsupportedOperationException();
    }

    @Override
    public int currentParallelism() {
      return subtasks;
    }

    @Override
    public Map<Integer, ReaderInfo> registeredReaders() {
      return readers;
    }

    @Override
    public void assignSplits(SplitsAssignment<BackwardSplit> assignment) {
      assignment
          .assignment()
          .forEach(
              (subtask, splits) ->
                  given.computeIfAbsent(subtask, none -> new ArrayList<>()).addAll(splits));
    }

    @Override
    public void signalNoMoreSplits(int subtask) {
      ended.add(subtask);
    }

    @Override
    public <T> void callAsync(Callable<T> callable, BiConsumer<T, Throwable> handler) {
      calls.add(
          () -> {
            T found;
            try {
              found = callable.call();
            } catch (Exception e) {
              handler.accept(null, e);
              return;
            }
            handler.accept(found, null);
          });
    }

    @Override
    public <T> void callAsync(
        Callable<T> callable, BiConsumer<T, Throwable> handler, long delay, long period) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void runInCoordinatorThread(Runnable runnable) {
      runnable.run();
    }

    @Override
    public void setIsProcessingBacklog(boolean isProcessingBacklog) {
      throw new UnsupportedOperationException();
    }
  }
}
