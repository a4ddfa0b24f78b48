package io.tidecast.flink.config.value;

import java.util.Collection;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Says for people what a job file has in place of what a key must be. */
public final class FoundValue {

  /** Finds what stands before the host of a URI, which is a name and maybe a password. */
  private static final Pattern USER = Pattern.compile("//\\S*@");

  private FoundValue() {}

  /**
   * Shows a value that a type has refused. Text is in quotes where it could be taken for a number.
   */
  public static String describe(ConfigType<?> type, Object raw) {
    String shown = written(type, raw);
    if (type.display() == ConfigType.Display.NOTHING) {
      return shown;
    }
    if (type.accepts(each(raw, FoundValue::unquoted))) {
      return shown + ", which is text; leave the quotes out";
    }
    if (type.accepts(each(raw, FoundValue::quoted))) {
      return shown + ", which is %s; put it into quotes".formatted(kind(raw));
    }
    return shown;
  }

  /** Shows a value as it is written, as far as its type lets it be seen. */
  static String written(ConfigType<?> type, Object raw) {
    return type.display() == ConfigType.Display.NOTHING
        ? "(not shown)"
        : USER.matcher(show(raw, type.display(), true)).replaceAll("//***@");
  }

  private static String show(@Nullable Object raw, ConfigType.Display display, boolean outermost) {
    if (raw instanceof String text) {
      boolean clear = text.strip().equals(text) && !text.isEmpty() && JobYaml.staysText(text);
      return clear ? text : '"' + text + '"';
    }
    if (raw instanceof Map<?, ?> map) {
      // Not what is in it: under a wrong key it may be anything.
      return display == ConfigType.Display.MAPS && outermost
          ? map.entrySet().stream()
              .map(entry -> entry.getKey() + "=" + show(entry.getValue(), display, false))
              .collect(Collectors.joining(", ", "{", "}"))
          : "(a map)";
    }
    if (raw instanceof Collection<?> list) {
      return outermost
          ? list.stream()
              .map(one -> show(one, display, false))
              .collect(Collectors.joining(", ", "[", "]"))
          : "(a list)";
    }
    return raw == null || raw instanceof Number || raw instanceof Boolean
        ? String.valueOf(raw)
        : "(something else)";
  }

  private static String kind(Object raw) {
    return raw instanceof Number
        ? "a number and no text"
        : raw instanceof Boolean ? "a flag and no text" : "not all text";
  }

  private static @Nullable Object each(Object raw, UnaryOperator<Object> change) {
    return raw instanceof Collection<?> list
        ? list.stream().map(change).toList()
        : change.apply(raw);
  }

  private static @Nullable Object unquoted(@Nullable Object raw) {
    return raw instanceof String text ? JobYaml.unquoted(text) : raw;
  }

  private static @Nullable Object quoted(@Nullable Object raw) {
    return raw instanceof Number || raw instanceof Boolean ? raw.toString() : raw;
  }
}
