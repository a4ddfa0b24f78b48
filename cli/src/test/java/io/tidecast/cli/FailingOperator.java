package io.tidecast.cli;

import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.api.operators.SimpleOperatorFactory;
import org.apache.flink.streaming.api.operators.UdfStreamOperatorFactory;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/** Stands in for an operator of the job, does what it does, and fails every so many elements. */
final class FailingOperator<K, I, O> extends KeyedProcessOperator<K, I, O> {
  private static final long serialVersionUID = 1L;

  /** Counts over restarts, in the JVM that all tasks share. */
  private static final AtomicInteger ELEMENTS = new AtomicInteger();

  private static final AtomicInteger FAILURES = new AtomicInteger();

  private final int everyElements;
  private final int failures;

  private FailingOperator(KeyedProcessFunction<K, I, O> function, int everyElements, int failures) {
    super(function);
    this.everyElements = everyElements;
    this.failures = failures;
  }

  /** Puts it in the place of the job's only keyed operator. */
  static void inject(StreamGraph graph, int everyElements, int failures) {
    ELEMENTS.set(0);
    FAILURES.set(0);
    for (StreamNode node : graph.getStreamNodes()) {
      if (node.getOperatorFactory() instanceof UdfStreamOperatorFactory<?> factory
          && factory.getUserFunction() instanceof KeyedProcessFunction<?, ?, ?> function) {
        node.setOperatorFactory(
            SimpleOperatorFactory.of(new FailingOperator<>(function, everyElements, failures)));
        return;
      }
    }
    throw new AssertionError("the job has no keyed operator to put a failure into");
  }

  @Override
  public void processElement(StreamRecord<I> element) throws Exception {
    if (ELEMENTS.incrementAndGet() % everyElements == 0 && FAILURES.incrementAndGet() <= failures) {
      throw new IllegalStateException("injected by a test");
    }
    super.processElement(element);
  }
}
