package io.tidecast.runtime.csv;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the records of a text, without empty lines and comments.
 *
 * <p>A quoted field may hold line ends. But a quote that nobody closed must not swallow what
 * follows: lines are one record only if they have all columns together, and no more than {@value
 * #MAX_LINES} of them; else the first is a bad record, and the others are read by themselves. One
 * thread uses it.
 */
final class CsvRecords implements CsvRows {

  static final int MAX_LINES = 100;

  private final CsvLines lines;
  private final TextEncoding encoding;
  private final CsvDialect dialect;
  private final int columns;

  /** Has lines that were read ahead. */
  private final Deque<CsvLines.Line> ahead = new ArrayDeque<>();

  /**
   * @param columns of a record; 0 where that is not known
   */
  CsvRecords(CsvLines lines, TextEncoding encoding, CsvDialect dialect, int columns) {
    this.lines = lines;
    this.encoding = encoding;
    this.dialect = dialect;
    this.columns = columns;
  }

  @Override
  public @Nullable CsvRecord next() throws IOException {
    CsvLines.Line line = line();
    while (line != null && isNone(line)) {
      line = line();
    }
    return line == null ? null : from(line);
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }

  private CsvLines.@Nullable Line line() throws IOException {
    CsvLines.Line waiting = ahead.poll();
    return waiting == null ? lines.next() : waiting;
  }

  private boolean isNone(CsvLines.Line line) {
    if (line.length() == 0) {
      return true;
    }
    if (line.length() > CsvLines.MAX_BYTES) {
      return false;
    }
    byte first = line.bytes()[0];
    if (encoding.unit() == 1
        && dialect.comment() == null
        && first > ' '
        && first != dialect.separator()) {
      return false;
    }
    String text = encoding.decode(line.bytes(), line.length());
    return isEmpty(text) || dialect.isComment(text) && (dialect.commentSure() || !isWhole(text));
  }

  /** Tells whether there is nothing between the separators, as in what Excel makes of no row. */
  private boolean isEmpty(String text) {
    for (int i = 0; i < text.length(); i++) {
      char one = text.charAt(i);
      if (one != dialect.separator() && !Character.isWhitespace(one)) {
        return false;
      }
    }
    return true;
  }

  private CsvRecord from(CsvLines.Line first) throws IOException {
    CsvRecord alone = record(List.of(first));
    if (dialect.quote() == CsvDialect.NO_QUOTE
        || first.length() > CsvLines.MAX_BYTES
        || !CsvFields.isOpen(encoding.decode(first.bytes(), first.length()), dialect)) {
      return alone;
    }
    List<CsvLines.Line> taken = new ArrayList<>(List.of(first));
    int bytes = first.bytes().length;
    while (taken.size() < MAX_LINES) {
      CsvLines.Line more = line();
      if (more == null) {
        break;
      }
      taken.add(more);
      bytes += more.bytes().length;
      if (bytes > CsvLines.MAX_BYTES) {
        break;
      }
      CsvRecord together = record(taken);
      String text = encoding.decode(together.bytes(), together.bytes().length);
      if (!CsvFields.isOpen(text, dialect)) {
        if (isWhole(text)) {
          return together;
        }
        break;
      }
    }
    for (int i = taken.size() - 1; i > 0; i--) {
      ahead.push(taken.get(i));
    }
    return alone;
  }

  /** Tells whether a text is a record that has all columns. */
  private boolean isWhole(String text) {
    try {
      List<String> fields = CsvFields.of(text, dialect);
      return columns == 0 || CsvLayout.withoutEmptyEnd(fields, columns).size() == columns;
    } catch (CsvException e) {
      return false;
    }
  }

  private static CsvRecord record(List<CsvLines.Line> taken) {
    List<CsvLines.Line> before = taken.subList(0, taken.size() - 1);
    CsvLines.Line last = taken.get(before.size());
    int size = last.length();
    for (CsvLines.Line line : before) {
      size += line.bytes().length;
    }
    byte[] bytes = new byte[size];
    int at = 0;
    for (CsvLines.Line line : before) {
      System.arraycopy(line.bytes(), 0, bytes, at, line.bytes().length);
      at += line.bytes().length;
    }
    System.arraycopy(last.bytes(), 0, bytes, at, last.length());
    return new CsvRecord(bytes, taken.get(0).number(), last.number(), last.end());
  }
}
