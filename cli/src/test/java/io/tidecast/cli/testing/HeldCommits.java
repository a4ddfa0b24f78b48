package io.tidecast.cli.testing;

import java.io.IOException;
import java.io.Serializable;
import java.lang.reflect.Field;
import java.util.Collection;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.api.connector.sink2.CommitterInitContext;
import org.apache.flink.api.connector.sink2.SupportsCommitter;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.apache.flink.streaming.runtime.operators.sink.CommitterOperatorFactory;

/**
 * Holds a sink between a checkpoint and its commit, which is where a kill does most harm. What it
 * has flushed stays in an open transaction when its job is cancelled, as it would after a kill.
 */
public final class HeldCommits<T> implements SupportsCommitter<T>, Serializable {
  private static final long serialVersionUID = 1L;

  /** Whether commits are held, and whether one is; in the JVM of all tasks. */
  private static final AtomicBoolean HOLD = new AtomicBoolean();

  private static final Semaphore HELD = new Semaphore(0);

  @SuppressWarnings("serial") // A sink is.
  private final SupportsCommitter<T> sink;

  private HeldCommits(SupportsCommitter<T> sink) {
    this.sink = sink;
  }

  /**
   * Puts it into the sink of a job.
   *
   * @param name of the sink
   */
  public static void inject(StreamGraph graph, String name) {
    HOLD.set(false);
    HELD.drainPermits();
    for (StreamNode node : graph.getStreamNodes()) {
      if (node.getOperatorName().equals(name + ": Committer")) {
        node.setOperatorFactory(held(node.getOperatorFactory()));
        return;
      }
    }
    throw new AssertionError("the job has no sink of the name " + name);
  }

  private static CommitterOperatorFactory<?> held(Object factory) {
    try {
      Field sink = CommitterOperatorFactory.class.getDeclaredField("sink");
      sink.setAccessible(true);
      return new CommitterOperatorFactory<>(
          new HeldCommits<>((SupportsCommitter<?>) sink.get(factory)), false, true);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  /** From now on commits are held. */
  public static void holdTheNext() {
    HOLD.set(true);
  }

  /** Waits until a commit is held. */
  public static void awaitHeld() throws InterruptedException {
    HELD.acquire();
  }

  @Override
  @SuppressWarnings("try") // As Flink declares close.
  public Committer<T> createCommitter(CommitterInitContext context) throws IOException {
    Committer<T> committer = sink.createCommitter(context);
    return new Committer<>() {
      @Override
      public void commit(Collection<CommitRequest<T>> requests)
          throws IOException, InterruptedException {
        if (HOLD.get()) {
          HELD.release();
          // Until the task is cancelled.
          new CountDownLatch(1).await();
        }
        committer.commit(requests);
      }

      @Override
      public void close() throws Exception {
        committer.close();
      }
    };
  }

  @Override
  public SimpleVersionedSerializer<T> getCommittableSerializer() {
    return sink.getCommittableSerializer();
  }
}
