package io.tidecast.deployment;

import static io.tidecast.deployment.Repository.list;
import static io.tidecast.deployment.Repository.map;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.flink.ForecastJob;
import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.config.JobFile;
import io.tidecast.flink.sink.PostgresSettings;
import io.tidecast.flink.sink.SinkSettings;
import io.tidecast.metrics.PrometheusReporterFactory;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import kafka.server.KafkaConfig;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.runtime.entrypoint.parser.CommandLineParser;
import org.apache.flink.runtime.entrypoint.parser.ParserResultFactory;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComposeTest {
  private static final String JOB = "deployment/compose/job.yaml";

  /** What Avro and Protobuf are tested with. */
  private static final String REGISTRY =
      "flink-jobs/src/test/java/io/tidecast/flink/testing/RealRegistry.java";

  /** Keys of the Compose specification that the file uses; another one is most likely a typo. */
  private static final Set<String> KEYS =
      Set.of(
          "image",
          "build",
          "command",
          "depends_on",
          "deploy",
          "entrypoint",
          "environment",
          "healthcheck",
          "networks",
          "ports",
          "profiles",
          "volumes");

  private static final Set<String> CONDITIONS =
      Set.of("service_started", "service_healthy", "service_completed_successfully");

  private final Map<String, Object> compose = Compose.read();
  private final Map<String, Object> services = Compose.services();

  @TempDir private Path folder;

  private Stream<Map<String, Object>> each() {
    return services.values().stream().map(Repository::map);
  }

  private static List<Object> of(Map<String, Object> service, String key) {
    return service.containsKey(key) ? list(service.get(key)) : List.of();
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
    Map<String, String> versions = Compose.environment();
    assertThat(versions)
        .containsEntry("TIDECAST_VERSION", Repository.property("version"))
        .containsEntry("KAFKA_VERSION", Repository.property("kafka.version"));
    assertThat(Repository.text(REGISTRY))
        .contains("VERSION = \"" + versions.get("APICURIO_VERSION") + "\"");
    assertThat(Repository.text("postgres/pom.xml"))
        .contains("<newest-postgres.version>" + versions.get("POSTGRES_VERSION") + ".");
    assertThat(Repository.text("grafana/types/package.json"))
        .contains("@grafana/schema@" + versions.get("GRAFANA_VERSION").replaceFirst("\\d+$", ""));
    assertThat(Repository.text("Dockerfile"))
        .contains("FROM flink:" + Repository.property("flink.version") + "-java17");
    assertThat(Repository.text("Dockerfile.cli")).contains("FROM eclipse-temurin:17-jre");
  }

  /** A version stands in .env alone, so that it is changed in one place. */
  @Test
  void shouldHaveItsVersionsFromOnePlace() {
    assertThat(
            Repository.text(Compose.FILE)
                .lines()
                .map(String::strip)
                .filter(line -> line.startsWith("image: ")))
        .hasSize(services.size())
        .allMatch(line -> line.matches("image: [a-z/-]+:v?\\$\\{[A-Z]+_VERSION}"));
    assertThat(each().map(service -> (String) service.get("image")))
        .allMatch(image -> image.matches("[a-z/-]+:v?\\d[\\w.-]*"));
  }

  @Test
  void shouldNotTakeAllOfTheMachine() {
    services.forEach(
        (name, service) -> {
          Map<String, Object> limits = limits(map(service));
          assertThat(limits).as(name).containsOnlyKeys("cpus", "memory");
        });
    for (String service : List.of("jobmanager", "taskmanager")) {
      MemorySize all =
          MemorySize.parse(Compose.flinkProperties(service).get(service + ".memory.process.size"));
      assertThat(memory(service)).as(service).isGreaterThan(all);
    }
    assertThat(memory("copier"))
        .as("what the launcher gives the heap, and more")
        .isGreaterThan(MemorySize.parse("1g"));
    assertThat(Repository.text("distribution/src/main/bin/tidecast")).contains(" -Xmx1g ");
    MemorySize together =
        services.keySet().stream()
            .filter(name -> !name.equals("taskmanager-gpu"))
            .map(this::memory)
            .reduce(MemorySize.ZERO, MemorySize::add);
    assertThat(together).isEqualTo(MemorySize.ofMebiBytes(10_752));
    assertThat(Repository.text("docs/how-to/deploy.md"))
        .contains("those of memory are 10.5 GiB together");
  }

  private static Map<String, Object> limits(Map<String, Object> service) {
    return map(map(map(service.get("deploy")).get("resources")).get("limits"));
  }

  private MemorySize memory(String service) {
    return MemorySize.parse((String) limits(map(services.get(service))).get("memory"));
  }

  /** What ends, or has nobody who waits for it, is not asked. */
  @Test
  void shouldAskEveryServerWhetherItIsWell() {
    assertThat(services.keySet())
        .filteredOn(name -> !map(services.get(name)).containsKey("healthcheck"))
        .containsExactlyInAnyOrder("topics", "producer");
    services.values().stream()
        .map(service -> map(service).getOrDefault("depends_on", List.of()))
        .filter(Map.class::isInstance)
        .forEach(
            needed ->
                map(needed)
                    .forEach(
                        (name, how) -> {
                          if (map(how).get("condition").equals("service_healthy")) {
                            assertThat(map(services.get(name))).containsKey("healthcheck");
                          }
                        }));
  }

  @Test
  void shouldRunTheModelOnAProcessorUnlessAskedOtherwise() {
    assertThat(Compose.environment()).containsEntry("COMPOSE_PROFILES", "cpu");
    assertThat(map(services.get("taskmanager"))).containsEntry("profiles", List.of("cpu"));
    Map<String, Object> gpu = map(services.get("taskmanager-gpu"));
    assertThat(gpu)
        .containsEntry("profiles", List.of("gpu"))
        .containsEntry("command", map(services.get("taskmanager")).get("command"));
    Map<String, Object> build = map(gpu.get("build"));
    assertThat(build).containsEntry("dockerfile", "Dockerfile.gpu");
    assertThat(map(build.get("args")))
        .containsOnly(Map.entry("BASE", map(services.get("jobmanager")).get("image")));
    assertThat(Repository.text("Dockerfile.gpu")).contains("ARG BASE=", "FROM ${BASE}");
    Map<String, Object> resources = map(map(gpu.get("deploy")).get("resources"));
    assertThat(list(map(resources.get("reservations")).get("devices")))
        .containsExactly(Map.of("driver", "nvidia", "count", 1, "capabilities", List.of("gpu")));
    assertThat(services.values().stream().filter(one -> map(one).containsKey("profiles")))
        .hasSize(2);
  }

  /**
   * The job of Flink's and the copier have one job file, and the database its user and password.
   */
  @Test
  void shouldCopyIntoTheDatabaseThatItStarts() throws Exception {
    PostgresSettings settings =
        JobFile.load(Repository.jobFile(JOB, folder, "kafka:9092")).postgres();
    Map<String, Object> database = Compose.environment("postgres");
    assertThat(settings.url()).isEqualTo("jdbc:postgresql://postgres:5432/tidecast");
    assertThat(database)
        .containsEntry("POSTGRES_DB", "tidecast")
        .containsEntry("POSTGRES_USER", settings.user());
    assertThat(Repository.text(JOB)).contains("  password: ${POSTGRES_PASSWORD}\n");
    assertThat(Compose.environment("copier"))
        .containsEntry("POSTGRES_PASSWORD", database.get("POSTGRES_PASSWORD"));
    assertThat(Compose.environment("grafana"))
        .containsEntry("TIDECAST_POSTGRES", "postgres:5432")
        .containsEntry("TIDECAST_POSTGRES_DATABASE", "tidecast")
        .containsEntry("TIDECAST_POSTGRES_USER", "grafana")
        .containsEntry("TIDECAST_POSTGRES_PASSWORD", database.get("GRAFANA_POSTGRES_PASSWORD"));
    assertThat(of(map(services.get("postgres")), "volumes"))
        .contains(
            "./deployment/compose/grafana-user.sh:/docker-entrypoint-initdb.d/grafana-user.sh:ro");
    assertThat(map(services.get("postgres")))
        .as("nobody but the containers reaches it")
        .doesNotContainKey("ports");
    assertThat(list(map(services.get("copier")).get("command")))
        .containsExactly("postgres", "--config", "/etc/tidecast/job.yaml");
    assertThat(of(map(services.get("copier")), "volumes"))
        .contains("./" + JOB + ":/etc/tidecast/job.yaml:ro");
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
                // Of the script that starts it.
                .filter(name -> !name.equals("KAFKA_HEAP_OPTS"))
                .map(name -> name.substring(6).toLowerCase(Locale.ROOT).replace('_', '.')))
        .isNotEmpty()
        .isSubsetOf(known);
  }

  @Test
  void shouldGiveFlinkSettingsThatItKnows() {
    for (String service : List.of("jobmanager", "taskmanager", "taskmanager-gpu")) {
      Map<String, String> properties = Compose.flinkProperties(service);
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
    assertThat(Compose.topics())
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
    String port = Compose.flinkProperties("taskmanager").get("metrics.reporter.prometheus.port");
    String copier = (String) map(Repository.yaml(JOB).get("postgres")).get("metrics-address");
    assertThat(list(map(list(scrape.get("static_configs")).get(0)).get("targets")))
        .containsExactlyInAnyOrder(
            "jobmanager:" + port,
            "taskmanager:" + port,
            "copier:" + copier.substring(copier.indexOf(':') + 1));
    assertThat(copier).startsWith("0.0.0.0:");
    // With a GPU it has another name of its own, and the same one besides.
    assertThat(map(map(map(services.get("taskmanager-gpu")).get("networks")).get("default")))
        .containsEntry("aliases", List.of("taskmanager"));
    assertThat(Compose.flinkProperties("taskmanager"))
        .containsEntry("metrics.reporter.prometheus.host", "0.0.0.0");
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
