package io.tidecast.flink.format.influx;

import io.tidecast.flink.format.field.FieldPath.Step;
import io.tidecast.flink.format.field.RecordTree;
import io.tidecast.flink.format.field.RefusedException;
import io.tidecast.schemas.ErrorCode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads values of one or more lines of the line protocol. A path names a tag or a field; {@code
 * measurement} and {@code time} are those of the line; {@code tags.NAME} and {@code fields.NAME}
 * name what a shorter path would not. One thread uses it.
 */
public final class InfluxTree implements RecordTree {

  private final CharsetDecoder utf8 = StandardCharsets.UTF_8.newDecoder();

  @Override
  public Object decode(byte[] value) throws RefusedException {
    return LineProtocol.parse(text(value));
  }

  @Override
  public void decode(byte[] value, Roots roots) throws RefusedException {
    String text = text(value);
    int number = 0;
    int lines = 0;
    boolean several = text.indexOf('\n') >= 0;
    for (int from = 0; from < text.length(); ) {
      int to = end(text, from);
      number++;
      String line = text.substring(from, to).strip();
      if (!line.isEmpty() && !line.startsWith("#")) {
        lines++;
        line(line, several ? "line " + number : "", roots);
      }
      from = to + 1;
    }
    if (lines == 0) {
      throw new RefusedException(ErrorCode.MALFORMED, "value must have a line that is not blank");
    }
  }

  private static void line(String line, String where, Roots roots) {
    Point point;
    try {
      point = LineProtocol.parse(line);
    } catch (RefusedException e) {
      roots.refused(where.isEmpty() ? e : e.with(" (%s)".formatted(where)));
      return;
    }
    roots.root(point, where);
  }

  /** Finds the end of a line, which in a text within quotes is none. */
  private static int end(String text, int from) {
    int line = text.indexOf('\n', from);
    int begin = from;
    while (begin < text.length() && Character.isWhitespace(text.charAt(begin))) {
      begin++;
    }
    boolean quotes = line >= 0 && text.indexOf('"', from) >= 0;
    if (!quotes || begin > line || text.charAt(begin) == '#') {
      return line < 0 ? text.length() : line;
    }
    boolean quoted = false;
    boolean ofFields = false;
    for (int at = begin; at < text.length(); at++) {
      char one = text.charAt(at);
      if (one == '\\' && at + 1 < text.length() && text.charAt(at + 1) != '\n') {
        at++;
      } else if (one == '\n' && !quoted) {
        return at;
      } else if (one == ' ') {
        ofFields = true;
      } else if (one == '"' && ofFields) {
        quoted = !quoted;
      }
    }
    // A quote that is never closed ends with its line, or it would take the others with it.
    return quoted ? line : text.length();
  }

  @Override
  public @Nullable Object child(Object node, Step step) throws RefusedException {
    String name = step.name();
    if (name == null || step.ofArray()) {
      return NO_PARENT;
    }
    if (node instanceof Map<?, ?> map) {
      return map.get(name);
    }
    if (!(node instanceof Point point)) {
      return NO_PARENT;
    }
    return switch (name) {
      case "measurement" -> point.measurement();
      case "time" -> point.time();
      case "tags" -> point.tags();
      case "fields" -> point.fields();
      default -> tagOrField(point, name);
    };
  }

  private static @Nullable Object tagOrField(Point point, String name) throws RefusedException {
    Object tag = point.tags().get(name);
    Object field = point.fields().get(name);
    if (tag != null && field != null) {
      throw new RefusedException(
          ErrorCode.INVALID_FIELD,
          "name must be of a tag or a field, and is of both: %s; write tags.%s or fields.%s"
              .formatted(name, name, name));
    }
    return tag == null ? field : tag;
  }

  @Override
  public Object scalar(Object node) {
    return node;
  }

  @Override
  public @Nullable Iterator<Child> children(Object node) {
    return node instanceof Map<?, ?> map
        ? map.entrySet().stream()
            .map(entry -> new Child(String.valueOf(entry.getKey()), entry.getValue()))
            .iterator()
        : null;
  }

  private String text(byte[] value) throws RefusedException {
    try {
      return utf8.decode(ByteBuffer.wrap(value)).toString();
    } catch (CharacterCodingException e) {
      throw new RefusedException(ErrorCode.MALFORMED, "value must be UTF-8 text");
    }
  }
}
