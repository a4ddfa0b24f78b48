package io.tidecast.flink.sink.record.write;

import java.io.IOException;

/**
 * Says what fields an element is written with. An element always has the same ones.
 *
 * @param <T> what is written
 */
@FunctionalInterface
public interface Shape<T> {

  /** Gives the fields in the order of the schema. */
  void write(T element, Fields out) throws IOException;
}
