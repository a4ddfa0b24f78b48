package io.tidecast.cli.testing;

import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.flink.streaming.api.graph.StreamNode;

/** Has the keyed operator of a job fail every so many elements, as it is given their key. */
public final class FailingWindow implements KeySelector<Object, Object> {
  private static final long serialVersionUID = 1L;

  /** Counts over restarts, in the JVM that all tasks share. */
  private static final AtomicInteger ELEMENTS = new AtomicInteger();

  private static final AtomicInteger FAILURES = new AtomicInteger();

  private final KeySelector<Object, Object> keys;
  private final int everyElements;
  private final int failures;

  private FailingWindow(KeySelector<Object, Object> keys, int everyElements, int failures) {
    this.keys = keys;
    this.everyElements = everyElements;
    this.failures = failures;
  }

  /** Puts it into the job's only keyed operator, of one input. */
  @SuppressWarnings("unchecked") // What the node holds selects keys of what it is given.
  public static void inject(StreamGraph graph, int everyElements, int failures) {
    ELEMENTS.set(0);
    FAILURES.set(0);
    for (StreamNode node : graph.getStreamNodes()) {
      if (node.getStatePartitioners().length == 1) {
        KeySelector<Object, Object> keys =
            (KeySelector<Object, Object>) node.getStatePartitioners()[0];
        node.setStatePartitioners(new FailingWindow(keys, everyElements, failures));
        return;
      }
    }
    throw new AssertionError("the job has no keyed operator to put a failure into");
  }

  @Override
  public Object getKey(Object element) throws Exception {
    if (ELEMENTS.incrementAndGet() % everyElements == 0 && FAILURES.incrementAndGet() <= failures) {
      throw new IllegalStateException("injected by a test");
    }
    return keys.getKey(element);
  }
}
