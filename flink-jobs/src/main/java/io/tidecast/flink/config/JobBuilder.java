package io.tidecast.flink.config;

import io.tidecast.flink.config.schema.SchemaLookup;
import io.tidecast.flink.config.value.ConfigValues;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes a job in a program. It goes by the keys of the job file, so a program has the same rules,
 * the same defaults and the same page of reference; an example:
 *
 * <pre>{@code
 * JobConfig.builder()
 *     .set("kafka.bootstrap-servers", "broker-1:9092")
 *     .set("source.topic", "meter-readings")
 *     .set("series.step", "30min")
 *     .set("model.path", "models/zoo/patchtst-uk-demand/1")
 *     .build();
 * }</pre>
 *
 * <p>One thread.
 */
public final class JobBuilder {

  private final Map<String, Object> tree = new LinkedHashMap<>();

  JobBuilder() {}

  /**
   * Gives a key its value; a value given before is replaced.
   *
   * @param path of the key, such as {@code series.step}
   * @param value what YAML would hold: text, a number, a boolean, a list or a map of those.
   *     Anything else, such as a path, counts as its text; null takes the key away
   */
  public JobBuilder set(String path, @Nullable Object value) {
    Map<String, Object> section = tree;
    String[] names = path.split("\\.", -1);
    for (int i = 0; i < names.length - 1; i++) {
      section = section(section, names[i]);
    }
    String last = names[names.length - 1];
    if (value == null) {
      section.remove(last);
    } else {
      section.put(last, plain(value));
    }
    return this;
  }

  /**
   * The job.
   *
   * @throws ConfigException naming everything that is wrong
   */
  public JobConfig build() {
    return JobFile.config(new ConfigValues(ConfigKeys.ALL, tree), SchemaLookup::open);
  }

  @SuppressWarnings("unchecked") // No section is made anywhere else.
  private static Map<String, Object> section(Map<String, Object> above, String name) {
    return (Map<String, Object>)
        above.compute(
            name, (key, kept) -> kept instanceof Map ? kept : new LinkedHashMap<String, Object>());
  }

  private static Object plain(Object value) {
    return value instanceof Number
            || value instanceof Boolean
            // Not anything that can be iterated: a path is its names.
            || value instanceof Collection
            || value instanceof Map
        ? value
        : value.toString();
  }
}
