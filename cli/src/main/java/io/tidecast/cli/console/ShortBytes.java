package io.tidecast.cli.console;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Bytes as people can look at them in a line: text where they are text, else hex. */
public final class ShortBytes {

  private static final int MOST_CHARS = 160;
  private static final int MOST_BYTES = 48;

  private ShortBytes() {}

  /**
   * Shows the beginning.
   *
   * @param bytes null where there are none
   * @param length of the whole, of which these bytes may be the beginning
   */
  public static String of(byte @Nullable [] bytes, long length) {
    if (bytes == null) {
      return length == 0 ? "(no value)" : "(%,d bytes)".formatted(length);
    }
    String text = text(bytes, length);
    if (text == null) {
      byte[] begin = Arrays.copyOf(bytes, Math.min(bytes.length, MOST_BYTES));
      return HexFormat.ofDelimiter(" ").formatHex(begin)
          + (length > begin.length ? " ... (%,d bytes)".formatted(length) : "");
    }
    boolean whole = text.length() <= MOST_CHARS && length <= bytes.length;
    return whole
        ? text
        : text.substring(0, Math.min(text.length(), MOST_CHARS))
            + "... (%,d bytes)".formatted(length);
  }

  /** The text, in one line; null if it is none. */
  private static @Nullable String text(byte[] bytes, long length) {
    // A character may be cut in two where the bytes are.
    int most = Math.min(bytes.length, 4 * MOST_CHARS + 4);
    int slack = most < length ? 3 : 0;
    for (int cut = 0; cut <= Math.min(slack, most); cut++) {
      try {
        String text =
            StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes, 0, most - cut))
                .toString();
        return text.chars()
                .allMatch(one -> one >= ' ' && one != 0x7F || Character.isWhitespace(one))
            ? text.replaceAll("\\s+", " ").strip()
            : null;
      } catch (CharacterCodingException e) {
        // Cut one byte more, or it is no text.
      }
    }
    return null;
  }
}
