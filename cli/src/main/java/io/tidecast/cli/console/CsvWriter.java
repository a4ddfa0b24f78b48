package io.tidecast.cli.console;

import java.io.Closeable;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.csv.CSVFormat;

/**
 * Writes a CSV file: UTF-8, quoted as RFC 4180 has it where a value needs that, each record ended
 * by a line feed. One thread uses it.
 */
public final class CsvWriter implements Closeable {

  private static final CSVFormat FORMAT =
      CSVFormat.DEFAULT.builder().setRecordSeparator('\n').get();

  private final Writer out;

  private CsvWriter(Writer out) {
    this.out = out;
  }

  /**
   * Begins a file, replacing one that is there.
   *
   * @param columns their names, which become the first record
   */
  public static CsvWriter create(Path file, List<String> columns) throws IOException {
    CsvWriter csv = new CsvWriter(Files.newBufferedWriter(file, StandardCharsets.UTF_8));
    csv.write(columns.toArray());
    return csv;
  }

  /** Writes a record; each value as its text. */
  public void write(Object... values) throws IOException {
    FORMAT.printRecord(out, values);
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
