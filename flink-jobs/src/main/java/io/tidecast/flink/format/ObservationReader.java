package io.tidecast.flink.format;

import io.tidecast.flink.format.field.RefusedException;
import io.tidecast.flink.record.Measurement;
import io.tidecast.flink.record.SourceRecord;
import org.apache.kafka.common.header.Headers;

/**
 * Reads the observations of one format. Each subtask has a reader of its own, and one thread uses
 * it.
 */
public interface ObservationReader {

  /**
   * Returns what the record says. The values are checked. Whether series and time are possible ones
   * is the caller's to check.
   *
   * @throws RefusedException for anything that is wrong with the record; nothing else is thrown
   */
  Measurement read(SourceRecord source, Headers headers) throws RefusedException;
}
