package io.tidecast.flink.format.field;

import io.tidecast.flink.format.field.FieldPath.Step;

/**
 * What a decoded JSON value and a decoded Avro record have in common for whoever follows a path
 * down. One thread.
 */
public interface RecordTree {

  /** Answer of {@link #child} for a node that cannot have such children. */
  Object NO_PARENT = new Object();

  /**
   * The root of a record's value.
   *
   * @param value not empty
   * @throws RefusedException if the bytes are not exactly one whole value
   */
  Object decode(byte[] value) throws RefusedException;

  /** A node below another; null when it is absent or null. */
  Object child(Object node, Step step);

  /** A {@link Number}, {@link String} or {@link Boolean}; a node that is none of them, itself. */
  Object scalar(Object node);
}
