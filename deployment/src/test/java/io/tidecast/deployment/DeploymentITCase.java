package io.tidecast.deployment;

import static io.tidecast.deployment.Repository.map;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidecast.deployment.Dashboards.Dashboard;
import io.tidecast.deployment.Dashboards.Query;
import io.tidecast.flink.ForecastJob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * The job of docker-compose.yml, on this machine, and everything that the dashboards and the alerts
 * ask of it.
 *
 * <p>A command has a model that gives quantiles take the place of that of the file, and another one
 * stand beside it as a shadow. Young series are answered by the baseline, so that there are
 * fallbacks. Metrics show the forecasts that the recipe for KEDA asks for.
 */
@Tag("cluster")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DeploymentITCase {
  private static final long TIMEOUT_NANOS = 300_000_000_000L;
  private static final String SHADOW = "autoformer-uk-demand";
  private static final String OF_QUANTILES = "sundial-uk-demand";
  private static final int BACKLOG_SERIES = 20_000;

  /** Half an hour that begins ten hours ago; a watermark passes what is of earlier. */
  private static final Instant BACKLOG_BEGIN =
      Instant.now().truncatedTo(ChronoUnit.HOURS).minus(Duration.ofHours(10));

  /** Of what the script sends. */
  private static final Instant END = Instant.parse("2000-08-28T00:00:00Z");

  private Path folder;
  private RunningJob job;
  private int sent;

  @BeforeAll
  void start(@TempDir Path files) throws Exception {
    folder = files;
    job =
        RunningJob.start(
            folder,
            text ->
                text.replace("  step: 30min\n", "  step: 30min\n  cold-start: baseline\n")
                        .replace(
                            "  topic: demand-scores\n", "  topic: demand-scores\n  window: 300\n")
                    + KedaRecipeTest.gauges());
    job.send(
        "demand-commands", List.of(command("activate", OF_QUANTILES), command("shadow", SHADOW)));
    await(
        () -> {
          String scrape = job.scrape();
          return RunningJob.sum(scrape, "tidecast_model_switches_total", "") == 1
              && RunningJob.sum(scrape, "tidecast_open_versions", "") == 2;
        },
        "another version and a shadow");
    sent = job.produce();
    job.send("demand", List.of("no JSON"));
    await(
        () -> {
          String scrape = job.scrape();
          return RunningJob.sum(scrape, "tidecast_forecasts_total", "")
                      + RunningJob.sum(scrape, "tidecast_fallback_forecasts_total", "")
                  == sent
              && RunningJob.sum(scrape, "tidecast_model_intervals_total", OF_QUANTILES) > 0;
        },
        "a forecast of every observation");
  }

  @AfterAll
  void end() {
    if (job != null) {
      job.close();
    }
  }

  private static String command(String action, String model) {
    return "{\"action\": \"%s\", \"path\": \"%s\"}"
        .formatted(action, Repository.ROOT.resolve("models/zoo/" + model + "/1"));
  }

  private interface Condition {
    boolean holds() throws Exception;
  }

  private void await(Condition condition, String what) throws Exception {
    long deadline = System.nanoTime() + TIMEOUT_NANOS;
    while (!condition.holds()) {
      job.check();
      if (System.nanoTime() > deadline) {
        throw new AssertionError("there must be " + what + ": " + job.scrape());
      }
      Thread.sleep(200);
    }
  }

  @Test
  @Order(1)
  void shouldForecastAndCount() throws Exception {
    String scrape = job.scrape();
    assertThat(sent).isEqualTo(4_032);
    assertThat(RunningJob.sum(scrape, "tidecast_forecasts_total", "job_name=\"demand\""))
        .isGreaterThan(3_000);
    assertThat(RunningJob.sum(scrape, "tidecast_dead_letters_total", "reason=\"malformed\""))
        .isEqualTo(1);
    assertThat(RunningJob.sum(scrape, "tidecast_model_leads_total", "model=\"" + SHADOW + "\""))
        .as("the shadow is scored")
        .isPositive();
    assertThat(scrape).doesNotContain("series=\"uk\"");
  }

  /** What promtool finds of Tidecast's own metrics is what Prometheus advises against. */
  @Test
  @Order(2)
  void shouldNameMetricsAsPrometheusAdvises() throws Exception {
    String own =
        String.join("\n", job.scrape().lines().filter(line -> line.contains("tidecast_")).toList());
    assertThat(own).contains("tidecast_run_seconds");
    // They are of counters, which is what a series may be of.
    String withoutResets = own.replace("tidecast_counter_resets", "tidecast_resets");
    Prometheus.promtool(withoutResets + "\n", "check", "metrics");
  }

  @Test
  @Order(4)
  void shouldAnswerEveryPromQlOfTheDashboards() throws Exception {
    Prometheus.assume("prometheus");
    List<Query> queries =
        Dashboards.all().stream().flatMap(dashboard -> dashboard.promQl().stream()).toList();
    assertThat(queries).hasSizeGreaterThan(40);
    try (Prometheus prometheus =
        Prometheus.start(
            folder.resolve("dashboards"), job.port(), Repository.text(Repository.ALERTS))) {
      Map<String, String> asked = new TreeMap<>();
      for (Query query : queries) {
        // Of a cluster in one JVM, Flink counts the process as the JobManager's.
        String text =
            PromQl.asked(query.text())
                .replace("flink_taskmanager_Status", "flink_jobmanager_Status");
        asked.put(text, query.toString());
        PromQl.selectors(text).forEach(selector -> asked.put(selector, query.toString()));
      }
      for (String rule : Alerts.expressions()) {
        PromQl.selectors(rule).forEach(selector -> asked.put(selector, "rule " + rule));
      }
      // The series that the recipe for KEDA scales by is of now, or nothing would be forecast of
      // soon.
      job.send("demand", observations(1, BACKLOG_BEGIN, KedaRecipeTest.SERIES));
      asked.put(
          KedaRecipeTest.query().replace("\"" + KedaRecipeTest.JOB + "\"", "\"demand\""), "KEDA");
      // Dead letters and skipped windows are shown while they come.
      await(
          () -> {
            job.send("demand", List.of("no JSON"));
            Thread.sleep(500);
            for (String text : List.copyOf(asked.keySet())) {
              if (!prometheus.query(text).isEmpty()) {
                asked.remove(text);
              }
            }
            return asked.isEmpty();
          },
          "an answer to " + asked);
      assertThat(asked.values()).isEmpty();
    }
  }

  @Test
  @Order(3)
  void shouldAnswerEverySqlOfTheDashboards() throws Exception {
    try (GrafanaDatabase database = GrafanaDatabase.of(job, image("Dockerfile.cli"))) {
      assertThat(database.said()).contains("to PostgreSQL at 127.0.0.1:").doesNotContain("WARN");
      for (Dashboard dashboard : Dashboards.all()) {
        GrafanaSql variables = variables(dashboard, database);
        for (Query query : dashboard.sql()) {
          assertAnswered(query, database.rows(variables.in(query.text())));
        }
      }
    }
  }

  /** There are rows, and each column has a value in one of them. */
  private static void assertAnswered(Query query, List<List<String>> rows) {
    assertThat(rows).as(query.toString()).isNotEmpty();
    // Of an event, what comes after the model is there for some kinds alone.
    int columns = query.name().equals("Events A") ? 4 : rows.get(0).size();
    for (int column = 0; column < columns; column++) {
      int at = column;
      assertThat(rows).as("column %d of %s", column, query).anyMatch(row -> row.get(at) != null);
    }
  }

  /** What Grafana chooses first: of a list the first, of several all, and of fixed ones theirs. */
  private static GrafanaSql variables(Dashboard dashboard, GrafanaDatabase database)
      throws SQLException {
    Map<String, List<String>> values = new HashMap<>();
    GrafanaSql sql =
        new GrafanaSql(
            END.minus(Duration.ofDays(90)), Instant.now().plus(Duration.ofDays(1)), values);
    for (JsonNode variable : dashboard.json().at("/templating/list")) {
      String name = variable.path("name").asText();
      if (variable.path("type").asText().equals("custom")) {
        values.put(name, List.of(variable.at("/current/value").asText()));
      } else if (variable.at("/datasource/uid").asText().equals("postgresql")) {
        List<String> found =
            database.rows(sql.in(variable.path("query").asText())).stream()
                .map(row -> row.get(0))
                .toList();
        assertThat(found).as("%s of %s", name, dashboard.file()).isNotEmpty();
        values.put(name, variable.path("multi").asBoolean() ? found : List.of(found.get(0)));
      }
    }
    return sql;
  }

  /** Each alert that a fault can make, by that fault; the times of the rules are shortened. */
  @Test
  @Order(5)
  void shouldFireWhereThereIsAFault() throws Exception {
    Prometheus.assume("prometheus");
    try (Prometheus prometheus =
        Prometheus.start(
            folder.resolve("alerts"),
            job.port(),
            Prometheus.hasty(Repository.text(Repository.ALERTS)))) {
      Map<String, String> fired = new TreeMap<>();
      await(
          () -> {
            job.send("demand", List.of("no JSON", "no JSON", "no JSON"));
            fired.putAll(prometheus.alerts());
            return fired.containsKey("TidecastDeadLetters");
          },
          "an alert of dead letters");
      // So many that they take longer to forecast than the alert allows.
      job.send("demand", observations(8, BACKLOG_BEGIN, "s%d"));
      await(
          () -> {
            fired.putAll(prometheus.alerts());
            return fired.keySet().containsAll(List.of("TidecastLag", "TidecastFallbacks"));
          },
          "alerts of lag and fallbacks");
      assertThat(fired.get("TidecastDeadLetters")).startsWith("Of what demand reads, ");
      assertThat(fired.keySet()).doesNotContain("TidecastNothingForecast");
    }
  }

  /**
   * Observations of young series.
   *
   * @param cells of each
   * @param name of a series, with its number; without a number there is one
   */
  private static List<String> observations(int cells, Instant begin, String name) {
    List<String> observations = new ArrayList<>();
    for (int cell = 0; cell < cells; cell++) {
      String time =
          begin.plus(Duration.ofMinutes(30L * cell)).toString().replace('T', ' ').replace("Z", "");
      for (int i = 0; i < (name.contains("%d") ? BACKLOG_SERIES : 1); i++) {
        observations.add(
            "{\"series\": \"%s\", \"time\": \"%s\", \"demand\": %d}"
                .formatted(name.formatted(i), time, i % 48));
      }
    }
    return observations;
  }

  /** Flink's folders have what they had, and what the image adds to them. */
  @Test
  @Order(6)
  void shouldBringIntoFlinksImageWhatTheBuildLeaves() throws Exception {
    ImageFolder flink = image("Dockerfile");
    try (Stream<Path> lib = Files.list(flink.path("/opt/flink/lib"))) {
      assertThat(lib).singleElement().asString().contains("/onnxruntime-");
    }
    try (JarFile jar = jar(flink.path("/opt/flink/usrlib"))) {
      assertThat(jar.getEntry(ForecastJob.class.getName().replace('.', '/') + ".class"))
          .isNotNull();
    }
    try (JarFile jar = jar(flink.path("/opt/flink/plugins/tidecast-metrics"))) {
      assertThat(jar.getEntry("io/tidecast/metrics/PrometheusReporterFactory.class")).isNotNull();
      assertThat(jar.stream())
          .noneMatch(entry -> entry.getName().startsWith("org/apache/flink/"))
          .noneMatch(entry -> entry.getName().startsWith("org/slf4j/"));
    }
    Object model = map(Repository.yaml(RunningJob.JOB).get("model")).get("path");
    assertThat(flink.path((String) model).resolve("model.onnx")).exists();
    // What Dockerfile.gpu does not find, ends its build.
    assertThat(Repository.text("Dockerfile.gpu"))
        .contains("RUN ls /opt/flink/lib/onnxruntime_gpu-");
  }

  private static JarFile jar(Path folder) throws IOException {
    try (Stream<Path> jars = Files.list(folder)) {
      return new JarFile(jars.toList().get(0).toFile());
    }
  }

  private ImageFolder image(String dockerfile) throws IOException, InterruptedException {
    return ImageFolder.of(dockerfile, folder.resolve("image of " + dockerfile));
  }

  @Test
  @Order(7)
  void shouldBeFoundWellByItsHealthChecks() throws Exception {
    assertThat(isWell("taskmanager", job.port())).isTrue();
    assertThat(isWell("jobmanager", job.restPort())).isTrue();
    for (String service : List.of("taskmanager", "jobmanager", "copier", "registry")) {
      assertThat(isWell(service, RunningJob.freePort()))
          .as("%s, where nobody answers", service)
          .isFalse();
    }
  }

  /** Asks as Compose asks, at a port of this machine. */
  private static boolean isWell(String service, int port) throws Exception {
    List<String> command =
        Compose.healthCheck(service).stream()
            .map(
                word ->
                    word.replaceAll("/dev/tcp/127\\.0\\.0\\.1/\\d+", "/dev/tcp/127.0.0.1/" + port))
            .toList();
    Programs.assume(command.get(0), "the images have it");
    assertThat(command).anyMatch(word -> word.contains("/dev/tcp/127.0.0.1/" + port));
    return new ProcessBuilder(command).start().waitFor() == 0;
  }
}
