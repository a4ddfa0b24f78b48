package io.tidecast.flink.sink.kafka;

import java.io.Serializable;

/** Says of which time a record is that is written. */
@FunctionalInterface
interface RecordTime<T> extends Serializable {

  /** In epoch milliseconds. */
  long millis(T element);
}
