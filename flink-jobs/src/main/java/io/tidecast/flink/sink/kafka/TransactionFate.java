package io.tidecast.flink.sink.kafka;

import org.apache.flink.connector.kafka.sink.KafkaCommittable;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.jspecify.annotations.Nullable;

/** What has become of a transaction that a checkpoint is to commit. */
enum TransactionFate {
  /** It waits to be committed. */
  OPEN,
  /** It was committed before. */
  COMMITTED,
  /** Kafka has aborted it: what was in it is lost. */
  ABORTED,
  /**
   * It cannot be known any more. Kafka has forgotten the transactional id, as it does days after
   * its last use, or somebody has begun another transaction under it.
   */
  UNKNOWN,
  /** Kafka does not say: the right to ask is missing, or the broker is older than the question. */
  UNCHECKED;

  /** A transaction that is aborted for its age costs its producer up to this many epochs. */
  private static final int EPOCHS_OF_AN_ABORT = 2;

  /** A commit in Kafka's second version of transactions moves the producer to its next epoch. */
  private static final int EPOCHS_OF_A_COMMIT = 1;

  /**
   * Reads the fate of a transaction from what Kafka knows of its id. That is the last transaction
   * of the id, which is ours only with our producer, and an epoch that is ours or what an end of
   * ours makes of it.
   */
  static TransactionFate of(KafkaCommittable transaction, TransactionDescription found) {
    if (found.producerId() != transaction.getProducerId()) {
      return UNKNOWN;
    }
    int epochs = found.producerEpoch() - transaction.getEpoch();
    return switch (found.state()) {
      case ONGOING -> epochs == 0 ? OPEN : UNKNOWN;
      case PREPARE_COMMIT, COMPLETE_COMMIT ->
          epochs >= 0 && epochs <= EPOCHS_OF_A_COMMIT ? COMMITTED : UNKNOWN;
      case PREPARE_ABORT, COMPLETE_ABORT, PREPARE_EPOCH_FENCE ->
          epochs >= 0 && epochs <= EPOCHS_OF_AN_ABORT ? ABORTED : UNKNOWN;
      case EMPTY, UNKNOWN -> UNKNOWN;
    };
  }

  /**
   * Reads it from a refusal.
   *
   * @return null if the refusal says nothing of the transaction: Kafka could not answer
   */
  static @Nullable TransactionFate of(Throwable refusal) {
    if (refusal instanceof TransactionalIdNotFoundException) {
      return UNKNOWN;
    }
    return refusal instanceof AuthorizationException
            || refusal instanceof UnsupportedVersionException
        ? UNCHECKED
        : null;
  }
}
