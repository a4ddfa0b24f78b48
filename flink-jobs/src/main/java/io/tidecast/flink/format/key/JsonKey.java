package io.tidecast.flink.format.key;

import io.tidecast.flink.format.field.FieldPath.Step;
import io.tidecast.flink.format.field.RecordTree;
import io.tidecast.flink.format.field.RefusedException;
import io.tidecast.flink.format.json.JsonTree;
import io.tidecast.schemas.ErrorCode;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** Reads keys that are one JSON value. One thread uses it. */
final class JsonKey implements RecordTree {

  private final JsonTree json;
  private final String setting;

  JsonKey(JsonTree json, String setting) {
    this.json = json;
    this.setting = setting;
  }

  @Override
  public Object decode(byte[] key) throws RefusedException {
    try {
      return json.decode(key);
    } catch (RefusedException e) {
      throw new RefusedException(
          ErrorCode.INVALID_FIELD,
          "key must be JSON with %s=json: %s".formatted(setting, e.getMessage()));
    }
  }

  @Override
  public @Nullable Object child(Object node, Step step) throws RefusedException {
    return json.child(node, step);
  }

  @Override
  public Object scalar(Object node) {
    return json.scalar(node);
  }

  @Override
  public @Nullable Iterator<Child> children(Object node) throws RefusedException {
    return json.children(node);
  }

  @Override
  public int length(Object node) {
    return json.length(node);
  }
}
