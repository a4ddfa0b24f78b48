package io.tidecast.runtime.csv;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Says how the characters of a text stand in its bytes.
 *
 * @param charset that makes text of the bytes of a line
 * @param unit bytes of the smallest character: 1, 2 or 4
 * @param bigEndian whether the highest byte of a character comes first
 * @param markBytes of the byte-order mark before the text; 0 without one
 * @param valid whether the bytes that were looked at are text of the character set
 */
public record TextEncoding(
    Charset charset, int unit, boolean bigEndian, int markBytes, boolean valid) {

  private static final String UTF_16 = "UTF-16";

  /**
   * Has the character sets that name their byte order, with their marks; the longer marks first.
   */
  private static final List<Marked> MARKED =
      List.of(
          new Marked(StandardCharsets.UTF_8, 1, false, 0xEF, 0xBB, 0xBF),
          new Marked(Charset.forName("UTF-32LE"), 4, false, 0xFF, 0xFE, 0, 0),
          new Marked(Charset.forName("UTF-32BE"), 4, true, 0, 0, 0xFE, 0xFF),
          new Marked(StandardCharsets.UTF_16LE, 2, false, 0xFF, 0xFE),
          new Marked(StandardCharsets.UTF_16BE, 2, true, 0xFE, 0xFF));

  private record Marked(Charset charset, int unit, boolean bigEndian, byte[] mark) {

    Marked(Charset charset, int unit, boolean bigEndian, int... mark) {
      this(charset, unit, bigEndian, bytes(mark));
    }

    private static byte[] bytes(int... mark) {
      byte[] bytes = new byte[mark.length];
      for (int i = 0; i < mark.length; i++) {
        bytes[i] = (byte) mark[i];
      }
      return bytes;
    }

    boolean begins(byte[] text) {
      return text.length >= mark.length
          && Arrays.equals(text, 0, mark.length, mark, 0, mark.length);
    }
  }

  /**
   * Finds the encoding of a text: by its mark, by what is declared, by the zeros that plain letters
   * have in UTF-16, else UTF-8.
   *
   * @param sample the first bytes, perhaps cut within a character
   * @throws CsvException if it is declared as what it cannot be, or holds zeros and so is no text
   */
  static TextEncoding of(byte[] sample, CsvOptions options) throws CsvException {
    String key = options.keys().of("encoding");
    Charset declared = options.encoding() == null ? null : charset(options.encoding(), key);
    for (Marked marked : MARKED) {
      if (marked.begins(sample)) {
        if (declared != null && !isOf(marked.charset, declared)) {
          throw new CsvException(
              "must be what the byte-order mark of the file says, %s: %s=%s"
                  .formatted(marked.charset, key, options.encoding()));
        }
        return made(marked, marked.mark.length, sample);
      }
    }
    int zeros = zeros(sample, 0, 1);
    if (declared == null ? zeros > 0 : declared.name().equals(UTF_16)) {
      int even = zeros(sample, 0, 2);
      int odd = zeros - even;
      if (even == odd || Math.min(even, odd) * 10 > Math.max(even, odd)) {
        throw new CsvException(
            declared == null
                ? "must be text, but has zero bytes, which no text has but one in UTF-16"
                : "must be utf-16le or utf-16be, for the file has no byte-order mark: %s=utf-16"
                    .formatted(key));
      }
      return made(MARKED.get(odd > even ? 3 : 4), 0, sample);
    }
    if (declared != null) {
      for (Marked marked : MARKED) {
        if (marked.charset.equals(declared)) {
          return made(marked, 0, sample);
        }
      }
    }
    Charset charset = declared == null ? StandardCharsets.UTF_8 : declared;
    return new TextEncoding(charset, 1, false, 0, isText(charset, sample, 0));
  }

  /**
   * Returns the character set of a name.
   *
   * @param key that messages name
   * @throws CsvException if there is none of that name, or lines cannot be found in its bytes
   */
  static Charset charset(String name, String key) throws CsvException {
    try {
      Charset charset = Charset.forName(name);
      if (charset.name().startsWith("UTF-16") || charset.name().startsWith("UTF-32")) {
        return charset;
      }
      if (isPlain(charset)) {
        return charset;
      }
    } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
      // Said below.
    }
    throw new CsvException(
        "must be a character set such as utf-8, utf-16, iso-8859-1 or windows-1252: %s=%s"
            .formatted(key, name));
  }

  /** Makes text of bytes; what is no text becomes U+FFFD. */
  String decode(byte[] bytes, int length) {
    return new String(bytes, 0, length, charset);
  }

  /**
   * Tells whether letters, digits and marks of ASCII stand for themselves, whatever stands before
   * them; of the sets of ISO 2022 they do not.
   */
  private static boolean isPlain(Charset charset) {
    if (!charset.canEncode() || charset.name().contains("2022")) {
      return false;
    }
    StringBuilder ascii = new StringBuilder("\t\n\r");
    for (char one = ' '; one <= '~'; one++) {
      ascii.append(one);
    }
    return Arrays.equals(
        ascii.toString().getBytes(charset), ascii.toString().getBytes(StandardCharsets.US_ASCII));
  }

  private static boolean isOf(Charset marked, Charset declared) {
    return marked.equals(declared)
        || declared.name().equals(UTF_16) && marked.name().startsWith(UTF_16)
        || declared.name().equals("UTF-32") && marked.name().startsWith("UTF-32");
  }

  private static TextEncoding made(Marked marked, int markBytes, byte[] sample) {
    return new TextEncoding(
        marked.charset,
        marked.unit,
        marked.bigEndian,
        markBytes,
        isText(marked.charset, sample, markBytes));
  }

  private static int zeros(byte[] sample, int from, int by) {
    int zeros = 0;
    for (int i = from; i < sample.length; i += by) {
      if (sample[i] == 0) {
        zeros++;
      }
    }
    return zeros;
  }

  /** Tells whether bytes are text; they may end within a character. */
  private static boolean isText(Charset charset, byte[] sample, int from) {
    @Nullable CharacterCodingException last = null;
    for (int cut = 0; cut < 4 && from <= sample.length - cut; cut++) {
      try {
        var unused =
            charset
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT)
                .decode(ByteBuffer.wrap(sample, from, sample.length - cut - from));
        return true;
      } catch (CharacterCodingException e) {
        last = e;
      }
    }
    return last == null;
  }
}
