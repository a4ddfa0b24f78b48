package io.tidecast.flink.format.csv;

import io.tidecast.flink.format.field.RefusedException;
import io.tidecast.schemas.ErrorCode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Takes one line apart as RFC 4180 says, but no field goes on in the next line. */
public final class CsvLine {

  /** A line that is longer is refused: bytes without its end. */
  public static final int MAX_BYTES = 1 << 20;

  private final String text;
  private int at;

  private CsvLine(String text) {
    this.text = text;
  }

  /**
   * Returns the fields of a line, of which an absent one is empty. Those without quotes are
   * stripped of spaces.
   *
   * @param line UTF-8, without its end
   * @throws RefusedException if it is no text, too long or quoted badly
   */
  public static List<String> fields(byte[] line) throws RefusedException {
    if (line.length > MAX_BYTES) {
      throw malformed("it has more than %d bytes".formatted(MAX_BYTES));
    }
    try {
      return new CsvLine(
              StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(line)).toString())
          .fields();
    } catch (CharacterCodingException e) {
      throw malformed("it is not UTF-8");
    }
  }

  private List<String> fields() throws RefusedException {
    List<String> fields = new ArrayList<>();
    fields.add(field());
    while (at < text.length()) {
      at++;
      fields.add(field());
    }
    return fields;
  }

  /** Reads one field and the spaces around it, up to a comma or the end. */
  private String field() throws RefusedException {
    while (at < text.length() && text.charAt(at) == ' ') {
      at++;
    }
    if (at < text.length() && text.charAt(at) == '"') {
      return quoted();
    }
    int comma = text.indexOf(',', at);
    int end = comma < 0 ? text.length() : comma;
    String field = text.substring(at, end).strip();
    at = end;
    return field;
  }

  private String quoted() throws RefusedException {
    StringBuilder field = new StringBuilder();
    for (at++; at < text.length(); at++) {
      char next = text.charAt(at);
      if (next == '"') {
        at++;
        if (at == text.length() || text.charAt(at) != '"') {
          skipSpaces();
          return field.toString();
        }
      }
      field.append(next);
    }
    throw malformed("a quote is not closed");
  }

  private void skipSpaces() throws RefusedException {
    while (at < text.length() && text.charAt(at) == ' ') {
      at++;
    }
    if (at < text.length() && text.charAt(at) != ',') {
      throw malformed("text follows a closed quote, column %d".formatted(at + 1));
    }
  }

  private static RefusedException malformed(String why) {
    return new RefusedException(ErrorCode.MALFORMED, "line must be one of CSV: " + why);
  }
}
