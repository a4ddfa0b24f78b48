package io.tidecast.flink.format.field;

import io.tidecast.flink.format.field.FieldPath.Step;
import java.util.Iterator;
import java.util.List;
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
   * Hands on the roots of a record's value, of which most formats have one.
   *
   * @param value not empty
   * @throws RefusedException if the bytes are no value, before anything was handed on
   */
  default void decode(byte[] value, Roots roots) throws RefusedException {
    roots.root(decode(value), "");
  }

  /** Returns the way down to a field; in a record without parts, that is one name. */
  default List<Step> steps(FieldPath path) {
    return path.steps();
  }

  /**
   * Returns a node below another. It is null when the node is absent or null.
   *
   * @param step that names a field, or has an index
   * @throws RefusedException if the node is one that must be decoded before, and cannot be; or if
   *     what was written there cannot be what is read there
   */
  @Nullable Object child(Object node, Step step) throws RefusedException;

  /**
   * Returns a {@link Number}, {@link String} or {@link Boolean}, or the node itself if it is none
   * of them.
   */
  Object scalar(Object node);

  /**
   * Returns what is below an array or a map, in order. It is null for a node that is neither.
   *
   * @throws RefusedException if the node is one that must be decoded before, and cannot be
   */
  default @Nullable Iterator<Child> children(Object node) throws RefusedException {
    return null;
  }

  /**
   * Returns the number of elements of an array; -1 for a node that is none.
   *
   * @throws RefusedException if the node is one that must be decoded before, and cannot be
   */
  default int length(Object node) throws RefusedException {
    return -1;
  }

  /**
   * One element of an array, or entry of a map.
   *
   * @param key an {@link Integer} from 0, or a {@link String}
   * @param node null where the element is
   */
  record Child(Object key, @Nullable Object node) {}

  /** Takes the roots of one value. */
  interface Roots {

    /**
     * @param where in the value it stands, for messages; empty where it is the whole
     */
    void root(Object root, String where);

    /** Takes why one of several parts of a value cannot be read. */
    void refused(RefusedException why);
  }
}
