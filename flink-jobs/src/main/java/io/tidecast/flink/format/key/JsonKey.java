package io.tidecast.flink.format.key;

import io.tidecast.flink.format.field.RefusedException;
import io.tidecast.flink.format.field.WrappedTree;
import io.tidecast.flink.format.json.JsonTree;
import io.tidecast.flink.format.schema.Frame;
import io.tidecast.schemas.ErrorCode;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * Reads keys that are one JSON value, also where the id of a schema stands before it. One thread
 * uses it.
 */
final class JsonKey extends WrappedTree {

  private static final Headers NO_HEADERS = new RecordHeaders();

  private final String setting;

  JsonKey(JsonTree json, String setting) {
    super(json);
    this.setting = setting;
  }

  /** No JSON begins with a zero, so that keys with a frame and without may stand side by side. */
  @Override
  public byte[] unframed(byte[] key, Headers headers) throws RefusedException {
    if (!Frame.looksFramed(key)) {
      return key;
    }
    return Frame.of(key, NO_HEADERS, Frame.KEY_HEADER).rest();
  }

  @Override
  public Object decode(byte[] key) throws RefusedException {
    try {
      return super.decode(key);
    } catch (RefusedException e) {
      throw new RefusedException(
          ErrorCode.INVALID_FIELD,
          "key must be JSON with %s=json: %s".formatted(setting, e.getMessage()));
    }
  }
}
