package io.tidecast.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.cli.embedded.EmbeddedFlink;
import io.tidecast.cli.embedded.EmbeddedKafka;
import io.tidecast.flink.ForecastJob;
import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.config.JobFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The job of docker-compose.yml, on this machine. */
@Tag("cluster")
class DeploymentITCase {
  private static final long TIMEOUT_NANOS = 120_000_000_000L;
  private static final String CSV =
      "cli/src/main/resources/io/tidecast/cli/uk-electricity-demand-2000.csv";

  private static final Selector FORECASTS =
      new Selector("flink_taskmanager_job_task_operator_user_tidecast_forecasts_total", List.of());
  private static final Selector MALFORMED =
      new Selector(
          "flink_taskmanager_job_task_operator_user_tidecast_reason_deadLetters_total",
          List.of("job_name=\"demand\"", "reason=\"malformed\""));

  @TempDir private Path folder;

  @Test
  void shouldForecastAndShowEveryPanelOfTheDashboard() throws Exception {
    try (EmbeddedKafka kafka = EmbeddedKafka.start()) {
      JobConfig job =
          JobFile.load(
              Repository.jobFile("deployment/compose/job.yaml", folder, kafka.bootstrapServers()));
      for (String topic : List.of("demand", "demand-forecasts", "demand.dlq")) {
        kafka.createTopic(topic, 1, Map.of());
      }
      int port = freePort();
      try (EmbeddedFlink flink = EmbeddedFlink.start(1, flinkSettings(port))) {
        StreamExecutionEnvironment environment =
            StreamExecutionEnvironment.getExecutionEnvironment(new Configuration());
        ForecastJob.build(environment, job);
        StreamGraph graph = environment.getStreamGraph();
        graph.setJobName(job.job().name());
        EmbeddedFlink.Job running = flink.submit(graph);
        produce(kafka.bootstrapServers());

        List<Selector> selectors =
            Dashboard.read().expressions().stream()
                // Of a cluster in one JVM, Flink counts the process as the JobManager's.
                .map(text -> text.replace("flink_taskmanager_Status", "flink_jobmanager_Status"))
                .flatMap(text -> Selector.of(text).stream())
                .toList();
        assertThat(selectors).hasSizeGreaterThan(15);
        List<Selector> missing = selectors;
        String scrape = "";
        long deadline = System.nanoTime() + TIMEOUT_NANOS;
        while (System.nanoTime() < deadline
            && (!missing.isEmpty() || sum(scrape, FORECASTS) == 0 || sum(scrape, MALFORMED) == 0)) {
          running.check();
          Thread.sleep(200);
          String latest = scrape(port);
          missing = selectors.stream().filter(selector -> !selector.isIn(latest)).toList();
          scrape = latest;
        }
        assertThat(missing).as("selectors without a sample in %s", scrape).isEmpty();
        assertThat(sum(scrape, FORECASTS)).isPositive();
        assertThat(sum(scrape, MALFORMED)).as("malformed records in %s", scrape).isEqualTo(1);
      }
    }
  }

  /** The reporter of docker-compose.yml, but on loopback, as it is by default. */
  private static Configuration flinkSettings(int port) {
    Configuration settings = new Configuration();
    ComposeTest.flinkProperties()
        .forEach(
            (key, value) -> {
              if (key.startsWith("metrics.reporter.") && !key.endsWith(".host")) {
                settings.setString(key, value);
              }
            });
    settings.setString("metrics.reporter.prometheus.port", String.valueOf(port));
    return settings;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      return socket.getLocalPort();
    }
  }

  /** Sends what the producer's script prints. */
  private static void produce(String brokers) throws IOException, InterruptedException {
    ProcessBuilder script =
        new ProcessBuilder(
            "sh",
            Repository.ROOT.resolve("deployment/compose/produce.sh").toString(),
            Repository.ROOT.resolve(CSV).toString());
    script.environment().put("INTERVAL", "0");
    Process process = script.redirectErrorStream(true).start();
    int lines = 0;
    try (Producer<byte[], byte[]> producer =
            new KafkaProducer<>(
                Map.of("bootstrap.servers", brokers),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        BufferedReader output = process.inputReader()) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        producer.send(new ProducerRecord<>("demand", line.getBytes(StandardCharsets.UTF_8)));
        lines++;
      }
      producer.send(new ProducerRecord<>("demand", "no JSON".getBytes(StandardCharsets.UTF_8)));
    }
    assertThat(process.waitFor()).isZero();
    assertThat(lines).isEqualTo(4_032);
  }

  private static String scrape(int port) throws IOException, InterruptedException {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics")).build(),
            BodyHandlers.ofString())
        .body();
  }

  private static double sum(String scrape, Selector selector) {
    return scrape
        .lines()
        .filter(selector::isIn)
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  /** What the Dockerfile copies has been built, and is not kept from it. */
  @Test
  void shouldCopyWhatTheBuildLeaves() throws IOException {
    List<String> allowed =
        Repository.text(".dockerignore")
            .lines()
            .filter(line -> line.startsWith("!"))
            .map(line -> line.substring(1))
            .toList();
    List<String> copied =
        Repository.text("Dockerfile")
            .lines()
            .filter(line -> line.startsWith("COPY "))
            .map(line -> line.split(" ")[1])
            .toList();
    assertThat(copied).hasSize(4);
    for (String source : copied) {
      assertThat(Repository.ROOT.resolve(source)).exists();
      assertThat(allowed)
          .anyMatch(
              pattern -> {
                PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + pattern);
                return pattern.equals(source) || matcher.matches(Path.of(source));
              });
    }
    try (Stream<Path> lib = Files.list(Repository.ROOT.resolve("flink-jobs/target/lib"))) {
      assertThat(lib).hasSize(1);
    }
    String plugin =
        copied.stream().filter(s -> s.endsWith("-plugin.jar")).findFirst().orElseThrow();
    try (JarFile jar = new JarFile(Repository.ROOT.resolve(plugin).toFile())) {
      assertThat(jar.getEntry("io/tidecast/metrics/PrometheusReporterFactory.class")).isNotNull();
      assertThat(jar.stream())
          .noneMatch(entry -> entry.getName().startsWith("org/apache/flink/"))
          .noneMatch(entry -> entry.getName().startsWith("org/slf4j/"));
    }
  }
}
