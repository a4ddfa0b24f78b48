package io.tidecast.runtime.csv;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** Opens the text of a file, packed or not. */
final class CsvBytes {

  /** Says what begins files that are no text, and what those are. */
  private static final Map<String, String> NO_TEXT =
      Map.of(
          "PK\3\4", "a zip archive, or a workbook of Excel; save it as CSV, or unpack it",
          "\u00D0\u00CF\u0011\u00E0", "a workbook of Excel; save it as CSV",
          "BZh", "packed with bzip2; unpack it, or pack it with gzip",
          "\u00FD7zXZ", "packed with xz; unpack it, or pack it with gzip",
          "(\u00B5/\u00FD", "packed with zstd; unpack it, or pack it with gzip",
          "7z\u00BC\u00AF", "a 7z archive; unpack it, or pack it with gzip",
          "PAR1", "Parquet; write it as CSV",
          "%PDF", "a PDF");

  private static final int GZIP = 0x1F8B;

  private CsvBytes() {}

  /**
   * Tells whether the first bytes are those of gzip.
   *
   * @throws CsvException if they are those of something that is no text
   */
  static boolean isGzip(byte[] first) throws CsvException {
    String text = new String(first, StandardCharsets.ISO_8859_1);
    for (Map.Entry<String, String> other : NO_TEXT.entrySet()) {
      if (text.startsWith(other.getKey())) {
        throw new CsvException("must be text, or text packed with gzip; it is " + other.getValue());
      }
    }
    return first.length >= 2 && ((first[0] & 0xFF) << 8 | (first[1] & 0xFF)) == GZIP;
  }

  /**
   * Opens a file.
   *
   * @param position of the first byte in the text
   */
  static InputStream open(Path file, boolean gzip, long position) throws IOException {
    FileChannel channel = FileChannel.open(file);
    try {
      if (!gzip) {
        return Channels.newInputStream(channel.position(position));
      }
      InputStream text =
          new Unpacked(
              new GZIPInputStream(
                  new BufferedInputStream(Channels.newInputStream(channel)), 1 << 16));
      text.skipNBytes(position);
      return text;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /** Says in words of its own what is wrong with the packing. */
  private static final class Unpacked extends InputStream {

    private final InputStream in;

    Unpacked(InputStream in) {
      this.in = in;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public void close() throws IOException {
      in.close();
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
      try {
        return in.read(bytes, from, length);
      } catch (EOFException e) {
        throw new IOException("the gzip ends before its end; copy the file again", e);
      } catch (ZipException e) {
        throw new IOException("the gzip is damaged; copy the file again", e);
      }
    }
  }
}
