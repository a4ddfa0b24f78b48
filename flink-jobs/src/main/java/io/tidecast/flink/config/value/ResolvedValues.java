package io.tidecast.flink.config.value;

import io.tidecast.flink.secret.ReferenceText;
import io.tidecast.flink.secret.Secrets;
import io.tidecast.flink.secret.UnresolvedException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Puts what references stand for into the values of a job file, and keeps it out of what is said
 * about them. One thread uses it.
 */
final class ResolvedValues {

  /** Shorter text may stand in a sentence by chance, and is no secret. */
  private static final int SHORTEST_HIDDEN = 3;

  /** No value is nested deeper; what is may be a circle. */
  private static final int DEEPEST = 4;

  private final Secrets secrets;
  private final Map<String, String> hidden = new LinkedHashMap<>();

  ResolvedValues(Secrets secrets) {
    this.secrets = secrets;
  }

  /** Says whether a value, or one within it, has a reference. */
  static boolean hasReferences(@Nullable Object raw) {
    return hasReferences(raw, 0);
  }

  private static boolean hasReferences(@Nullable Object raw, int depth) {
    if (raw instanceof String text) {
      return ReferenceText.isIn(text);
    }
    return children(raw, depth).stream().anyMatch(one -> hasReferences(one, depth + 1));
  }

  private static Collection<?> children(@Nullable Object raw, int depth) {
    if (depth >= DEEPEST) {
      return List.of();
    }
    if (raw instanceof Map<?, ?> map) {
      return map.values();
    }
    return raw instanceof List<?> list ? list : List.of();
  }

  /**
   * Returns the value with what its references stand for.
   *
   * @param typed whether text that had a reference becomes what it would be without quotes
   * @throws IllegalArgumentException if something begins like a reference and is none
   * @throws UnresolvedException if nothing is behind one
   */
  @Nullable Object resolve(@Nullable Object raw, boolean typed) throws UnresolvedException {
    return resolve(raw, typed, 0);
  }

  private @Nullable Object resolve(@Nullable Object raw, boolean typed, int depth)
      throws UnresolvedException {
    if (raw instanceof String text) {
      return ReferenceText.isIn(text) ? resolve(text, typed) : text;
    }
    if (depth < DEEPEST && raw instanceof Map<?, ?> map) {
      Map<Object, @Nullable Object> resolved = new LinkedHashMap<>();
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        resolved.put(entry.getKey(), resolve(entry.getValue(), typed, depth + 1));
      }
      return resolved;
    }
    if (depth < DEEPEST && raw instanceof List<?> list) {
      List<@Nullable Object> resolved = new ArrayList<>();
      for (Object one : list) {
        resolved.add(resolve(one, typed, depth + 1));
      }
      return resolved;
    }
    return raw;
  }

  private @Nullable Object resolve(String text, boolean typed) throws UnresolvedException {
    for (ReferenceText.Part part : ReferenceText.of(text).parts()) {
      if (!(part instanceof ReferenceText.Plain)) {
        hidden.put(secrets.resolve(part), part.toString());
      }
    }
    String resolved = secrets.resolve(text);
    return typed ? JobYaml.unquoted(resolved) : resolved;
  }

  /** Puts the references back into a sentence. */
  String withoutValues(String sentence) {
    String shown = sentence;
    for (Map.Entry<String, String> one : hidden.entrySet()) {
      if (one.getKey().length() >= SHORTEST_HIDDEN) {
        shown =
            Pattern.compile("(?<![\\w.-])" + Pattern.quote(one.getKey()) + "(?![\\w-])")
                .matcher(shown)
                .replaceAll(Matcher.quoteReplacement(one.getValue()));
      }
    }
    return shown;
  }
}
