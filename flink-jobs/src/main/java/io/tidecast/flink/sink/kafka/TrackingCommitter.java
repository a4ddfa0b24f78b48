package io.tidecast.flink.sink.kafka;

import static java.util.Objects.requireNonNullElse;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.connector.kafka.sink.KafkaCommittable;
import org.jspecify.annotations.Nullable;

/**
 * Commits through the connector, and knows what became of each transaction.
 *
 * <p>Transactions of a checkpoint that the job goes on from are asked for before any of them is
 * committed: the connector would take one that is lost for one that was committed before. Those of
 * a running job are committed at once, and asked for if Kafka refuses. One thread calls it.
 */
@SuppressWarnings("try") // As Flink declares close.
final class TrackingCommitter implements Committer<TrackedTransaction> {

  private final Committer<KafkaCommittable> kafka;
  private final Ended ended;
  private final TransactionFates fates;
  private final LossReport report;

  /** Is told of transactions that the connector's committer is not given. */
  @FunctionalInterface
  interface Ended {
    void accept(String transactionalId, boolean committed);
  }

  TrackingCommitter(
      Committer<KafkaCommittable> kafka, Ended ended, TransactionFates fates, LossReport report) {
    this.kafka = kafka;
    this.ended = ended;
    this.fates = fates;
    this.report = report;
  }

  @Override
  public void commit(Collection<CommitRequest<TrackedTransaction>> requests)
      throws IOException, InterruptedException {
    List<Watched> open = new ArrayList<>();
    List<Watched> restored = new ArrayList<>();
    for (CommitRequest<TrackedTransaction> request : requests) {
      (request.getCommittable().isRestored() ? restored : open).add(new Watched(request));
    }
    Map<TransactionFate, List<Watched>> found = settle(restored);
    open.addAll(found.getOrDefault(TransactionFate.OPEN, List.of()));
    List<Watched> unchecked = found.getOrDefault(TransactionFate.UNCHECKED, List.of());
    report.unchecked(transactions(unchecked));
    open.addAll(unchecked);
    kafka.commit(List.<CommitRequest<KafkaCommittable>>copyOf(open));
    refused(open.stream().filter(Watched::isRefused).toList());
  }

  /** Finds out why Kafka refused to commit. */
  private void refused(List<Watched> refused) throws IOException, InterruptedException {
    Map<TransactionFate, List<Watched>> found = settle(refused);
    List<Watched> unchecked = found.getOrDefault(TransactionFate.UNCHECKED, List.of());
    report.unresolved(transactions(unchecked));
    unchecked.forEach(Watched::fail);
    // As far as Kafka says it waits for the commit that Kafka has refused.
    found.getOrDefault(TransactionFate.OPEN, List.of()).forEach(Watched::retryLater);
  }

  /** Ends whatever has ended, and returns what is to be done about the rest. */
  private Map<TransactionFate, List<Watched>> settle(List<Watched> asked)
      throws IOException, InterruptedException {
    Map<TransactionFate, List<Watched>> found = new EnumMap<>(TransactionFate.class);
    Map<String, TransactionFate> known =
        fates.of(asked.stream().map(Watched::getCommittable).toList());
    for (Watched one : asked) {
      TransactionFate fate =
          requireNonNullElse(known.get(one.transaction().id()), TransactionFate.UNCHECKED);
      found.computeIfAbsent(fate, none -> new ArrayList<>()).add(one);
    }
    // First, for it may end the job: nothing of this checkpoint is to be committed then.
    List<Watched> aborted = found.getOrDefault(TransactionFate.ABORTED, List.of());
    report.aborted(transactions(aborted));
    List<Watched> unknown = found.getOrDefault(TransactionFate.UNKNOWN, List.of());
    report.unresolved(transactions(unknown));
    aborted.forEach(Watched::fail);
    unknown.forEach(Watched::fail);
    found.getOrDefault(TransactionFate.COMMITTED, List.of()).forEach(Watched::succeed);
    return found;
  }

  private static List<TrackedTransaction> transactions(List<Watched> requests) {
    return requests.stream().map(Watched::transaction).toList();
  }

  @Override
  public void close() throws Exception {
    kafka.close();
  }

  /** A request as the connector is given it. It keeps a refusal back until that is explained. */
  private final class Watched implements CommitRequest<KafkaCommittable> {

    private final CommitRequest<TrackedTransaction> request;
    private @Nullable Throwable refusal;

    Watched(CommitRequest<TrackedTransaction> request) {
      this.request = request;
    }

    TrackedTransaction transaction() {
      return request.getCommittable();
    }

    boolean isRefused() {
      return refusal != null;
    }

    void succeed() {
      tell(true);
      request.signalAlreadyCommitted();
    }

    void fail() {
      tell(false);
      request.signalFailedWithKnownReason(
          requireNonNullElse(refusal, new IllegalStateException("the transaction is lost")));
    }

    private void tell(boolean committed) {
      if (refusal == null) {
        ended.accept(transaction().id(), committed);
      }
    }

    @Override
    public KafkaCommittable getCommittable() {
      return transaction().kafka();
    }

    @Override
    public int getNumberOfRetries() {
      return request.getNumberOfRetries();
    }

    @Override
    public void signalFailedWithKnownReason(Throwable reason) {
      refusal = reason;
    }

    @Override
    public void signalFailedWithUnknownReason(Throwable reason) {
      request.signalFailedWithUnknownReason(reason);
    }

    @Override
    public void retryLater() {
      request.retryLater();
    }

    @Override
    public void updateAndRetryLater(KafkaCommittable committable) {
      request.updateAndRetryLater(new TrackedTransaction(committable, transaction().content()));
    }

    @Override
    public void signalAlreadyCommitted() {
      request.signalAlreadyCommitted();
    }
  }
}
