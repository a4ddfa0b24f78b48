package io.tidecast.flink.format.schema;

import io.tidecast.flink.format.field.RecordTree;
import io.tidecast.flink.format.field.RefusedException;
import io.tidecast.flink.format.field.WrappedTree;
import io.tidecast.schemas.ErrorCode;
import java.nio.ByteBuffer;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Takes the frame off records that can be read without their schema, such as JSON. One thread uses
 * it.
 */
public final class FramedTree extends WrappedTree {

  private final Framing framing;
  private final String framingKey;
  private @Nullable String schemaName;

  /**
   * @param tree of what is within the frame
   * @param framingKey that says whether there is one
   */
  public FramedTree(RecordTree tree, Framing framing, String framingKey) {
    super(tree);
    this.framing = framing;
    this.framingKey = framingKey;
  }

  @Override
  public byte[] unframed(byte[] value, Headers headers) throws RefusedException {
    schemaName = null;
    if (framing == Framing.NONE) {
      if (Frame.looksFramed(value)) {
        throw new RefusedException(
            ErrorCode.MALFORMED,
            "value must begin with the record, and begins with a zero byte and the schema id %d as Confluent's serializers write it: %s=none; set it to confluent"
                .formatted(ByteBuffer.wrap(value, 1, Integer.BYTES).getInt(), framingKey));
      }
      return value;
    }
    Frame frame = Frame.of(value, headers, Frame.VALUE_HEADER);
    schemaName = frame.schema().toString();
    return frame.rest();
  }

  @Override
  public @Nullable String schemaName() {
    return schemaName;
  }
}
