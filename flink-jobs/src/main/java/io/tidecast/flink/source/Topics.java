package io.tidecast.flink.source;

import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Topics by name, or by a pattern; neither where there are files.
 *
 * @param names empty if there is a pattern
 * @param pattern of whole names; null if there are names
 */
public record Topics(List<String> names, @Nullable String pattern) implements Serializable {

  public Topics {
    names = List.copyOf(names);
    if (pattern != null && !names.isEmpty()) {
      throw new IllegalArgumentException(
          "must not have names too: pattern=%s, names=%s".formatted(pattern, names));
    }
  }

  /** Topics of these names. */
  public static Topics of(String... names) {
    return new Topics(List.of(names), null);
  }

  /** For people: the names, or the pattern. */
  @Override
  public String toString() {
    return pattern == null ? String.join(", ", names) : pattern;
  }
}
