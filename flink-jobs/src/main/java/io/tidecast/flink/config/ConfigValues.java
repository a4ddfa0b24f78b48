package io.tidecast.flink.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * The values of a job file, each checked by itself; collects what is wrong instead of stopping at
 * the first problem. One thread.
 */
final class ConfigValues {

  private final Map<String, ConfigKey<?>> keys = new HashMap<>();
  private final Set<String> sections = new LinkedHashSet<>();
  private final Map<ConfigKey<?>, Object> values = new HashMap<>();
  private final Set<ConfigKey<?>> given = new HashSet<>();
  private final List<String> problems = new ArrayList<>();

  ConfigValues(List<ConfigKey<?>> known, String yaml) {
    read(known, tree(yaml));
  }

  /**
   * @param tree what a job file would hold
   */
  ConfigValues(List<ConfigKey<?>> known, Map<String, Object> tree) {
    read(known, tree);
  }

  private void read(List<ConfigKey<?>> known, Object tree) {
    for (ConfigKey<?> key : known) {
      keys.put(key.path(), key);
      for (int dot = key.path().indexOf('.'); dot >= 0; dot = key.path().indexOf('.', dot + 1)) {
        sections.add(key.path().substring(0, dot));
      }
    }
    walk("", tree);
    for (ConfigKey<?> key : known) {
      if (!given.contains(key)) {
        absent(key);
      }
    }
  }

  /** The value, its default, or null if it is absent without a default or was refused. */
  @SuppressWarnings("unchecked")
  <T> T get(ConfigKey<T> key) {
    return (T) values.get(key);
  }

  /** Whether the file has a value for it, good or not. */
  boolean isGiven(ConfigKey<?> key) {
    return given.contains(key);
  }

  void problem(String sentence) {
    problems.add(sentence);
  }

  List<String> problems() {
    return problems;
  }

  private Object tree(String yaml) {
    try {
      return new Load(LoadSettings.builder().setLabel("job file").build()).loadFromString(yaml);
    } catch (MarkedYamlEngineException e) {
      // Not its message: that quotes the line, which may hold a password.
      problem(
          "must be YAML: %s%s"
              .formatted(
                  e.getProblem(),
                  e.getProblemMark()
                      .map(
                          m ->
                              " at line %d, column %d"
                                  .formatted(m.getLine() + 1, m.getColumn() + 1))
                      .orElse("")));
    } catch (YamlEngineException e) {
      problem("must be YAML of plain maps, lists and values");
    }
    return null;
  }

  private void walk(String prefix, Object node) {
    if (node == null) {
      return;
    }
    if (!(node instanceof Map)) {
      problem(
          "must be a map of keys: %s"
              .formatted(prefix.isEmpty() ? "the file" : prefix.substring(0, prefix.length() - 1)));
      return;
    }
    ((Map<?, ?>) node).forEach((name, value) -> entry(prefix + name, value));
  }

  private void entry(String path, Object value) {
    ConfigKey<?> key = keys.get(path);
    if (key != null) {
      accept(key, value);
    } else if (sections.contains(path)) {
      walk(path + ".", value);
    } else {
      problem("unknown key: %s; did you mean %s?".formatted(path, nearest(path)));
    }
  }

  private void accept(ConfigKey<?> key, Object raw) {
    if (raw == null) {
      return;
    }
    given.add(key);
    try {
      values.put(key, key.type().parser().apply(raw));
    } catch (IllegalArgumentException | ArithmeticException e) {
      String found = key.type().secret() ? "(not shown)" : String.valueOf(raw);
      problem("must be %s: %s=%s".formatted(key.type().range(), key.path(), found));
    }
  }

  private void absent(ConfigKey<?> key) {
    if (key.isRequired()) {
      problem("must be given: %s, %s".formatted(key.path(), key.type().range()));
    } else if (key.defaultValue() != null) {
      values.put(key, key.defaultValue());
    }
  }

  /**
   * The known name that is most alike, as a whole or, for a key in the wrong section, at its end.
   */
  private String nearest(String path) {
    return Stream.concat(keys.keySet().stream(), sections.stream())
        .min(
            Comparator.comparingInt(
                    (String name) ->
                        Math.min(distance(path, name), distance(end(path), end(name)) + 1))
                .thenComparingInt(name -> distance(path, name))
                .thenComparing(Comparator.naturalOrder()))
        .orElseThrow();
  }

  private static String end(String path) {
    return path.substring(path.lastIndexOf('.') + 1);
  }

  /** Levenshtein's: how many characters to insert, delete or replace. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
