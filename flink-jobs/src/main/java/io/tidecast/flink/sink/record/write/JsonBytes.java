package io.tidecast.flink.sink.record.write;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Says how bytes of somebody else's are written in JSON, within a number of bytes. */
final class JsonBytes {

  private static final int BASE64_BYTES = 4;
  private static final int BASE64_GROUP = 3;
  private static final int MAX_UTF8_BYTES = 4;

  /** A backslash before the character. */
  private static final int SHORT_ESCAPE = 2;

  /** A backslash, u and four digits. */
  private static final int LONG_ESCAPE = 6;

  private JsonBytes() {}

  /** Says how many bytes may be written in base64 within a number of bytes. */
  static int beforeBase64(int max) {
    return max / BASE64_BYTES * BASE64_GROUP;
  }

  /**
   * Reads bytes as text, cut so that it takes no more than a number of bytes in JSON.
   *
   * @return null if they are no text in UTF-8
   */
  static @Nullable String text(byte[] bytes, int max) {
    CharBuffer text = decoded(bytes, bytes.length);
    // The record may have been cut in the middle of a character.
    for (int less = 1; text == null && less < MAX_UTF8_BYTES && less < bytes.length; less++) {
      text = isWithin(bytes, bytes.length - less) ? decoded(bytes, bytes.length - less) : null;
    }
    return text == null ? null : text.subSequence(0, fitting(text, max)).toString();
  }

  /** Whether what is from there on is the beginning of a character of several bytes. */
  private static boolean isWithin(byte[] bytes, int from) {
    int first = bytes[from] & 0xFF;
    int length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 1;
    return length > bytes.length - from;
  }

  private static @Nullable CharBuffer decoded(byte[] bytes, int length) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, 0, length));
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  /** How many characters take no more than so many bytes. */
  private static int fitting(CharSequence text, int max) {
    int bytes = 0;
    for (int i = 0; i < text.length(); i++) {
      char one = text.charAt(i);
      boolean pair = Character.isHighSurrogate(one);
      bytes += pair ? MAX_UTF8_BYTES : bytes(one);
      if (bytes > max) {
        return i;
      }
      i += pair ? 1 : 0;
    }
    return text.length();
  }

  private static int bytes(char one) {
    return switch (one) {
      case '"', '\\', '\n', '\r', '\t', '\b', '\f' -> SHORT_ESCAPE;
      default -> one < ' ' ? LONG_ESCAPE : one < 0x80 ? 1 : one < 0x800 ? 2 : 3;
    };
  }
}
