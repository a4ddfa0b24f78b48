package io.tidecast.flink.format.key;

import io.tidecast.flink.format.field.FieldPath.Step;
import io.tidecast.flink.format.field.RecordTree;
import io.tidecast.flink.format.field.RefusedException;
import io.tidecast.flink.format.json.JsonTree;
import io.tidecast.schemas.ErrorCode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads keys that are UTF-8 text, and refuses bytes that are none: a number in binary may be valid
 * UTF-8, of control characters. One thread uses it.
 */
final class TextKey implements RecordTree {

  private static final int LONG_BYTES = 8;
  private static final int INT_BYTES = 4;
  private static final int UUID_BYTES = 16;
  private static final int FRAMED_BYTES = 6;

  private final boolean plain;
  private final String setting;
  private final CharsetDecoder utf8 = StandardCharsets.UTF_8.newDecoder();
  private final JsonTree json = new JsonTree();

  /**
   * @param plain whether text that is JSON with quotes, braces or brackets is refused, too
   */
  TextKey(boolean plain, String setting) {
    this.plain = plain;
    this.setting = setting;
  }

  @Override
  public Object decode(byte[] key) throws RefusedException {
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
    if (key.length == LONG_BYTES) {
      return "; set %s to long if it is a number".formatted(setting);
    }
    if (key.length == INT_BYTES) {
      return "; set %s to int if it is a number".formatted(setting);
    }
    if (key.length == UUID_BYTES) {
      return "; set %s to uuid if it is one".formatted(setting);
    }
    return key.length >= FRAMED_BYTES && key[0] == 0
        ? "; it begins as keys do that a schema registry knows"
        : "; %s says what keys are".formatted(setting);
  }
}
