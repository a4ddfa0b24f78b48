package io.tidecast.flink.format.key;

import io.tidecast.flink.format.field.KeyType;
import io.tidecast.flink.format.field.RecordTree;
import io.tidecast.flink.format.json.JsonTree;
import org.jspecify.annotations.Nullable;

/** Makes what reads keys of a declared type. A key is a tree like a value; most have one leaf. */
public final class KeyTrees {

  private KeyTrees() {}

  /**
   * Returns a reader of keys.
   *
   * @param type null for text that cannot be taken for something else
   * @param setting that has the type, for messages
   */
  public static RecordTree of(@Nullable KeyType type, String setting) {
    if (type == null) {
      return new TextKey(true, setting);
    }
    return switch (type) {
      case TEXT -> new TextKey(false, setting);
      case INT, LONG, UUID -> new BinaryKey(type, setting);
      case JSON -> new JsonKey(new JsonTree(), setting);
      case AVRO, PROTOBUF ->
          throw new IllegalArgumentException("type must need no schema: " + type);
    };
  }
}
