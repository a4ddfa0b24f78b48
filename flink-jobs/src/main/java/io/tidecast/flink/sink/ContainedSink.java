package io.tidecast.flink.sink;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.api.connector.sink2.CommitterInitContext;
import org.apache.flink.api.connector.sink2.CommittingSinkWriter;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.StatefulSinkWriter;
import org.apache.flink.api.connector.sink2.SupportsCommitter;
import org.apache.flink.api.connector.sink2.SupportsWriterState;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.streaming.api.connector.sink2.CommittableMessage;
import org.apache.flink.streaming.api.connector.sink2.SupportsPostCommitTopology;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A sink whose failures fail its task and nothing more. The writer of Kafka's sink tells an error
 * of its producer when it is used, and often tells another when it is closed after that; from a
 * task that has failed already, Flink takes the second for a reason to end the whole task manager,
 * and forgets the first.
 *
 * <p>What a writer tells when it is closed is logged. Nothing is lost by that: before a task ends
 * well, it has flushed the writer, which tells every error by then.
 *
 * @param <T> elements
 * @param <S> state of a writer
 * @param <C> what is committed
 * @param <K> the sink that does the work
 */
final class ContainedSink<
        T,
        S,
        C,
        K extends
            Sink<T> & SupportsWriterState<T, S> & SupportsCommitter<C>
                & SupportsPostCommitTopology<C>>
    implements Sink<T>,
        SupportsWriterState<T, S>,
        SupportsCommitter<C>,
        SupportsPostCommitTopology<C> {

  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LoggerFactory.getLogger(ContainedSink.class);

  private final K sink;

  ContainedSink(K sink) {
    this.sink = sink;
  }

  @Override
  public SinkWriter<T> createWriter(WriterInitContext context) throws IOException {
    return new Writer<T, S, C>(sink.createWriter(context));
  }

  @Override
  public StatefulSinkWriter<T, S> restoreWriter(WriterInitContext context, Collection<S> states)
      throws IOException {
    return new Writer<T, S, C>(sink.restoreWriter(context, states));
  }

  @Override
  public SimpleVersionedSerializer<S> getWriterStateSerializer() {
    return sink.getWriterStateSerializer();
  }

  @Override
  public Committer<C> createCommitter(CommitterInitContext context) throws IOException {
    return sink.createCommitter(context);
  }

  @Override
  public SimpleVersionedSerializer<C> getCommittableSerializer() {
    return sink.getCommittableSerializer();
  }

  @Override
  public void addPostCommitTopology(DataStream<CommittableMessage<C>> committed) {
    sink.addPostCommitTopology(committed);
  }

  /** The writer of the other sink, which is all that it is for Flink. */
  private static final class Writer<T, S, C>
      implements StatefulSinkWriter<T, S>, CommittingSinkWriter<T, C> {

    private final SinkWriter<T> writer;
    private final StatefulSinkWriter<T, S> stateful;
    private final CommittingSinkWriter<T, C> committing;

    @SuppressWarnings("unchecked") // A sink that keeps state and commits has such writers.
    private Writer(SinkWriter<T> writer) {
      this.writer = writer;
      this.stateful = (StatefulSinkWriter<T, S>) writer;
      this.committing = (CommittingSinkWriter<T, C>) writer;
    }

    @Override
    public void write(T element, Context context) throws IOException, InterruptedException {
      writer.write(element, context);
    }

    @Override
    public void flush(boolean endOfInput) throws IOException, InterruptedException {
      writer.flush(endOfInput);
    }

    @Override
    public void writeWatermark(Watermark watermark) throws IOException, InterruptedException {
      writer.writeWatermark(watermark);
    }

    @Override
    public List<S> snapshotState(long checkpointId) throws IOException {
      return stateful.snapshotState(checkpointId);
    }

    @Override
    public Collection<C> prepareCommit() throws IOException, InterruptedException {
      return committing.prepareCommit();
    }

    @Override
    public void close() {
      try {
        writer.close();
      } catch (Exception e) {
        LOG.info("A writer told of a failure when it was closed.", e);
      }
    }
  }
}
