package io.tidecast.cli.console;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/**
 * CSV files that commands write: UTF-8, quoted as RFC 4180 has it where a value needs that, each
 * record ended by a line feed.
 */
public final class CsvFiles {

  private static final CSVFormat FORMAT =
      CSVFormat.DEFAULT.builder().setRecordSeparator('\n').get();

  private CsvFiles() {}

  /**
   * Begins a file, replacing one that is there. The caller closes the printer.
   *
   * @param columns their names, which become the first record
   */
  public static CSVPrinter create(Path file, Iterable<String> columns) throws IOException {
    CSVPrinter printer =
        new CSVPrinter(Files.newBufferedWriter(file, StandardCharsets.UTF_8), FORMAT);
    printer.printRecord(columns);
    return printer;
  }
}
