package io.tidecast.flink.format.field;

import io.tidecast.flink.format.field.FieldPath.Step;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** Decodes records of one format into trees, and goes down in them. One thread uses it. */
public interface RecordTree {

  /** {@link #child} answers this for a node that cannot have such children. */
  Object NO_PARENT = new Object();

  /**
   * Returns the root of a record's value.
   *
   * @param value not empty
   * @throws RefusedException if the bytes are not exactly one whole value
   */
  Object decode(byte[] value) throws RefusedException;

  /**
   * Returns the bytes of a record without what names the schema that it was written with. That may
   * be in the headers, too. The next bytes to be decoded are those.
   *
   * @param value not empty
   * @throws RefusedException if the schema must be named, and is not or is none
   */
  default byte[] unframed(byte[] value, Headers headers) throws RefusedException {
    return value;
  }

  /** Names the schema that the record was written with, or is null where nothing does. */
  default @Nullable String schemaName() {
    return null;
  }

  /**
   * Returns a node below another. It is null when the node is absent or null.
   *
   * @throws RefusedException if what was written there cannot be what is read there
   */
  @Nullable Object child(Object node, Step step) throws RefusedException;

  /**
   * Returns a {@link Number}, {@link String} or {@link Boolean}, or the node itself if it is none
   * of them.
   */
  Object scalar(Object node);
}
