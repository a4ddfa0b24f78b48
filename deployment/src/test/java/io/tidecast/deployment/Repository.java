package io.tidecast.deployment;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.HighAvailabilityOptions;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The files of the repository. */
final class Repository {
  static final Path ROOT = Path.of(System.getProperty("tidecast.root"));

  /** The rules of alerts. */
  static final String ALERTS = "grafana/alerts/tidecast.yaml";

  /** The models of the image. */
  private static final String MODELS = "/opt/tidecast/models";

  private Repository() {}

  static String text(String file) {
    try {
      return Files.readString(ROOT.resolve(file));
    } catch (IOException e) {
      throw new AssertionError(file + ": " + e.getMessage(), e);
    }
  }

  /** Every document of a YAML file. */
  static List<Map<String, Object>> documents(String file) {
    Load load = new Load(LoadSettings.builder().setAllowDuplicateKeys(false).build());
    return StreamSupport.stream(load.loadAllFromString(text(file)).spliterator(), false)
        .map(Repository::map)
        .toList();
  }

  static Map<String, Object> yaml(String file) {
    return documents(file).get(0);
  }

  @SuppressWarnings("unchecked")
  static Map<String, Object> map(Object node) {
    return (Map<String, Object>) node;
  }

  @SuppressWarnings("unchecked")
  static List<Object> list(Object node) {
    return (List<Object>) node;
  }

  /** A property of the parent's {@code pom.xml}. */
  static String property(String name) {
    Matcher matcher =
        Pattern.compile("<%s>([^<]+)</%s>".formatted(name, name)).matcher(text("pom.xml"));
    if (!matcher.find()) {
      throw new AssertionError("pom.xml has no " + name);
    }
    return matcher.group(1);
  }

  /** The topics that docker-compose.yml makes. */
  static List<String> composeTopics() {
    Map<String, Object> topics = map(map(yaml("docker-compose.yml").get("services")).get("topics"));
    Matcher names =
        Pattern.compile("for topic in ([^;]+);")
            .matcher((String) list(topics.get("command")).get(0));
    if (!names.find()) {
      throw new AssertionError("docker-compose.yml makes no topics");
    }
    return List.of(names.group(1).split(" "));
  }

  /** A job file with the paths and brokers of this machine in the place of the image's. */
  static Path jobFile(String file, Path folder, String brokers) throws IOException {
    String text =
        text(file)
            .replace(MODELS, ROOT.resolve("models/zoo").toString())
            .replace("file:///var/lib/tidecast", folder.toUri().toString())
            .replace("kafka:9092", brokers);
    return Files.writeString(folder.resolve("job.yaml"), text);
  }

  /** Settings that Flink does not know, and those of a reporter that are not the reporter's. */
  static Set<String> unknownToFlink(Set<String> settings) {
    Set<String> unknown = new TreeSet<>(settings);
    for (Class<?> options :
        List.of(
            CheckpointingOptions.class,
            CoreOptions.class,
            HighAvailabilityOptions.class,
            JobManagerOptions.class,
            RestOptions.class,
            StateBackendOptions.class,
            TaskManagerOptions.class)) {
      for (Field field : options.getFields()) {
        if (Modifier.isStatic(field.getModifiers()) && field.getType() == ConfigOption.class) {
          unknown.remove(((ConfigOption<?>) value(field)).key());
        }
      }
    }
    unknown.removeIf(
        key -> key.matches("metrics\\.reporter\\.prometheus\\.(factory\\.class|host|port)"));
    return unknown;
  }

  private static Object value(Field field) {
    try {
      return field.get(null);
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }
}
