package io.tidecast.flink.sink.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.flink.sink.RecordEncoder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.flink.api.common.serialization.SerializationSchema.InitializationContext;
import org.apache.flink.connector.kafka.sink.KafkaCommittable;
import org.apache.flink.connector.kafka.sink.KafkaWriterState;
import org.apache.flink.connector.kafka.sink.TwoPhaseCommittingStatefulSink.PrecommittingStatefulSinkWriter;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class TrackingWriterTest {
  private static final KafkaCommittable KAFKA = new KafkaCommittable(1, (short) 0, "t", null);

  private long nowMillis = 1_000;
  private boolean transactional = true;
  private final List<String> topics = new ArrayList<>();

  private final TrackingWriter<Long> writer =
      new TrackingWriter<>(
          new Connector(),
          new TrackingSink.Written<>(SinkRecords.FORECASTS, Long::longValue, new TwoRecords()),
          () -> nowMillis,
          5);

  @Test
  void shouldCountWhatIsInEachTransaction() throws Exception {
    write(30, 10, 20);
    assertThat(topics).containsExactly("30a", "30b", "10a", "10b", "20a", "20b");
    assertThat(commit(6)).isEqualTo(new TransactionContent(3, 1_000, 5, 10, 30));

    nowMillis = 2_000;
    write(40);
    assertThat(commit(7)).isEqualTo(new TransactionContent(1, 2_000, 6, 40, 40));
  }

  @Test
  void shouldBeginAfterTheLastCheckpointThatCameHere() throws Exception {
    write(10);
    commit(6);
    write(20);

    // Checkpoints 7 and 8 were given up on their way.
    assertThat(commit(9)).isEqualTo(new TransactionContent(1, 1_000, 6, 20, 20));
  }

  @Test
  void shouldForgetWhatNoTransactionHolds() throws Exception {
    transactional = false;
    write(10, 20);
    assertThat(writer.prepareCommit()).isEmpty();
    writer.snapshotState(6);

    transactional = true;
    write(30);
    assertThat(commit(7)).isEqualTo(new TransactionContent(1, 1_000, 6, 30, 30));
  }

  private void write(long... times) throws Exception {
    for (long time : times) {
      writer.write(time, null);
    }
  }

  private TransactionContent commit(long checkpoint) throws Exception {
    Collection<TrackedTransaction> transactions = writer.prepareCommit();
    writer.snapshotState(checkpoint);
    assertThat(transactions).hasSize(1);
    return transactions.iterator().next().content();
  }

  /** Two of each element. */
  private static final class TwoRecords implements RecordEncoder<Long> {

    private static final long serialVersionUID = 1L;

    @Override
    public void open(InitializationContext context) {}

    @Override
    public void encode(Long element, Out out) throws IOException, InterruptedException {
      out.write(new ProducerRecord<>(element + "a", new byte[0]));
      out.write(new ProducerRecord<>(element + "b", new byte[0]));
    }
  }

  private final class Connector
      implements PrecommittingStatefulSinkWriter<
          ProducerRecord<byte[], byte[]>, KafkaWriterState, KafkaCommittable> {

    @Override
    public void write(ProducerRecord<byte[], byte[]> record, Context context) {
      topics.add(record.topic());
    }

    @Override
    public void flush(boolean endOfInput) {}

    @Override
    public Collection<KafkaCommittable> prepareCommit() {
      return transactional ? List.of(KAFKA) : List.of();
    }

    @Override
    public List<KafkaWriterState> snapshotState(long checkpointId) {
      return List.of();
    }

    @Override
    public void close() {}
  }
}
