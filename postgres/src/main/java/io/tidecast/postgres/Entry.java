package io.tidecast.postgres;

import io.tidecast.postgres.rows.Row;
import io.tidecast.schemas.ErrorCode;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * A record that was read, and what becomes of it: rows, or a dead letter.
 *
 * @param rows none where it is refused
 * @param refusal null where it is not
 */
record Entry(ConsumerRecord<byte[], byte[]> record, List<Row> rows, @Nullable Refusal refusal) {

  /** Why a record is a dead letter. */
  record Refusal(ErrorCode code, String detail) {

    /** The reasons that there are. */
    static final List<ErrorCode> REASONS = List.of(ErrorCode.MALFORMED, ErrorCode.NOT_STORABLE);

    Refusal {
      if (!REASONS.contains(code)) {
        throw new IllegalArgumentException("must be one of %s: code=%s".formatted(REASONS, code));
      }
    }
  }

  TopicPartition partition() {
    return new TopicPartition(record.topic(), record.partition());
  }

  /** The same record as a dead letter. */
  Entry refused(ErrorCode code, String detail) {
    return new Entry(record, List.of(), new Refusal(code, detail));
  }
}
