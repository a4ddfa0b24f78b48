package io.tidecast.deployment;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.apache.flink.configuration.BlobServerOptions;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.ExternalResourceOptions;
import org.apache.flink.configuration.HighAvailabilityOptions;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.MetricOptions;
import org.apache.flink.configuration.NettyShuffleEnvironmentOptions;
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
    return parse(text(file));
  }

  /** Every document of YAML text. */
  static List<Map<String, Object>> parse(String yaml) {
    Load load = new Load(LoadSettings.builder().setAllowDuplicateKeys(false).build());
    return StreamSupport.stream(load.loadAllFromString(yaml).spliterator(), false)
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

  /** A job file with the paths and brokers of this machine in the place of the image's. */
  static Path jobFile(String file, Path folder, String brokers) throws IOException {
    return jobFileOf(text(file), folder, brokers);
  }

  /** A job file of a text, with the paths and brokers of this machine. */
  static Path jobFileOf(String job, Path folder, String brokers) throws IOException {
    String text =
        job.replace(MODELS, ROOT.resolve("models/zoo").toString())
            .replace("file:///var/lib/tidecast", folder.toUri().toString())
            .replace("kafka:9092", brokers);
    return Files.writeString(folder.resolve("job.yaml"), text);
  }

  /** Files that a setting of a job file names. */
  static List<String> filesNamed(String setting) {
    return Pattern.compile("/etc/tidecast/[\\w./-]+")
        .matcher(setting)
        .results()
        .map(MatchResult::group)
        .toList();
  }

  /** The block of a page that begins with a line. */
  static String block(String page, String line) {
    String text = text(page);
    int begin = text.indexOf("\n" + line + "\n") + 1;
    if (begin == 0) {
      throw new AssertionError(page + " has no block that begins with " + line);
    }
    return text.substring(begin, text.indexOf("```", begin));
  }

  /** Settings that Flink does not know, and those of a reporter that are not the reporter's. */
  static Set<String> unknownToFlink(Set<String> settings) {
    Set<String> unknown = new TreeSet<>(settings);
    unknown.removeAll(flinkOptions().keySet());
    unknown.removeIf(
        key -> key.matches("metrics\\.reporter\\.prometheus\\.(factory\\.class|host|port)"));
    return unknown;
  }

  /** The options of Flink that files here set, by their keys. */
  static Map<String, ConfigOption<?>> flinkOptions() {
    Map<String, ConfigOption<?>> found = new TreeMap<>();
    for (Class<?> options :
        List.of(
            BlobServerOptions.class,
            CheckpointingOptions.class,
            CoreOptions.class,
            ExternalResourceOptions.class,
            HighAvailabilityOptions.class,
            JobManagerOptions.class,
            MetricOptions.class,
            NettyShuffleEnvironmentOptions.class,
            RestOptions.class,
            StateBackendOptions.class,
            TaskManagerOptions.class)) {
      for (Field field : options.getFields()) {
        if (Modifier.isStatic(field.getModifiers()) && field.getType() == ConfigOption.class) {
          ConfigOption<?> option = (ConfigOption<?>) value(field);
          found.put(option.key(), option);
        }
      }
    }
    return found;
  }

  private static Object value(Field field) {
    try {
      return field.get(null);
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }
}
