package io.tidecast.flink.config.value;

import static java.util.Objects.requireNonNull;

import io.tidecast.flink.secret.Secrets;
import io.tidecast.flink.secret.UnresolvedException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Holds the values of a job file, each checked by itself. It collects what is wrong instead of
 * stopping at the first problem. One thread uses it.
 */
public final class ConfigValues {

  private final Map<String, ConfigKey<?>> keys = new HashMap<>();
  private final Set<String> sections = new LinkedHashSet<>();
  private final Map<ConfigKey<?>, Object> values = new HashMap<>();
  private final Set<ConfigKey<?>> given = new HashSet<>();

  /**
   * Has the keys and sections that are in the file in such a way that nothing is known of their
   * values.
   */
  private final Set<String> unreadable = new HashSet<>();

  private final List<String> problems = new ArrayList<>();
  private final ResolvedValues resolved;

  /** Reads the text of a job file. */
  public ConfigValues(List<ConfigKey<?>> known, String yaml) {
    this(known, yaml, Secrets.ofThisProcess());
  }

  /**
   * Reads the text of a job file.
   *
   * @param secrets what references in the values stand for
   */
  public ConfigValues(List<ConfigKey<?>> known, String yaml, Secrets secrets) {
    resolved = new ResolvedValues(secrets);
    @Nullable Object tree = null;
    try {
      tree = JobYaml.read(yaml);
    } catch (IllegalArgumentException e) {
      problem(String.valueOf(e.getMessage()));
      known.forEach(key -> unreadable.add(key.path()));
    }
    read(known, tree);
  }

  /**
   * Takes the values of a program.
   *
   * @param tree what a job file would hold
   */
  public ConfigValues(List<ConfigKey<?>> known, Map<String, Object> tree) {
    resolved = new ResolvedValues(Secrets.ofThisProcess());
    read(known, tree);
  }

  private void read(List<ConfigKey<?>> known, @Nullable Object tree) {
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

  /**
   * Returns the value or its default. It is null if there is neither, or if the value was refused.
   */
  @SuppressWarnings("unchecked")
  public <T> @Nullable T get(ConfigKey<T> key) {
    return (T) values.get(key);
  }

  /**
   * Returns the value of a key that has one in every file without problems.
   *
   * @throws NullPointerException if it has none; the problems say why
   */
  public <T> T require(ConfigKey<T> key) {
    return requireNonNull(get(key), key.path());
  }

  /** Says whether the file has a value for it, good or not. */
  public boolean isGiven(ConfigKey<?> key) {
    return given.contains(key);
  }

  /**
   * Says whether the file may have a value for a key that it does not seem to have: its name is
   * wrong, or what it is in could not be read. The problem that says so is enough.
   */
  public boolean isUnreadable(ConfigKey<?> key) {
    return unreadable.stream()
        .anyMatch(name -> key.path().equals(name) || key.path().startsWith(name + "."));
  }

  /** Whether the file has no value for it, and says so: what could not be read may have one. */
  public boolean isMissing(ConfigKey<?> key) {
    return !isGiven(key) && !isUnreadable(key);
  }

  /** Says what is wrong. What a reference stands for is taken out of the sentence. */
  public void problem(String sentence) {
    problems.add(resolved.withoutValues(sentence));
  }

  public List<String> problems() {
    return problems;
  }

  private void walk(String prefix, @Nullable Object node) {
    if (node == null) {
      return;
    }
    if (!(node instanceof Map)) {
      String section = prefix.isEmpty() ? "" : prefix.substring(0, prefix.length() - 1);
      unreadable.addAll(section.isEmpty() ? sections : Set.of(section));
      problem("must be a map of keys: %s".formatted(section.isEmpty() ? "the file" : section));
      return;
    }
    ((Map<?, ?>) node).forEach((name, value) -> entry(prefix + name, value));
  }

  private void entry(String path, @Nullable Object value) {
    ConfigKey<?> key = keys.get(path);
    if (key != null) {
      accept(key, value);
    } else if (sections.contains(path)) {
      walk(path + ".", value);
    } else {
      unknown(path, value);
    }
  }

  private void unknown(String path, @Nullable Object value) {
    String remedy = FormerKeys.remedy(path);
    if (remedy != null) {
      problem("must not be given any more: %s; %s".formatted(path, remedy));
      return;
    }
    String nearest = nearest(path);
    boolean misspelt = Misspelling.isLike(path, nearest);
    if (misspelt) {
      unreadable.add(nearest);
    }
    if (value != null || misspelt) {
      problem("unknown key: %s; did you mean %s?".formatted(path, nearest));
    } else {
      // Not its name: it may be the end of a password that has a comma.
      int dot = path.lastIndexOf('.');
      problem(
          "must have a value: a key in %s; text with a comma or a brace needs quotes"
              .formatted(dot < 0 ? "the file" : path.substring(0, dot)));
    }
  }

  private void accept(ConfigKey<?> key, @Nullable Object raw) {
    if (raw == null) {
      return;
    }
    given.add(key);
    if (key.type().display() != ConfigType.Display.NOTHING && ResolvedValues.hasReferences(raw)) {
      acceptResolved(key, raw);
    } else if (key.type().accepts(raw)) {
      values.put(key, key.type().parser().apply(raw));
    } else {
      refuse(key, FoundValue.describe(key.type(), raw));
    }
  }

  /** Takes what YAML would read in the place of the references, or the same as text. */
  private void acceptResolved(ConfigKey<?> key, Object raw) {
    try {
      for (boolean typed : new boolean[] {true, false}) {
        Object found = resolved.resolve(raw, typed);
        if (found != null && key.type().accepts(found)) {
          values.put(key, key.type().parser().apply(found));
          return;
        }
      }
      refuse(key, FoundValue.written(key.type(), raw) + ", whose value is not shown");
    } catch (UnresolvedException | IllegalArgumentException e) {
      problem("%s: %s".formatted(e.getMessage(), key.path()));
    }
  }

  /**
   * Returns a text of a map that keeps its references, such as that of Kafka's properties, with
   * what they stand for; null if that is wrong, and there is a problem more.
   *
   * @param path that names it
   */
  public @Nullable String resolve(String path, String text) {
    try {
      return (String) resolved.resolve(text, false);
    } catch (UnresolvedException | IllegalArgumentException e) {
      problem("%s: %s".formatted(e.getMessage(), path));
      return null;
    }
  }

  private void refuse(ConfigKey<?> key, String found) {
    problem("must be %s: %s=%s".formatted(key.type().range(), key.path(), found));
  }

  private void absent(ConfigKey<?> key) {
    if (key.isRequired()) {
      if (isUnreadable(key)) {
        return;
      }
      String like = key.example() == null ? "" : ", such as " + key.example();
      problem("must be given: %s, %s%s".formatted(key.path(), key.type().range(), like));
    } else if (key.defaultValue() != null) {
      values.put(key, key.defaultValue());
    }
  }

  private String nearest(String path) {
    return Misspelling.nearest(
        path, Stream.concat(keys.keySet().stream(), sections.stream()).toList());
  }
}
