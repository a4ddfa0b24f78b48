package io.tidecast.benchmarks.process;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Writes job files, of which every JSON text is one. */
public final class JobYaml {

  private JobYaml() {}

  /** Reads a value as a job file has it: {@code 4} is a number, {@code true} is not a text. */
  public static Object value(String text) {
    if (text.equals("true") || text.equals("false")) {
      return Boolean.valueOf(text);
    }
    try {
      return new BigDecimal(text);
    } catch (NumberFormatException e) {
      return text;
    }
  }

  /**
   * Writes a job file.
   *
   * @param keys such as {@code sink.topic}, with a {@link #value} or a map of texts as theirs
   */
  public static void write(Path file, Map<String, Object> keys) throws IOException {
    Map<String, Map<String, Object>> sections = new LinkedHashMap<>();
    keys.forEach(
        (key, value) -> {
          int dot = key.indexOf('.');
          sections
              .computeIfAbsent(key.substring(0, dot), section -> new LinkedHashMap<>())
              .put(key.substring(dot + 1), value);
        });
    Files.writeString(
        file, new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(sections));
  }
}
