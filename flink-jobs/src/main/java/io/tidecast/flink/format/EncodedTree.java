package io.tidecast.flink.format;

import io.tidecast.flink.format.field.Encodings.ValueEncoding;
import io.tidecast.flink.format.field.RecordTree;
import io.tidecast.flink.format.field.RefusedException;
import io.tidecast.flink.format.field.WrappedTree;
import io.tidecast.flink.grid.Spelling;
import io.tidecast.schemas.ErrorCode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/** Takes off what is around the bytes of a value, and leaves the rest to another tree. */
final class EncodedTree extends WrappedTree {

  /** What unpacks to more would be a danger to the job. */
  static final int MAX_BYTES = 64 << 20;

  /** Some break their lines. */
  private static final Pattern SPACES = Pattern.compile("\\s+");

  private final ValueEncoding encoding;

  private EncodedTree(RecordTree inner, ValueEncoding encoding) {
    super(inner);
    this.encoding = encoding;
  }

  /** Returns a tree over encoded values; the tree itself where nothing is around them. */
  static RecordTree of(RecordTree inner, ValueEncoding encoding) {
    return encoding == ValueEncoding.NONE ? inner : new EncodedTree(inner, encoding);
  }

  @Override
  public Object decode(byte[] value) throws RefusedException {
    return super.decode(plain(value));
  }

  @Override
  public void decode(byte[] value, Roots roots) throws RefusedException {
    super.decode(plain(value), roots);
  }

  private byte[] plain(byte[] value) throws RefusedException {
    byte[] plain =
        switch (encoding) {
          case NONE -> value;
          case BASE64 -> base64(value);
          case GZIP -> unzipped(value);
        };
    if (plain.length == 0) {
      throw malformed("there is nothing in it");
    }
    return plain;
  }

  private byte[] base64(byte[] value) throws RefusedException {
    String text = SPACES.matcher(new String(value, StandardCharsets.ISO_8859_1)).replaceAll("");
    if (text.length() > 1 && text.startsWith("\"") && text.endsWith("\"")) {
      // A JSON text, as some producers write it.
      text = text.substring(1, text.length() - 1);
    }
    try {
      return Base64.getDecoder().decode(text.replace('-', '+').replace('_', '/'));
    } catch (IllegalArgumentException e) {
      throw malformed("it is not of that alphabet or length");
    }
  }

  private byte[] unzipped(byte[] value) throws RefusedException {
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(value))) {
      byte[] plain = in.readNBytes(MAX_BYTES);
      if (in.read() >= 0) {
        throw malformed("it unpacks to more than %d bytes".formatted(MAX_BYTES));
      }
      return plain;
    } catch (IOException e) {
      throw malformed("it cannot be unpacked");
    }
  }

  private RefusedException malformed(String why) {
    return new RefusedException(
        ErrorCode.MALFORMED, "value must be %s: %s".formatted(Spelling.of(encoding), why));
  }
}
