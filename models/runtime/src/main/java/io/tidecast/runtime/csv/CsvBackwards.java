package io.tidecast.runtime.csv;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Reads the records of a file from the last to the first. It reads the file once to know where its
 * blocks begin, then block by block from the end, so that it holds one block in memory. A packed
 * file, in which there is no going back, is unpacked into a temporary file first.
 */
final class CsvBackwards implements CsvRows {

  /** Has so many records, and is held in memory. */
  private static final int BLOCK = 1_000;

  private final CsvLayout layout;
  private final Path text;
  private final boolean temporary;
  private final Deque<Block> blocks = new ArrayDeque<>();
  private final Deque<CsvRecord> records = new ArrayDeque<>();

  /**
   * Begins with a record.
   *
   * @param position of its first byte
   * @param lines before it
   * @param count of its records
   */
  private record Block(long position, long lines, int count) {}

  CsvBackwards(CsvLayout packed, Path file, long before) throws IOException {
    this.temporary = packed.gzip();
    this.text = temporary ? unpacked(file) : file;
    this.layout =
        new CsvLayout(
            packed.dialect(),
            packed.encoding(),
            false,
            packed.columns(),
            packed.linesBefore(),
            packed.marks(),
            packed.remarks());
    try {
      index(before);
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  @Override
  public @Nullable CsvRecord next() throws IOException {
    if (records.isEmpty()) {
      Block block = blocks.pollLast();
      if (block == null) {
        return null;
      }
      try (CsvRows rows = layout.open(text, block.position, block.lines)) {
        for (int i = 0; i < block.count; i++) {
          CsvRecord record = rows.next();
          if (record == null) {
            throw new IOException("file must not become shorter while it is read: " + text);
          }
          records.push(record);
        }
      }
    }
    return records.pop();
  }

  @Override
  public void close() throws IOException {
    if (temporary) {
      Files.deleteIfExists(text);
    }
  }

  /** Finds where blocks begin, up to the first record that is not wanted. */
  private void index(long before) throws IOException {
    try (CsvRows rows = layout.open(text)) {
      long position = 0;
      long lines = 0;
      int count = 0;
      for (CsvRecord next = rows.next(); next != null && next.end() < before; next = rows.next()) {
        count++;
        if (count == BLOCK) {
          blocks.add(new Block(position, lines, count));
          position = next.end();
          lines = next.lines();
          count = 0;
        }
      }
      if (count > 0) {
        blocks.add(new Block(position, lines, count));
      }
    }
  }

  private static Path unpacked(Path file) throws IOException {
    Path text = Files.createTempFile("tidecast-", ".csv");
    try (OutputStream out = Files.newOutputStream(text);
        var in = CsvBytes.open(file, true, 0)) {
      in.transferTo(out);
      return text;
    } catch (IOException e) {
      Files.deleteIfExists(text);
      throw e;
    }
  }
}
