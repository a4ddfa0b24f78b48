package io.tidecast.flink.sink.kafka;

import io.tidecast.flink.kafka.ClientKind;
import io.tidecast.flink.kafka.KafkaSettings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.flink.connector.kafka.sink.internal.TransactionalIdFactory;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTransactionsResult;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/**
 * Finds out whether a job that goes on from a checkpoint was further once: then what came after is
 * written a second time. A transaction is named by the checkpoint that commits it, so that those of
 * after the checkpoint are known by their names.
 */
final class EarlierRun {

  /** So many transactions are asked for at once. */
  private static final int BATCH = 8;

  private final Question question;
  private final String prefix;

  /** Tells which of some transactional ids Kafka knows, and whether their last was committed. */
  @FunctionalInterface
  interface Question {
    Map<String, Boolean> ask(List<String> ids) throws IOException, InterruptedException;
  }

  EarlierRun(Question question, String prefix) {
    this.question = question;
    this.prefix = prefix;
  }

  /**
   * Counts the committed transactions of after a checkpoint that are this subtask's: its own, and
   * those of subtasks that there are no more.
   */
  long committedAfter(long checkpoint, int subtask, int parallelism)
      throws IOException, InterruptedException {
    long committed = 0;
    for (int former = subtask; ; former += parallelism) {
      List<Boolean> known = after(checkpoint, former);
      if (known.isEmpty()) {
        return committed;
      }
      committed += known.stream().filter(Boolean::booleanValue).count();
    }
  }

  /** Says of each transaction of a subtask that there was, in order, whether it was committed. */
  private List<Boolean> after(long checkpoint, int subtask)
      throws IOException, InterruptedException {
    List<Boolean> known = new ArrayList<>();
    while (true) {
      List<String> ids = new ArrayList<>();
      for (int i = 1; i <= BATCH; i++) {
        ids.add(
            TransactionalIdFactory.buildTransactionalId(
                prefix, subtask, checkpoint + known.size() + i));
      }
      Map<String, Boolean> answers = question.ask(ids);
      for (String id : ids) {
        Boolean answer = answers.get(id);
        if (answer == null) {
          return known;
        }
        known.add(answer);
      }
    }
  }

  /** Asks Kafka; what may not be asked is not known. */
  static Question ofKafka(KafkaSettings kafka) {
    return ids -> {
      Map<String, Boolean> known = new HashMap<>();
      try (Admin admin = Admin.create(kafka.clientProperties(ClientKind.ANY))) {
        DescribeTransactionsResult answers = admin.describeTransactions(ids);
        for (String id : ids) {
          try {
            TransactionState state = answers.description(id).get().state();
            known.put(
                id,
                state == TransactionState.COMPLETE_COMMIT
                    || state == TransactionState.PREPARE_COMMIT);
          } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TransactionalIdNotFoundException
                || e.getCause() instanceof AuthorizationException
                || e.getCause() instanceof UnsupportedVersionException)) {
              throw new IOException(
                  "Kafka does not say what became of transaction " + id, e.getCause());
            }
          }
        }
      }
      return known;
    };
  }
}
