package io.tidecast.flink.config;

import static java.util.Objects.requireNonNull;

/**
 * One key of the job file with all there is to say about it: what reads the file and what writes
 * the reference page use the same words.
 *
 * @param path of the key, sections separated by dots
 * @param whenAbsent says for people what holds then; null when the key is required
 * @param defaultValue null when the key is required, or when its default follows from elsewhere
 * @param meaning a sentence or two
 */
public record ConfigKey<T>(
    String path, ConfigType<T> type, String whenAbsent, T defaultValue, String meaning) {

  public ConfigKey {
    requireNonNull(path, "path is null");
    requireNonNull(type, "type is null");
    requireNonNull(meaning, "meaning is null");
  }

  static <T> ConfigKey<T> required(String path, ConfigType<T> type, String meaning) {
    return new ConfigKey<>(path, type, null, null, meaning);
  }

  /** A key whose default is written the way a user would write it. */
  static <T> ConfigKey<T> optional(
      String path, ConfigType<T> type, Object defaultText, String meaning) {
    T value = type.parser().apply(defaultText);
    return new ConfigKey<>(path, type, "`" + defaultText + "`", value, meaning);
  }

  /** A key that may be absent, with a default that other keys or the model decide. */
  static <T> ConfigKey<T> derived(
      String path, ConfigType<T> type, String whenAbsent, String meaning) {
    return new ConfigKey<>(path, type, whenAbsent, null, meaning);
  }

  boolean isRequired() {
    return whenAbsent == null;
  }
}
