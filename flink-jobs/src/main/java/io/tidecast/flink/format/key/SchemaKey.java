package io.tidecast.flink.format.key;

import io.tidecast.flink.format.field.KeyType;
import io.tidecast.flink.format.field.RecordTree;
import io.tidecast.flink.format.field.RefusedException;
import io.tidecast.flink.format.field.WrappedTree;
import io.tidecast.flink.grid.Spelling;
import io.tidecast.schemas.ErrorCode;
import org.apache.kafka.common.header.Headers;

/** Reads keys that name their schema as values do, and says of what is wrong that it is the key. */
final class SchemaKey extends WrappedTree {

  private final KeyType type;
  private final String setting;

  SchemaKey(RecordTree tree, KeyType type, String setting) {
    super(tree);
    this.type = type;
    this.setting = setting;
  }

  @Override
  public byte[] unframed(byte[] key, Headers headers) throws RefusedException {
    try {
      return super.unframed(key, headers);
    } catch (RefusedException e) {
      throw ofKey(e);
    }
  }

  @Override
  public Object decode(byte[] key) throws RefusedException {
    try {
      return super.decode(key);
    } catch (RefusedException e) {
      throw ofKey(e);
    }
  }

  private RefusedException ofKey(RefusedException e) {
    return new RefusedException(
        // The value is as good as it was.
        e.code == ErrorCode.MALFORMED ? ErrorCode.INVALID_FIELD : e.code,
        "key must be one of %s=%s: %s".formatted(setting, Spelling.of(type), e.getMessage()));
  }
}
