package io.tidecast.flink.format.key;

import io.tidecast.flink.format.field.FieldPath.Step;
import io.tidecast.flink.format.field.KeyType;
import io.tidecast.flink.format.field.RecordTree;
import io.tidecast.flink.format.field.RefusedException;
import io.tidecast.flink.grid.Spelling;
import io.tidecast.schemas.ErrorCode;
import java.nio.ByteBuffer;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads keys of a fixed length, as Kafka's own serializers write them. */
final class BinaryKey implements RecordTree {

  private static final int UUID_BYTES = 16;

  private final KeyType type;
  private final String setting;

  BinaryKey(KeyType type, String setting) {
    this.type = type;
    this.setting = setting;
  }

  @Override
  public Object decode(byte[] key) throws RefusedException {
    return switch (type) {
      case INT -> bytes(key, Integer.BYTES).getInt();
      case LONG -> bytes(key, Long.BYTES).getLong();
      case UUID -> {
        ByteBuffer bytes = bytes(key, UUID_BYTES);
        yield new UUID(bytes.getLong(), bytes.getLong()).toString();
      }
      case TEXT, JSON, AVRO, PROTOBUF ->
          throw new IllegalStateException("must have a fixed length: " + type);
    };
  }

  @Override
  public @Nullable Object child(Object node, Step step) {
    return NO_PARENT;
  }

  @Override
  public Object scalar(Object node) {
    return node;
  }

  private ByteBuffer bytes(byte[] key, int length) throws RefusedException {
    if (key.length != length) {
      throw new RefusedException(
          ErrorCode.INVALID_FIELD,
          "key must have %d bytes with %s=%s: length=%d"
              .formatted(length, setting, Spelling.of(type), key.length));
    }
    return ByteBuffer.wrap(key);
  }
}
