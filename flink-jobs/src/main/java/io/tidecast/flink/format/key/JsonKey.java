package io.tidecast.flink.format.key;

import io.tidecast.flink.format.field.RefusedException;
import io.tidecast.flink.format.field.WrappedTree;
import io.tidecast.flink.format.json.JsonTree;
import io.tidecast.schemas.ErrorCode;

/** Reads keys that are one JSON value. One thread uses it. */
final class JsonKey extends WrappedTree {

  private final String setting;

  JsonKey(JsonTree json, String setting) {
    super(json);
    this.setting = setting;
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
