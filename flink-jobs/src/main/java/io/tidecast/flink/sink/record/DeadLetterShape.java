package io.tidecast.flink.sink.record;

import io.tidecast.flink.record.RecordOrigin;
import io.tidecast.flink.record.Rejection;
import io.tidecast.flink.sink.record.write.Fields;
import io.tidecast.flink.sink.record.write.Shape;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Writes a dead letter, as {@code DeadLetter.avsc} has it.
 *
 * @param maxValueBytes that the rejected value may take
 */
record DeadLetterShape(int maxValueBytes) implements Shape<Rejection> {

  @Override
  public void write(Rejection rejection, Fields out) throws IOException {
    RecordOrigin source = rejection.source();
    out.text("reason", rejection.code().code());
    out.text("detail", rejection.detail());
    out.optionalText("topic", source == null ? null : source.topic());
    out.optionalWhole("partition", source == null ? null : (Integer) source.partition());
    out.optionalWhole("offset", source == null ? null : (Long) source.offset());
    out.optionalTime("timestamp", source == null ? null : timestamp(source));
    out.optionalText("series", rejection.series());
    out.optionalTime("time", rejection.timeMillis());
    out.optionalBytes("key", source == null ? null : source.key(), Rejection.MAX_KEY_BYTES);
    out.whole("keyLength", source == null ? 0L : source.keyLength());
    out.optionalBytes("value", source == null ? null : source.value(), maxValueBytes);
    out.whole("valueLength", source == null ? 0L : source.valueLength());
    out.time("rejectedAt", rejection.rejectedAtMillis());
  }

  private static @Nullable Long timestamp(RecordOrigin source) {
    return source.timestampMillis() < 0 ? null : (Long) source.timestampMillis();
  }
}
