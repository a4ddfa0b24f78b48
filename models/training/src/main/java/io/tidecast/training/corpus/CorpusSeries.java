package io.tidecast.training.corpus;

import java.nio.ByteBuffer;

/**
 * A real univariate series, or a range of one, on a regular grid.
 *
 * @param name for messages
 * @param values one per step, units of the series, NaN where missing; not copied
 */
@SuppressWarnings("ArrayRecordComponent")
public record CorpusSeries(String name, float[] values) {

  ByteBuffer bytes() {
    ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES);
    bytes.asFloatBuffer().put(values);
    return bytes;
  }

  @Override
  public String toString() {
    return name + "[" + values.length + "]";
  }
}
