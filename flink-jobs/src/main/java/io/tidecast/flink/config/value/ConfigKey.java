package io.tidecast.flink.config.value;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * One key of the job file with all there is to say about it. What reads the file and what writes
 * the reference page use the same words.
 *
 * @param path of the key, sections separated by dots
 * @param whenAbsent says for people what holds then; null when the key is required
 * @param defaultValue null when the key is required, or when its default follows from elsewhere
 * @param meaning of the key in whole sentences: what a reader can do with it, in which unit
 * @param example of a value as it stands in a job file; null where every value is in the meaning
 */
public record ConfigKey<T>(
    String path,
    ConfigType<T> type,
    @Nullable String whenAbsent,
    @Nullable T defaultValue,
    String meaning,
    @Nullable String example) {

  public ConfigKey {
    requireNonNull(path, "path is null");
    requireNonNull(type, "type is null");
    requireNonNull(meaning, "meaning is null");
  }

  /** A key that every job file must have. */
  public static <T> ConfigKey<T> required(String path, ConfigType<T> type, String meaning) {
    return new ConfigKey<>(path, type, null, null, meaning, null);
  }

  /** A key whose default is written the way a user would write it. */
  public static <T> ConfigKey<T> optional(
      String path, ConfigType<T> type, Object defaultText, String meaning) {
    T value = type.parser().apply(defaultText);
    return new ConfigKey<>(path, type, "`" + defaultText + "`", value, meaning, null);
  }

  /** A key that may be absent, with a default that other keys or the model decide. */
  public static <T> ConfigKey<T> derived(
      String path, ConfigType<T> type, String whenAbsent, String meaning) {
    return new ConfigKey<>(path, type, whenAbsent, null, meaning, null);
  }

  /** The same key with an example of a value, written the way a user would write it. */
  public ConfigKey<T> example(String text) {
    return new ConfigKey<>(path, type, whenAbsent, defaultValue, meaning, text);
  }

  public boolean isRequired() {
    return whenAbsent == null;
  }
}
