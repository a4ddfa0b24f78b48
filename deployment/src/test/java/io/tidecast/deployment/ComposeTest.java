package io.tidecast.deployment;

import static io.tidecast.deployment.Repository.list;
import static io.tidecast.deployment.Repository.map;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.flink.ForecastJob;
import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.config.JobFile;
import io.tidecast.flink.sink.SinkSettings;
import io.tidecast.metrics.PrometheusReporterFactory;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import kafka.server.KafkaConfig;
import org.apache.flink.runtime.entrypoint.parser.CommandLineParser;
import org.apache.flink.runtime.entrypoint.parser.ParserResultFactory;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComposeTest {
  private static final String FILE = "docker-compose.yml";
  private static final String JOB = "deployment/compose/job.yaml";

  /** Keys of the Compose specification that the file uses; another one is most likely a typo. */
  private static final Set<String> KEYS =
      Set.of(
          "image",
          "build",
          "command",
          "depends_on",
          "entrypoint",
          "environment",
          "healthcheck",
          "ports",
          "volumes");

  private static final Set<String> CONDITIONS =
      Set.of("service_started", "service_healthy", "service_completed_successfully");

  private final Map<String, Object> compose = Repository.yaml(FILE);
  private final Map<String, Object> services = map(compose.get("services"));

  @TempDir private Path folder;

  private Stream<Map<String, Object>> each() {
    return services.values().stream().map(Repository::map);
  }

  private static List<Object> of(Map<String, Object> service, String key) {
    return service.containsKey(key) ? list(service.get(key)) : List.of();
  }

  private static Map<String, String> flinkProperties(Map<String, Object> service) {
    Map<String, String> properties = new LinkedHashMap<>();
    String text = (String) map(service.get("environment")).get("FLINK_PROPERTIES");
    text.lines().map(line -> line.split(": ", 2)).forEach(pair -> properties.put(pair[0], pair[1]));
    return properties;
  }

  static Map<String, String> flinkProperties() {
    return flinkProperties(map(map(Repository.yaml(FILE).get("services")).get("taskmanager")));
  }

  @Test
  void shouldUseWhatComposeKnows() {
    assertThat(compose).containsOnlyKeys("name", "services", "volumes");
    each().forEach(service -> assertThat(KEYS).containsAll(service.keySet()));
    each()
        .filter(service -> service.get("depends_on") instanceof Map)
        .flatMap(service -> map(service.get("depends_on")).values().stream())
        .forEach(
            needed ->
                assertThat(map(needed))
                    .hasSize(1)
                    .hasEntrySatisfying("condition", c -> assertThat(c).isIn(CONDITIONS)));
    for (Map<String, Object> service : each().toList()) {
      Object needed = service.getOrDefault("depends_on", List.of());
      assertThat(services.keySet())
          .containsAll(
              needed instanceof Map
                  ? map(needed).keySet()
                  : list(needed).stream().map(String::valueOf).toList());
    }
  }

  @Test
  void shouldMountWhatIsThere() {
    Set<String> declared = map(compose.get("volumes")).keySet();
    Set<String> named = new TreeSet<>();
    each()
        .flatMap(service -> of(service, "volumes").stream())
        .map(volume -> ((String) volume).split(":")[0])
        .forEach(
            source -> {
              if (source.startsWith("./")) {
                assertThat(Repository.ROOT.resolve(source)).exists();
              } else {
                named.add(source);
              }
            });
    assertThat(named).isEqualTo(new TreeSet<>(declared));
  }

  @Test
  void shouldListenOnThisMachineAlone() {
    assertThat(each().flatMap(service -> of(service, "ports").stream()))
        .isNotEmpty()
        .allMatch(port -> ((String) port).matches("127\\.0\\.0\\.1:\\d+:\\d+"));
  }

  @Test
  void shouldPinTheVersionsOfTheBuild() {
    List<String> images = each().map(service -> (String) service.get("image")).toList();
    assertThat(images).allMatch(image -> image.matches("[a-z/-]+:v?\\d[\\w.-]*"));
    assertThat(images)
        .contains(
            "apache/kafka:" + Repository.property("kafka.version"),
            "tidecast-flink:" + Repository.property("version"));
    assertThat(Repository.text("Dockerfile"))
        .contains("FROM flink:" + Repository.property("flink.version") + "-java17");
  }

  @Test
  void shouldGiveKafkaSettingsThatItKnows() {
    Map<String, Object> environment = map(map(services.get("kafka")).get("environment"));
    assertThat(Uuid.fromString((String) environment.get("CLUSTER_ID")))
        .isNotEqualTo(Uuid.ZERO_UUID);
    Set<String> known = new TreeSet<>();
    KafkaConfig.configNames().foreach(known::add);
    assertThat(
            environment.keySet().stream()
                .filter(name -> name.startsWith("KAFKA_"))
                .map(name -> name.substring(6).toLowerCase(Locale.ROOT).replace('_', '.')))
        .isNotEmpty()
        .isSubsetOf(known);
  }

  @Test
  void shouldGiveFlinkSettingsThatItKnows() {
    for (String service : List.of("jobmanager", "taskmanager")) {
      Map<String, String> properties = flinkProperties(map(services.get(service)));
      assertThat(Repository.unknownToFlink(properties.keySet())).isEmpty();
      assertThat(services).containsKey(properties.get("jobmanager.rpc.address"));
      assertThat(properties)
          .containsEntry(
              "metrics.reporter.prometheus.factory.class",
              PrometheusReporterFactory.class.getName());
    }
    assertThat(Repository.unknownToFlink(Set.of("taskmanager.numberOfTaskslots")))
        .as("a typo is seen")
        .isNotEmpty();
  }

  /** With Flink's own parser, to which the image's script gives the folder of its settings. */
  @Test
  void shouldGiveTheJobItsArguments() throws Exception {
    List<Object> command = list(map(services.get("jobmanager")).get("command"));
    assertThat(command.get(0)).isEqualTo("standalone-job");
    List<String> words = new ArrayList<>(List.of("--configDir", "/opt/flink/conf"));
    command.stream().skip(1).map(String::valueOf).forEach(words::add);
    Object parsed = parse(words);
    assertThat(get(parsed, "getConfigDir")).isEqualTo("/opt/flink/conf");
    assertThat(get(parsed, "getJobClassName")).isEqualTo(ForecastJob.class.getName());
    assertThat((String[]) get(parsed, "getArgs"))
        .containsExactly("--config", "/opt/tidecast/job.yaml");
    assertThat(of(map(services.get("jobmanager")), "volumes"))
        .contains("./" + JOB + ":/opt/tidecast/job.yaml:ro");
  }

  @SuppressWarnings("unchecked")
  private static Object parse(List<String> words) throws Exception {
    Constructor<?> factory =
        Class.forName(
                "org.apache.flink.container.entrypoint.StandaloneApplicationClusterConfigurationParserFactory")
            .getDeclaredConstructor();
    factory.setAccessible(true);
    return new CommandLineParser<>((ParserResultFactory<Object>) factory.newInstance())
        .parse(words.toArray(String[]::new));
  }

  private static Object get(Object parsed, String getter) throws Exception {
    Class<?> type = parsed.getClass();
    while (true) {
      try {
        Method method = type.getDeclaredMethod(getter);
        method.setAccessible(true);
        return method.invoke(parsed);
      } catch (NoSuchMethodException e) {
        type = type.getSuperclass();
      }
    }
  }

  @Test
  void shouldCreateTheTopicsOfTheJob() throws Exception {
    JobConfig job = JobFile.load(Repository.jobFile(JOB, folder, "kafka:9092"));
    SinkSettings.Kafka sink = (SinkSettings.Kafka) job.sink();
    assertThat(Repository.composeTopics())
        .containsExactlyInAnyOrder(
            "demand",
            sink.topic(),
            sink.shadowTopic(),
            job.deadLetters().topic(),
            job.cells().topic(),
            job.scores().topic(),
            job.anomalies().topic(),
            job.commands().topic(),
            job.commands().eventsTopic());
    assertThat(Repository.text(JOB)).contains("  topic: demand\n");
    assertThat((String) of(map(services.get("producer")), "command").get(0))
        .endsWith("--topic demand");
  }

  @Test
  void shouldScrapeEveryProcessOfFlink() {
    Map<String, Object> scrape =
        map(
            list(Repository.yaml("deployment/compose/prometheus.yml").get("scrape_configs"))
                .get(0));
    String port = flinkProperties().get("metrics.reporter.prometheus.port");
    assertThat(list(map(list(scrape.get("static_configs")).get(0)).get("targets")))
        .containsExactlyInAnyOrder("jobmanager:" + port, "taskmanager:" + port);
    assertThat(flinkProperties()).containsEntry("metrics.reporter.prometheus.host", "0.0.0.0");
  }

  @Test
  void shouldGivePrometheusTheAlerts() {
    assertThat(of(map(services.get("prometheus")), "volumes"))
        .contains("./grafana/alerts:/etc/prometheus/alerts:ro");
    assertThat(list(Repository.yaml("deployment/compose/prometheus.yml").get("rule_files")))
        .containsExactly("/etc/prometheus/alerts/*.yaml");
  }

  @Test
  void shouldProvisionTheDashboards() {
    String provisioned =
        (String)
            map(map(list(Repository.yaml("grafana/provisioning/dashboards/tidecast.yaml")
                            .get("providers"))
                        .get(0))
                    .get("options"))
                .get("path");
    assertThat(of(map(services.get("grafana")), "volumes"))
        .contains(
            "./grafana/dashboards:" + provisioned + ":ro",
            "./grafana/provisioning:/etc/grafana/provisioning:ro");
    Map<String, Object> prometheus = dataSource("prometheus");
    assertThat(prometheus).containsEntry("url", "http://prometheus:9090");
    Map<String, Object> postgresql = dataSource("postgresql");
    Map<String, Object> environment = map(map(services.get("grafana")).get("environment"));
    assertThat(Repository.text("grafana/provisioning/datasources/postgresql.yaml").split("\\$"))
        .hasSizeGreaterThan(4);
    Pattern.compile("\\$(\\w+)")
        .matcher(Repository.text("grafana/provisioning/datasources/postgresql.yaml"))
        .results()
        .forEach(variable -> assertThat(environment).containsKey(variable.group(1)));
    Set<String> known =
        Set.of(
            "prometheus " + prometheus.get("uid"),
            postgresql.get("type") + " " + postgresql.get("uid"));
    assertThat(Dashboards.all())
        .hasSize(4)
        .allSatisfy(one -> assertThat(known).containsAll(one.dataSources()));
  }

  private static Map<String, Object> dataSource(String name) {
    return map(
        list(Repository.yaml("grafana/provisioning/datasources/" + name + ".yaml")
                .get("datasources"))
            .get(0));
  }
}
