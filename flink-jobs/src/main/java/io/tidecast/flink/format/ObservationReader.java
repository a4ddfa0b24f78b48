package io.tidecast.flink.format;

import io.tidecast.flink.format.field.RefusedException;
import io.tidecast.flink.record.SourceRecord;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Reads the observations of one format, of which a record may hold none, one or many. Each subtask
 * has a reader of its own, and one thread uses it.
 */
public interface ObservationReader {

  /**
   * Hands on what the record says, in the order of the record. The values are checked. Whether
   * series and times are possible ones is the caller's to check.
   *
   * @param out is given at least one outcome, unless this throws
   * @throws RefusedException for what is wrong with the record as a whole, before anything of it
   *     was handed on; nothing else is thrown
   */
  void read(SourceRecord source, Headers headers, Readings out) throws RefusedException;

  /**
   * Names the schema that the record was written with which was read last. It is null where nothing
   * names one.
   */
  default @Nullable String schemaName() {
    return null;
  }

  /** Names the schema that the key of that record was written with, likewise. */
  default @Nullable String keySchemaName() {
    return null;
  }
}
