package io.tidecast.postgres.rows;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Spells rows as the text format of COPY has them. One thread; its memory is used again. */
public final class CopyText {

  private final StringBuilder text = new StringBuilder(4096);

  /** Returns the line of a row, with its end. */
  public byte[] line(@Nullable Object[] values) {
    text.setLength(0);
    for (int i = 0; i < values.length; i++) {
      if (i > 0) {
        text.append('\t');
      }
      append(values[i]);
    }
    return text.append('\n').toString().getBytes(StandardCharsets.UTF_8);
  }

  private void append(@Nullable Object value) {
    if (value == null) {
      text.append("\\N");
    } else if (value instanceof String string) {
      escape(string);
    } else if (value instanceof Instant time) {
      text.append(time);
    } else if (value instanceof double[] numbers) {
      text.append('{');
      for (int i = 0; i < numbers.length; i++) {
        text.append(i == 0 ? "" : ",").append(numbers[i]);
      }
      text.append('}');
    } else {
      // Numbers, flags and uuids have no character that means something here.
      text.append(value);
    }
  }

  private void escape(String string) {
    for (int i = 0; i < string.length(); i++) {
      char c = string.charAt(i);
      switch (c) {
        case '\\' -> text.append("\\\\");
        case '\t' -> text.append("\\t");
        case '\n' -> text.append("\\n");
        case '\r' -> text.append("\\r");
        default -> text.append(c);
      }
    }
  }
}
