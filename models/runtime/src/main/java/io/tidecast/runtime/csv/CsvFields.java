package io.tidecast.runtime.csv;

import java.util.ArrayList;
import java.util.List;

/** Takes one record apart as RFC 4180 says, in any dialect. One thread uses it. */
final class CsvFields {

  private final String text;
  private final CsvDialect dialect;
  private int at;

  private CsvFields(String text, CsvDialect dialect) {
    this.text = text;
    this.dialect = dialect;
  }

  /**
   * Returns the fields of a record, of which an absent one is empty. Those without quotes are
   * stripped of spaces.
   *
   * @param text without the end of its last line
   * @throws CsvException if it is quoted badly
   */
  static List<String> of(String text, CsvDialect dialect) throws CsvException {
    return new CsvFields(text, dialect).fields();
  }

  /** Tells whether a text ends within quotes, so that its last field goes on in the next line. */
  static boolean isOpen(String text, CsvDialect dialect) {
    if (dialect.quote() == CsvDialect.NO_QUOTE || text.indexOf(dialect.quote()) < 0) {
      return false;
    }
    try {
      of(text, dialect);
      return false;
    } catch (OpenQuoteException e) {
      return true;
    } catch (CsvException e) {
      return false;
    }
  }

  private List<String> fields() throws CsvException {
    List<String> fields = new ArrayList<>();
    fields.add(field());
    while (at < text.length()) {
      if (dialect.separator() == CsvDialect.SPACES) {
        skipSpaces();
        if (at == text.length()) {
          break;
        }
      } else {
        at++;
      }
      fields.add(field());
    }
    return fields;
  }

  /** Reads one field and the spaces around it, up to a separator or the end. */
  private String field() throws CsvException {
    skipSpaces();
    if (at < text.length()
        && text.charAt(at) == dialect.quote()
        && dialect.quote() != CsvDialect.NO_QUOTE) {
      return quoted();
    }
    int from = at;
    while (at < text.length() && !isSeparator(text.charAt(at))) {
      at++;
    }
    return text.substring(from, at).strip();
  }

  private String quoted() throws CsvException {
    StringBuilder field = new StringBuilder();
    for (at++; at < text.length(); at++) {
      char next = text.charAt(at);
      if (next == dialect.quote()) {
        at++;
        if (at == text.length() || text.charAt(at) != dialect.quote()) {
          endQuoted();
          return field.toString();
        }
      }
      field.append(next);
    }
    throw new OpenQuoteException();
  }

  private void endQuoted() throws CsvException {
    if (dialect.separator() != CsvDialect.SPACES) {
      skipSpaces();
    }
    if (at < text.length() && !isSeparator(text.charAt(at))) {
      throw new CsvException(
          "must be a record of CSV: text follows a closed quote, column %d, where it is read as separated by %s"
              .formatted(at + 1, dialect.shown()));
    }
  }

  private void skipSpaces() {
    while (at < text.length()
        && (text.charAt(at) == ' ' || text.charAt(at) == '\t' && dialect.separator() != '\t')) {
      at++;
    }
  }

  private boolean isSeparator(char one) {
    return dialect.separator() == CsvDialect.SPACES
        ? one == ' ' || one == '\t'
        : one == dialect.separator();
  }
}
