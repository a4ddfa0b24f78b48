package io.tidecast.flink.sink.record;

import io.tidecast.flink.sink.RecordEncoder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.function.BiFunction;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Makes records of what is told of a series, each under the series.
 *
 * @param events null where records are no CloudEvents
 * @param named the headers of a value as an event
 */
record SeriesRecords<T>(
    String topic,
    Written<T> values,
    @Nullable CloudEvents events,
    BiFunction<CloudEvents, T, Headers> named) {

  static byte[] key(String series) {
    return series.getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Makes the record of a value.
   *
   * @param key of its series
   */
  void write(byte[] key, T value, RecordEncoder.Out out) throws IOException, InterruptedException {
    // No timestamp, that is the wall clock; see ForecastRecords.
    out.write(
        new ProducerRecord<>(
            topic,
            null,
            null,
            key,
            values.bytes(value),
            events == null ? null : named.apply(events, value)));
  }
}
