package io.tidecast.flink.format.field;

import io.tidecast.flink.format.field.FieldPath.Step;
import java.util.List;
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

  /** Returns the way down to a field; in a record without parts, that is one name. */
  default List<Step> steps(FieldPath path) {
    return path.steps();
  }

  /** Returns a node below another. It is null when the node is absent or null. */
  @Nullable Object child(Object node, Step step);

  /**
   * Returns a {@link Number}, {@link String} or {@link Boolean}, or the node itself if it is none
   * of them.
   */
  Object scalar(Object node);
}
