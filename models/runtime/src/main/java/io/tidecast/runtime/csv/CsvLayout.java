package io.tidecast.runtime.csv;

import io.tidecast.runtime.text.NumberMarks;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Says how one file is read: what was declared, and what was found in its first lines.
 *
 * @param dialect how fields stand in a line
 * @param encoding how characters stand in bytes
 * @param gzip whether the text is packed; positions are those in the text
 * @param columns names, in order; those at the end that have no name are left out
 * @param linesBefore the first record: the line of names and whatever stands before and under it
 * @param marks of the numbers
 * @param remarks for people: how it is read, in parts of a sentence
 */
public record CsvLayout(
    CsvDialect dialect,
    TextEncoding encoding,
    boolean gzip,
    List<String> columns,
    long linesBefore,
    NumberMarks marks,
    List<String> remarks) {

  public CsvLayout {
    columns = List.copyOf(columns);
    remarks = List.copyOf(remarks);
  }

  /**
   * Finds how a file is read.
   *
   * @throws CsvException if it is no text, or two ways to read it are as good as each other
   * @throws IOException if it cannot be read
   */
  public static CsvLayout of(Path file, CsvOptions options, CsvWanted wanted)
      throws IOException, CsvException {
    return CsvFinder.find(file, options, wanted);
  }

  /** Reads the records in the order of the file. */
  public CsvRows open(Path file) throws IOException {
    return open(file, 0, 0);
  }

  /**
   * Reads the records in the order of the file from a place on.
   *
   * @param position where a line begins, bytes from the beginning of the text; 0 for the first
   *     record
   * @param lines before it; 0 for the first record
   */
  public CsvRows open(Path file, long position, long lines) throws IOException {
    CsvLines all = new CsvLines(CsvBytes.open(file, gzip, position), encoding, position, lines);
    while (lines < linesBefore && all.next() != null) {
      lines++;
    }
    return new CsvRecords(all, encoding, dialect, columns.size());
  }

  /**
   * Reads the records from the last to the first.
   *
   * @param before only those are read that end before this place, bytes from the beginning of the
   *     text; {@link Long#MAX_VALUE} for all
   */
  public CsvRows openBackwards(Path file, long before) throws IOException {
    return new CsvBackwards(this, file, before);
  }

  /**
   * Takes a record apart.
   *
   * @return as many fields as there are columns; an absent one is empty
   * @throws CsvException if it is quoted badly, too long, or has more or fewer columns
   */
  public List<String> fields(byte[] record) throws CsvException {
    if (record.length > CsvLines.MAX_BYTES) {
      throw new CsvException("must have no more than %d bytes".formatted(CsvLines.MAX_BYTES));
    }
    List<String> fields =
        withoutEmptyEnd(
            CsvFields.of(encoding.decode(record, record.length), dialect), columns.size());
    if (fields.size() != columns.size()) {
      throw new CsvException(
          "must have %d columns, found %d".formatted(columns.size(), fields.size()));
    }
    return fields;
  }

  /** Returns a sentence of how the file is read. */
  public String described() {
    return "read as: " + String.join(", ", remarks);
  }

  /** Returns the fields without empty ones behind the last column. */
  static List<String> withoutEmptyEnd(List<String> fields, int columns) {
    int size = fields.size();
    while (size > columns && fields.get(size - 1).isEmpty()) {
      size--;
    }
    return fields.subList(0, size);
  }
}
