package io.tidecast.flink.sink.kafka;

import io.tidecast.flink.kafka.ClientKind;
import io.tidecast.flink.kafka.KafkaSettings;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.flink.connector.kafka.sink.KafkaCommittable;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTransactionsResult;

/** Finds out what has become of transactions. */
@FunctionalInterface
interface TransactionFates {

  /**
   * Returns the fate of each, by its transactional id.
   *
   * @throws IOException if nobody answers
   */
  Map<String, TransactionFate> of(Collection<KafkaCommittable> transactions)
      throws IOException, InterruptedException;

  /**
   * Asks Kafka, which takes DESCRIBE on the transactional ids; who may WRITE to an id may.
   *
   * <p>Its client lives as long as one question, for there is hardly ever another.
   */
  static TransactionFates ofKafka(KafkaSettings kafka) {
    return transactions -> {
      if (transactions.isEmpty()) {
        return Map.of();
      }
      Map<String, TransactionFate> fates = new HashMap<>();
      List<String> ids = transactions.stream().map(KafkaCommittable::getTransactionalId).toList();
      try (Admin admin = Admin.create(kafka.clientProperties(ClientKind.ANY))) {
        DescribeTransactionsResult answers = admin.describeTransactions(ids);
        for (KafkaCommittable transaction : transactions) {
          fates.put(transaction.getTransactionalId(), fate(transaction, answers));
        }
      }
      return fates;
    };
  }

  private static TransactionFate fate(
      KafkaCommittable transaction, DescribeTransactionsResult answers)
      throws IOException, InterruptedException {
    String id = transaction.getTransactionalId();
    try {
      return TransactionFate.of(transaction, answers.description(id).get());
    } catch (ExecutionException e) {
      Throwable refusal = e.getCause() == null ? e : e.getCause();
      TransactionFate fate = TransactionFate.of(refusal);
      if (fate == null) {
        throw new IOException(
            "Kafka does not say what has become of transaction " + id + ": " + refusal.getMessage(),
            refusal);
      }
      return fate;
    }
  }
}
