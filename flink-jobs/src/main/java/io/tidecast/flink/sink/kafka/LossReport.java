package io.tidecast.flink.sink.kafka;

import io.tidecast.flink.metrics.JobMetric;
import io.tidecast.flink.metrics.JobMetrics;
import io.tidecast.flink.sink.LostTransactionException;
import io.tidecast.flink.sink.SinkSettings;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.flink.metrics.Counter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says and counts what a sink has lost, or ends the job for it. One thread calls it. */
final class LossReport {

  private static final Logger LOG = LoggerFactory.getLogger(LossReport.class);

  private final SinkRecords records;
  private final SinkSettings.Kafka settings;
  private final long restored;
  private final Counter lostTransactions;
  private final Counter lostRecords;
  private final Counter unresolvedTransactions;
  private boolean toldUnchecked;

  /**
   * @param restored the number of the checkpoint that the job goes on from
   */
  LossReport(SinkRecords records, SinkSettings.Kafka settings, JobMetrics metrics, long restored) {
    this.records = records;
    this.settings = settings;
    this.restored = restored;
    this.lostTransactions = metrics.counter(JobMetric.LOST_TRANSACTIONS);
    this.lostRecords = metrics.counter(records.lost());
    this.unresolvedTransactions = metrics.counter(JobMetric.UNRESOLVED_TRANSACTIONS);
  }

  /**
   * Reports transactions that Kafka has aborted.
   *
   * @throws LostTransactionException if the job is to replay what was in them
   */
  void aborted(List<TrackedTransaction> transactions) {
    if (transactions.isEmpty()) {
      return;
    }
    String loss =
        "Kafka has aborted %s, for it was open for longer than sink.transaction-timeout=%s or another job took its transactional id. Lost are %s."
            .formatted(named(transactions), settings.transactionTimeout(), contents(transactions));
    switch (settings.onLostTransaction()) {
      case REPORT -> {
        lostTransactions.inc(transactions.size());
        lostRecords.inc(content(transactions).map(TransactionContent::records).orElse(0L));
        LOG.error(
            "{} The job goes on without them, as sink.on-lost-transaction=report says.", loss);
      }
      case REPLAY -> {
        long after = afterCheckpoint(transactions);
        throw new LostTransactionException(
            "%s They are made again if the job goes on from checkpoint %d or an earlier one; what was committed since then comes a second time, with the same values."
                .formatted(loss, after),
            after);
      }
    }
  }

  /** Says once that Kafka does not tell what has become of transactions. */
  void unchecked(List<TrackedTransaction> transactions) {
    if (!transactions.isEmpty() && !toldUnchecked) {
      toldUnchecked = true;
      LOG.warn(
          "Whether Kafka has aborted {} cannot be checked before it is committed: the brokers are older than 3.0, or the right to DESCRIBE the transactional ids that begin with {} is denied.",
          named(transactions),
          settings.transactionalIdPrefix());
    }
  }

  /** Reports transactions of which nobody knows whether they were committed. */
  void unresolved(List<TrackedTransaction> transactions) {
    if (transactions.isEmpty()) {
      return;
    }
    unresolvedTransactions.inc(transactions.size());
    LOG.error(
        "Kafka does not commit {}, and whether that was done before cannot be found out: the right to DESCRIBE the transactional id is missing, Kafka has forgotten the id, or another job took it. In it are {}. Look whether the topic has them.",
        named(transactions),
        contents(transactions));
  }

  private long afterCheckpoint(List<TrackedTransaction> transactions) {
    return transactions.stream()
        .map(TrackedTransaction::content)
        .mapToLong(content -> content == null ? restored - 1 : content.afterCheckpoint())
        .min()
        .orElseThrow();
  }

  private String named(List<TrackedTransaction> transactions) {
    String first = transactions.get(0).id();
    return transactions.size() == 1
        ? "transaction " + first
        : "%d transactions, such as %s".formatted(transactions.size(), first);
  }

  private String contents(List<TrackedTransaction> transactions) {
    long uncounted = transactions.stream().filter(one -> one.content() == null).count();
    String counted = content(transactions).map(records::describe).orElse("");
    if (uncounted == 0) {
      return counted;
    }
    return "%s%s of %d transactions that an earlier version did not count"
        .formatted(counted, counted.isEmpty() ? "those" : ", and those", uncounted);
  }

  private static Optional<TransactionContent> content(List<TrackedTransaction> transactions) {
    return transactions.stream()
        .map(TrackedTransaction::content)
        .filter(Objects::nonNull)
        .reduce(TransactionContent::plus);
  }
}
