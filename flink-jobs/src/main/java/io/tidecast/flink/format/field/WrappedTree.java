package io.tidecast.flink.format.field;

import io.tidecast.flink.format.field.FieldPath.Step;
import java.util.Iterator;
import java.util.List;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Reads values in which something is around those of another tree, and leaves to that tree all but
 * what a subclass does about it. One thread uses it.
 */
public abstract class WrappedTree implements RecordTree {

  private final RecordTree inner;

  /**
   * @param inner knows what is within
   */
  protected WrappedTree(RecordTree inner) {
    this.inner = inner;
  }

  @Override
  public Object decode(byte[] value) throws RefusedException {
    return inner.decode(value);
  }

  @Override
  public void decode(byte[] value, Roots roots) throws RefusedException {
    inner.decode(value, roots);
  }

  @Override
  public byte[] unframed(byte[] value, Headers headers) throws RefusedException {
    return inner.unframed(value, headers);
  }

  @Override
  public @Nullable String schemaName() {
    return inner.schemaName();
  }

  @Override
  public final List<Step> steps(FieldPath path) {
    return inner.steps(path);
  }

  @Override
  public final @Nullable Object child(Object node, Step step) throws RefusedException {
    return inner.child(node, step);
  }

  @Override
  public final Object scalar(Object node) {
    return inner.scalar(node);
  }

  @Override
  public final @Nullable Iterator<Child> children(Object node) throws RefusedException {
    return inner.children(node);
  }

  @Override
  public final int length(Object node) throws RefusedException {
    return inner.length(node);
  }
}
