package io.tidecast.deployment;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** docker-compose.yml, with the values of .env in it. */
final class Compose {
  static final String FILE = "docker-compose.yml";

  /** What Compose takes from its environment; {@code $$} is a dollar. */
  private static final Pattern VARIABLE = Pattern.compile("\\$(\\$|\\{(\\w+)})");

  private Compose() {}

  /** The values of .env. */
  static Map<String, String> environment() {
    Map<String, String> values = new LinkedHashMap<>();
    Repository.text(".env")
        .lines()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .map(line -> line.split("=", 2))
        .forEach(pair -> values.put(pair[0], pair[1]));
    return values;
  }

  /** The whole file. */
  static Map<String, Object> read() {
    Map<String, String> values = environment();
    String text = VARIABLE.matcher(Repository.text(FILE)).replaceAll(found -> value(found, values));
    return Repository.parse(text).get(0);
  }

  private static String value(MatchResult found, Map<String, String> values) {
    String name = found.group(2);
    if (name == null) {
      return Matcher.quoteReplacement("$");
    }
    if (!values.containsKey(name)) {
      throw new AssertionError(".env must say what " + FILE + " asks of it: " + name);
    }
    return Matcher.quoteReplacement(values.get(name));
  }

  /** The services, by their names, with what they have in common with others. */
  static Map<String, Object> services() {
    Map<String, Object> services = Repository.map(read().get("services"));
    services.replaceAll((name, service) -> merged(Repository.map(service)));
    return services;
  }

  private static Map<String, Object> merged(Map<String, Object> service) {
    Object common = service.remove("<<");
    if (common != null) {
      Repository.map(common).forEach(service::putIfAbsent);
    }
    return service;
  }

  static Map<String, Object> service(String name) {
    Object service = services().get(name);
    if (service == null) {
      throw new AssertionError(FILE + " has no service " + name);
    }
    return Repository.map(service);
  }

  /** What a service has in its environment. */
  static Map<String, Object> environment(String service) {
    return Repository.map(service(service).get("environment"));
  }

  /** The settings that a service gives Flink. */
  static Map<String, String> flinkProperties(String service) {
    Map<String, String> properties = new LinkedHashMap<>();
    String text = (String) environment(service).get("FLINK_PROPERTIES");
    text.lines().map(line -> line.split(": ", 2)).forEach(pair -> properties.put(pair[0], pair[1]));
    return properties;
  }

  /** The command by which Compose finds whether a service is well. */
  static List<String> healthCheck(String service) {
    List<Object> test =
        Repository.list(Repository.map(service(service).get("healthcheck")).get("test"));
    if (!test.get(0).equals("CMD")) {
      throw new AssertionError(service + " must be asked without a shell: " + test);
    }
    return test.stream().skip(1).map(String::valueOf).toList();
  }

  /** The topics that it makes. */
  static List<String> topics() {
    Matcher names =
        Pattern.compile("for topic in ([^;]+);")
            .matcher((String) Repository.list(service("topics").get("command")).get(0));
    if (!names.find()) {
      throw new AssertionError(FILE + " makes no topics");
    }
    return List.of(names.group(1).split(" "));
  }
}
