package io.tidecast.flink.sink.kafka;

import static io.tidecast.flink.sink.kafka.TransactionFate.ABORTED;
import static io.tidecast.flink.sink.kafka.TransactionFate.COMMITTED;
import static io.tidecast.flink.sink.kafka.TransactionFate.OPEN;
import static io.tidecast.flink.sink.kafka.TransactionFate.UNCHECKED;
import static io.tidecast.flink.sink.kafka.TransactionFate.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.flink.connector.kafka.sink.KafkaCommittable;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.junit.jupiter.api.Test;

class TransactionFateTest {
  private static final long PRODUCER = 42;
  private static final short EPOCH = 7;

  private static final KafkaCommittable TRANSACTION =
      new KafkaCommittable(PRODUCER, EPOCH, "tidecast-forecasts-0-12", null);

  /** What is read of each state at our epoch less one, at ours, and at the three after it. */
  private static final Map<TransactionState, List<TransactionFate>> EXPECTED =
      new EnumMap<>(
          Map.of(
              TransactionState.ONGOING, List.of(UNKNOWN, OPEN, UNKNOWN, UNKNOWN, UNKNOWN),
              TransactionState.PREPARE_COMMIT,
                  List.of(UNKNOWN, COMMITTED, COMMITTED, UNKNOWN, UNKNOWN),
              TransactionState.COMPLETE_COMMIT,
                  List.of(UNKNOWN, COMMITTED, COMMITTED, UNKNOWN, UNKNOWN),
              TransactionState.PREPARE_ABORT, List.of(UNKNOWN, ABORTED, ABORTED, ABORTED, UNKNOWN),
              TransactionState.COMPLETE_ABORT, List.of(UNKNOWN, ABORTED, ABORTED, ABORTED, UNKNOWN),
              TransactionState.PREPARE_EPOCH_FENCE,
                  List.of(UNKNOWN, ABORTED, ABORTED, ABORTED, UNKNOWN),
              TransactionState.EMPTY, List.of(UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN),
              TransactionState.UNKNOWN, List.of(UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN)));

  @Test
  void shouldReadTheFateFromTheStateAndTheEpochOfItsProducer() {
    assertThat(EXPECTED.keySet()).containsExactlyInAnyOrder(TransactionState.values());
    EXPECTED.forEach(
        (state, fates) -> {
          for (int i = 0; i < fates.size(); i++) {
            int epoch = EPOCH - 1 + i;
            assertThat(TransactionFate.of(TRANSACTION, found(state, PRODUCER, epoch)))
                .as("%s at epoch %d", state, epoch)
                .isEqualTo(fates.get(i));
            assertThat(TransactionFate.of(TRANSACTION, found(state, PRODUCER + 1, epoch)))
                .as("%s of another producer", state)
                .isEqualTo(UNKNOWN);
          }
        });
  }

  @Test
  void shouldTellWhatIsForgottenFromWhatMayNotBeAsked() {
    assertThat(TransactionFate.of(new TransactionalIdNotFoundException("gone"))).isEqualTo(UNKNOWN);
    assertThat(TransactionFate.of(new TransactionalIdAuthorizationException("no")))
        .isEqualTo(UNCHECKED);
    assertThat(TransactionFate.of(new UnsupportedVersionException("old"))).isEqualTo(UNCHECKED);
    assertThat(TransactionFate.of(new TimeoutException("nobody there"))).isNull();
  }

  private static TransactionDescription found(TransactionState state, long producer, int epoch) {
    return new TransactionDescription(
        1, state, producer, epoch, 10_000, OptionalLong.empty(), Set.of());
  }
}
