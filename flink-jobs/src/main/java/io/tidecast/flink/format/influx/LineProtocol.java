package io.tidecast.flink.format.influx;

import io.tidecast.flink.format.field.RefusedException;
import io.tidecast.runtime.text.DecimalText;
import io.tidecast.schemas.ErrorCode;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Takes one line apart: {@code measurement,tag=text field=1.5,other=2i,on=true,why="text" time}. A
 * backslash before a comma, an equals sign or a space makes it a part of a name or a tag, and
 * before a quote or another backslash a part of a text; before anything else it stands for itself.
 */
final class LineProtocol {

  private static final Set<String> TRUE = Set.of("t", "T", "true", "True", "TRUE");
  private static final Set<String> FALSE = Set.of("f", "F", "false", "False", "FALSE");
  private static final BigInteger MAX_UNSIGNED =
      BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);
  private static final BigInteger MAX_LONG = BigInteger.valueOf(Long.MAX_VALUE);
  private static final BigInteger MIN_LONG = BigInteger.valueOf(Long.MIN_VALUE);

  private final String line;
  private int at;

  private LineProtocol(String line) {
    this.line = line;
  }

  /**
   * Reads a line.
   *
   * @param line without its end, not blank and no comment
   * @throws RefusedException if it is no such line
   */
  static Point parse(String line) throws RefusedException {
    return new LineProtocol(line).point();
  }

  private Point point() throws RefusedException {
    skipSpaces();
    String measurement = name(", ");
    if (measurement.isEmpty()) {
      throw malformed("it begins without the name of a measurement");
    }
    Map<String, Object> tags = new LinkedHashMap<>();
    while (is(',')) {
      at++;
      String tag = key("tag");
      String text = name(", ");
      if (text.isEmpty()) {
        throw malformed("the tag %s is empty".formatted(tag));
      }
      put(tags, tag, text);
    }
    if (!is(' ')) {
      throw malformed("it has no fields");
    }
    skipSpaces();
    Map<String, Object> fields = new LinkedHashMap<>();
    do {
      if (is(',')) {
        at++;
      }
      String field = key("field");
      put(fields, field, value(field));
    } while (is(','));
    return new Point(measurement, tags, fields, time());
  }

  private void put(Map<String, Object> all, String name, Object value) throws RefusedException {
    if (all.put(name, value) != null) {
      throw malformed("%s is there twice".formatted(name));
    }
  }

  private String key(String what) throws RefusedException {
    String key = name(",= ");
    if (key.isEmpty() || !is('=')) {
      throw malformed("a %s must be a name, an equals sign and a value".formatted(what));
    }
    at++;
    return key;
  }

  /** Reads up to one of the characters that end it, or to the end of the line. */
  private String name(String ends) {
    StringBuilder name = new StringBuilder();
    while (at < line.length() && ends.indexOf(line.charAt(at)) < 0) {
      if (line.charAt(at) == '\\'
          && at + 1 < line.length()
          && ",= ".indexOf(line.charAt(at + 1)) >= 0) {
        at++;
      }
      name.append(line.charAt(at));
      at++;
    }
    return name.toString();
  }

  private Object value(String field) throws RefusedException {
    if (is('"')) {
      return text(field);
    }
    int from = at;
    while (at < line.length() && line.charAt(at) != ',' && line.charAt(at) != ' ') {
      at++;
    }
    String text = line.substring(from, at);
    Object value = scalar(text);
    if (value == null) {
      throw malformed(
          "the field %s must be a number, true, false or a text in quotes, and is %s"
              .formatted(field, text.isEmpty() ? "empty" : text));
    }
    return value;
  }

  private static @Nullable Object scalar(String text) {
    if (TRUE.contains(text)) {
      return true;
    }
    if (FALSE.contains(text)) {
      return false;
    }
    if (text.matches("-?\\d{1,20}[iu]")) {
      BigInteger whole = new BigInteger(text.substring(0, text.length() - 1));
      boolean unsigned = text.endsWith("u");
      BigInteger least = unsigned ? BigInteger.ZERO : MIN_LONG;
      BigInteger most = unsigned ? MAX_UNSIGNED : MAX_LONG;
      return whole.compareTo(least) < 0 || whole.compareTo(most) > 0 ? null : small(whole);
    }
    return DecimalText.isDecimal(text) ? (Object) Double.valueOf(text) : null;
  }

  private static Number small(BigInteger whole) {
    return whole.compareTo(MAX_LONG) > 0 ? whole : (Number) whole.longValue();
  }

  private String text(String field) throws RefusedException {
    StringBuilder text = new StringBuilder();
    at++;
    while (at < line.length() && line.charAt(at) != '"') {
      if (line.charAt(at) == '\\'
          && at + 1 < line.length()
          && "\"\\".indexOf(line.charAt(at + 1)) >= 0) {
        at++;
      }
      text.append(line.charAt(at));
      at++;
    }
    if (at == line.length()) {
      throw malformed("the quote of the field %s is not closed".formatted(field));
    }
    at++;
    return text.toString();
  }

  private @Nullable Long time() throws RefusedException {
    if (at < line.length() && !is(' ')) {
      throw malformed("something follows a field, at character %d".formatted(at + 1));
    }
    String text = line.substring(at).strip();
    if (text.isEmpty()) {
      return null;
    }
    if (!text.matches("-?\\d{1,19}")) {
      throw malformed("its time must be a whole number, and is %s".formatted(text));
    }
    try {
      return Long.valueOf(text);
    } catch (NumberFormatException e) {
      throw malformed("its time is beyond any: " + text);
    }
  }

  private void skipSpaces() {
    while (is(' ')) {
      at++;
    }
  }

  private boolean is(char expected) {
    return at < line.length() && line.charAt(at) == expected;
  }

  private static RefusedException malformed(String why) {
    return new RefusedException(
        ErrorCode.MALFORMED, "line must be one of the line protocol: " + why);
  }
}
