package io.tidecast.evaluation.data;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Opens text files: UTF-8, of which a byte-order mark is no part of the text. */
final class Utf8Text {
  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};
  private static final int LONGEST_MARK = 4;

  private Utf8Text() {}

  /**
   * Opens a file at its first character.
   *
   * @return a reader that throws CharacterCodingException at what is not UTF-8
   * @throws DataException if it is UTF-16 or UTF-32
   */
  static Reader open(Path file) throws IOException {
    InputStream bytes = new BufferedInputStream(Files.newInputStream(file));
    try {
      bytes.mark(LONGEST_MARK);
      byte[] first = bytes.readNBytes(LONGEST_MARK);
      bytes.reset();
      if (isWide(first)) {
        throw new DataException(file + ": is text in UTF-16 or UTF-32; save it as UTF-8");
      }
      if (Arrays.equals(Arrays.copyOf(first, BYTE_ORDER_MARK.length), BYTE_ORDER_MARK)) {
        bytes.skipNBytes(BYTE_ORDER_MARK.length);
      }
      return new BufferedReader(new InputStreamReader(bytes, StandardCharsets.UTF_8.newDecoder()));
    } catch (IOException | DataException e) {
      bytes.close();
      throw e;
    }
  }

  /** Tells by a mark, or by the zeros that plain letters have there. */
  private static boolean isWide(byte[] first) {
    for (byte b : first) {
      if (b == 0) {
        return true;
      }
    }
    return first.length >= 2
        && ((first[0] == (byte) 0xFF && first[1] == (byte) 0xFE)
            || (first[0] == (byte) 0xFE && first[1] == (byte) 0xFF));
  }
}
