package io.tidecast.benchmarks.process;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Writes job files, of which every JSON text is one. */
public final class JobYaml {

  private JobYaml() {}

  /**
   * Writes a job file.
   *
   * @param keys such as {@code sink.topic}, with text or a map of texts as their values
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
