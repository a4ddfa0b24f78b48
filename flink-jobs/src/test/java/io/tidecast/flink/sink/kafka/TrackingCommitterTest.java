package io.tidecast.flink.sink.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tidecast.flink.metrics.JobMetrics;
import io.tidecast.flink.sink.Delivery;
import io.tidecast.flink.sink.LossPolicy;
import io.tidecast.flink.sink.LostTransactionException;
import io.tidecast.flink.sink.SinkSettings;
import io.tidecast.flink.testing.TestingMetrics;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.api.connector.sink2.Committer.CommitRequest;
import org.apache.flink.connector.kafka.sink.KafkaCommittable;
import org.apache.flink.connector.kafka.sink.internal.FlinkKafkaInternalProducer;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class TrackingCommitterTest {
  private static final long RESTORED = 12;

  private static FlinkKafkaInternalProducer<byte[], byte[]> producer;

  private final TestingMetrics metrics = new TestingMetrics();
  private final Map<String, TransactionFate> fates = new HashMap<>();
  private final List<String> asked = new ArrayList<>();
  private final List<String> ended = new ArrayList<>();
  private final List<String> committed = new ArrayList<>();

  /** What the connector does with a transaction instead of committing it. */
  private final Map<String, Consumer<CommitRequest<?>>> refusals = new HashMap<>();

  @BeforeAll
  static void start() {
    Properties properties = new Properties();
    properties.put("bootstrap.servers", "127.0.0.1:9");
    properties.put("key.serializer", ByteArraySerializer.class);
    properties.put("value.serializer", ByteArraySerializer.class);
    producer = new FlinkKafkaInternalProducer<>(properties, "live");
  }

  @AfterAll
  static void stop() {
    producer.close();
  }

  @Test
  void shouldCommitWhatIsOpenAndOnlyThat() throws Exception {
    fates.put("a", TransactionFate.OPEN);
    fates.put("b", TransactionFate.COMMITTED);
    List<Request> requests = commit(LossPolicy.REPORT, restored("a"), restored("b"));

    assertThat(committed).containsExactly("a");
    // The writer forgets the other one too.
    assertThat(ended).containsExactly("b committed");
    assertThat(signals(requests)).containsExactly("", "already committed");
    assertLost(0, 0, 0);
  }

  @Test
  void shouldCountWhatKafkaHasAbortedBeforeTheJobCameBack() throws Exception {
    fates.put("a", TransactionFate.ABORTED);
    fates.put("b", TransactionFate.OPEN);
    fates.put("c", TransactionFate.ABORTED);

    List<Request> requests = commit(LossPolicy.REPORT, restored("a"), restored("b"), restored("c"));

    assertThat(committed).containsExactly("b");
    assertThat(ended).containsExactly("a lost", "c lost");
    assertThat(signals(requests)).containsExactly("failed", "", "failed");
    assertLost(2, 20, 0);
  }

  @Test
  void shouldCountATransactionOfWhichNobodyCountedTheForecasts() throws Exception {
    fates.put("a", TransactionFate.ABORTED);
    commit(LossPolicy.REPORT, new TrackedTransaction(kafka("a", null), null));
    assertLost(1, 0, 0);
  }

  @Test
  void shouldEndTheJobBeforeAnythingIsCommittedWhenItIsToReplay() {
    fates.put("a", TransactionFate.OPEN);
    fates.put("b", TransactionFate.ABORTED);
    fates.put("c", TransactionFate.ABORTED);

    LostTransactionException lost =
        catchThrowableOfType(
            LostTransactionException.class,
            () ->
                commit(
                    LossPolicy.REPLAY,
                    restored("a"),
                    new TrackedTransaction(kafka("b", null), content(11)),
                    new TrackedTransaction(kafka("c", null), content(10))));

    assertThat(lost.afterCheckpoint()).isEqualTo(10);
    assertThat(lost)
        .hasMessageContaining("2 transactions, such as b")
        .hasMessageContaining("Lost are 20 forecasts of origins 1970-01-01T00:00:01Z to")
        .hasMessageContaining("checkpoint 10 or an earlier one");
    assertThat(committed).isEmpty();
  }

  @Test
  void shouldReplayWhatNobodyCountedFromTheCheckpointBefore() {
    fates.put("a", TransactionFate.ABORTED);
    assertThat(
            catchThrowableOfType(
                    LostTransactionException.class,
                    () -> commit(LossPolicy.REPLAY, new TrackedTransaction(kafka("a", null), null)))
                .afterCheckpoint())
        .isEqualTo(RESTORED - 1);
  }

  @Test
  void shouldAskNothingWhileARunningJobCommits() throws Exception {
    commit(LossPolicy.REPORT, live("a"), live("b"));

    assertThat(committed).containsExactly("a", "b");
    assertThat(asked).isEmpty();
    assertLost(0, 0, 0);
  }

  @Test
  void shouldFindOutWhyKafkaRefusesARunningJob() throws Exception {
    refuse("a", "b", "c");
    fates.put("a", TransactionFate.ABORTED);
    fates.put("b", TransactionFate.COMMITTED);
    fates.put("c", TransactionFate.OPEN);

    List<Request> requests = commit(LossPolicy.REPORT, live("a"), live("b"), live("c"), live("d"));

    assertThat(committed).containsExactly("d");
    assertThat(asked).containsExactly("a", "b", "c");
    // The connector has told the writer of each of them.
    assertThat(ended).isEmpty();
    assertThat(signals(requests)).containsExactly("failed", "already committed", "retry", "");
    assertLost(1, 10, 0);
  }

  @Test
  void shouldEndARunningJobThatIsToReplay() {
    refuse("a");
    fates.put("a", TransactionFate.ABORTED);
    assertThatThrownBy(() -> commit(LossPolicy.REPLAY, live("a")))
        .isInstanceOf(LostTransactionException.class);
  }

  @Test
  void shouldClaimNothingOfWhatKafkaHasForgotten() throws Exception {
    fates.put("a", TransactionFate.UNKNOWN);

    List<Request> requests = commit(LossPolicy.REPLAY, restored("a"));

    // The connector would fail the job with every try.
    assertThat(committed).isEmpty();
    assertThat(ended).containsExactly("a lost");
    assertThat(signals(requests)).containsExactly("failed");
    assertLost(0, 0, 1);
  }

  @Test
  void shouldTryWithoutTheRightToAskAndClaimNothingOfWhatIsRefused() throws Exception {
    refuse("b");
    fates.put("a", TransactionFate.UNCHECKED);
    fates.put("b", TransactionFate.UNCHECKED);

    List<Request> requests = commit(LossPolicy.REPORT, restored("a"), restored("b"));

    assertThat(committed).containsExactly("a");
    assertThat(signals(requests)).containsExactly("", "failed");
    assertLost(0, 0, 1);
  }

  @Test
  void shouldTryAgainWhenKafkaDoesNotAnswer() {
    TrackingCommitter committer =
        new TrackingCommitter(
            new Connector(),
            (id, done) -> {},
            transactions -> {
              throw new IOException("nobody answers");
            },
            report(LossPolicy.REPORT));
    assertThatThrownBy(() -> committer.commit(List.of(new Request(restored("a")))))
        .isInstanceOf(IOException.class);
    assertThat(committed).isEmpty();
  }

  @Test
  void shouldPassOnWhatTheConnectorCannotExplain() {
    refusals.put("a", request -> request.signalFailedWithUnknownReason(new IOException("odd")));
    assertThatThrownBy(() -> commit(LossPolicy.REPORT, live("a")))
        .isInstanceOf(IllegalStateException.class);
  }

  private void refuse(String... ids) {
    for (String id : ids) {
      refusals.put(
          id, request -> request.signalFailedWithKnownReason(new ProducerFencedException(id)));
    }
  }

  private List<Request> commit(LossPolicy policy, TrackedTransaction... transactions)
      throws Exception {
    List<Request> requests = Stream.of(transactions).map(Request::new).toList();
    new TrackingCommitter(
            new Connector(),
            (id, done) -> ended.add(id + (done ? " committed" : " lost")),
            questions -> {
              questions.forEach(one -> asked.add(one.getTransactionalId()));
              return fates;
            },
            report(policy))
        .commit(List.copyOf(requests));
    return requests;
  }

  private LossReport report(LossPolicy policy) {
    return new LossReport(
        SinkRecords.FORECASTS,
        new SinkSettings.Kafka(
            "out", Delivery.EXACTLY_ONCE, "tidecast", Duration.ofMinutes(15), policy),
        new JobMetrics(metrics),
        RESTORED);
  }

  private void assertLost(int transactions, int forecasts, int unresolved) {
    assertThat(metrics.count("tidecast.lostTransactions")).isEqualTo(transactions);
    assertThat(metrics.count("tidecast.lostForecasts")).isEqualTo(forecasts);
    assertThat(metrics.count("tidecast.unresolvedTransactions")).isEqualTo(unresolved);
  }

  private static List<String> signals(List<Request> requests) {
    return requests.stream().map(request -> request.signal).toList();
  }

  private static TrackedTransaction restored(String id) {
    return new TrackedTransaction(kafka(id, null), content(11));
  }

  private static TrackedTransaction live(String id) {
    return new TrackedTransaction(kafka(id, producer), content(11));
  }

  private static KafkaCommittable kafka(
      String id, @Nullable FlinkKafkaInternalProducer<byte[], byte[]> producer) {
    return new KafkaCommittable(42, (short) 0, id, producer);
  }

  private static TransactionContent content(long afterCheckpoint) {
    return new TransactionContent(10, 500, afterCheckpoint, 1_000, 2_000);
  }

  private final class Connector implements Committer<KafkaCommittable> {

    @Override
    public void commit(Collection<CommitRequest<KafkaCommittable>> requests) {
      for (CommitRequest<KafkaCommittable> request : requests) {
        String id = request.getCommittable().getTransactionalId();
        Consumer<CommitRequest<?>> refusal = refusals.get(id);
        if (refusal == null) {
          committed.add(id);
        } else {
          refusal.accept(request);
        }
      }
    }

    @Override
    public void close() {}
  }

  /** Remembers what it was told. */
  private static final class Request implements CommitRequest<TrackedTransaction> {
    private final TrackedTransaction transaction;
    private String signal = "";

    Request(TrackedTransaction transaction) {
      this.transaction = transaction;
    }

    @Override
    public TrackedTransaction getCommittable() {
      return transaction;
    }

    @Override
    public int getNumberOfRetries() {
      return 0;
    }

    @Override
    public void signalFailedWithKnownReason(Throwable reason) {
      signal = "failed";
    }

    @Override
    public void signalFailedWithUnknownReason(Throwable reason) {
      throw new IllegalStateException(reason);
    }

    @Override
    public void retryLater() {
      signal = "retry";
    }

    @Override
    public void updateAndRetryLater(TrackedTransaction committable) {
      signal = "retry";
    }

    @Override
    public void signalAlreadyCommitted() {
      signal = "already committed";
    }
  }
}
