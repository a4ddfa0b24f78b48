package io.tidecast.flink.format.key;

import io.tidecast.flink.format.field.FieldPath.Step;
import io.tidecast.flink.format.field.RecordTree;
import io.tidecast.flink.format.field.RefusedException;
import io.tidecast.flink.format.json.JsonTree;
import io.tidecast.flink.format.schema.Frame;
import io.tidecast.schemas.ErrorCode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Reads keys that are UTF-8 text, and refuses bytes that are none: a number in binary may be valid
 * UTF-8, of control characters. One thread uses it.
 */
final class TextKey implements RecordTree {

  private static final int LONG_BYTES = 8;
  private static final int INT_BYTES = 4;
  private static final int UUID_BYTES = 16;
  private final boolean plain;
  private final String setting;
  private final CharsetDecoder utf8 = StandardCharsets.UTF_8.newDecoder();
  private final JsonTree json = new JsonTree();
  private boolean namesSchema;

  /**
   * @param plain whether text that is JSON with quotes, braces or brackets is refused, too
   */
  TextKey(boolean plain, String setting) {
    this.plain = plain;
    this.setting = setting;
  }

  @Override
  public byte[] unframed(byte[] key, Headers headers) {
    namesSchema = headers.lastHeader(Frame.KEY_HEADER) != null;
    return key;
  }

  @Override
  public Object decode(byte[] key) throws RefusedException {
    if (plain && namesSchema) {
      throw noText("its header " + Frame.KEY_HEADER + " names a schema", key);
    }
    String text;
    try {
      text = utf8.decode(ByteBuffer.wrap(key)).toString();
    } catch (CharacterCodingException e) {
      throw noText("it is not UTF-8", key);
    }
    for (int i = 0; i < text.length(); i++) {
      char one = text.charAt(i);
      if (Character.isISOControl(one) && one != '\t' && one != '\n' && one != '\r') {
        throw noText("it has the control character U+%04X".formatted((int) one), key);
      }
    }
    if (plain && isJson(text, key)) {
      throw new RefusedException(
          ErrorCode.INVALID_FIELD,
          "key must be plain text, and it is JSON: set %s to json, or to text to take it as it is: $key=%s"
              .formatted(setting, text.substring(0, Math.min(100, text.length()))));
    }
    return text;
  }

  @Override
  public @Nullable Object child(Object node, Step step) {
    return NO_PARENT;
  }

  @Override
  public Object scalar(Object node) {
    return node;
  }

  private boolean isJson(String text, byte[] key) {
    char first = text.isEmpty() ? ' ' : text.charAt(0);
    if (first != '"' && first != '{' && first != '[') {
      return false;
    }
    try {
      json.decode(key);
      return true;
    } catch (RefusedException e) {
      return false;
    }
  }

  private RefusedException noText(String why, byte[] key) {
    return new RefusedException(
        ErrorCode.INVALID_FIELD,
        "key must be UTF-8 text, and %s: $key of %d bytes%s"
            .formatted(why, key.length, remedy(key)));
  }

  private String remedy(byte[] key) {
    String length =
        switch (key.length) {
          case LONG_BYTES -> "long if it is a number";
          case INT_BYTES -> "int if it is a number";
          case UUID_BYTES -> "uuid if it is one";
          default -> null;
        };
    String registry =
        namesSchema || isFramed(key) ? "avro, protobuf or json if a registry has its schema" : null;
    if (length == null && registry == null) {
      return "; %s says what keys are".formatted(setting);
    }
    return "; set %s to %s"
        .formatted(
            setting,
            Stream.of(length, registry)
                .filter(Objects::nonNull)
                .collect(Collectors.joining(", or to ")));
  }

  /** Whether a key begins with a frame, and no number of a length with the id of no schema. */
  private static boolean isFramed(byte[] key) {
    return Frame.looksFramed(key) && ByteBuffer.wrap(key).getInt(1) > 0;
  }
}
