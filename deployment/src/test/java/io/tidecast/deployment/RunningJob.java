package io.tidecast.deployment;

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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The job of docker-compose.yml, on this machine, with the reporter of its settings. */
final class RunningJob implements AutoCloseable {
  static final String JOB = "deployment/compose/job.yaml";
  static final String CSV = "cli/src/main/resources/io/tidecast/cli/uk-electricity-demand-2000.csv";

  private final EmbeddedKafka kafka;
  private final EmbeddedFlink flink;
  private final EmbeddedFlink.Job job;
  private final Path file;
  private final int port;

  private RunningJob(
      EmbeddedKafka kafka, EmbeddedFlink flink, EmbeddedFlink.Job job, Path file, int port) {
    this.kafka = kafka;
    this.flink = flink;
    this.job = job;
    this.file = file;
    this.port = port;
  }

  /**
   * Starts broker, cluster and job.
   *
   * @param changed makes another text of that of the job file
   */
  static RunningJob start(Path folder, Function<String, String> changed) throws Exception {
    EmbeddedKafka kafka = EmbeddedKafka.start();
    Path file = Repository.jobFile(JOB, folder, kafka.bootstrapServers());
    Files.writeString(file, changed.apply(Files.readString(file)));
    JobConfig config = JobFile.load(file);
    for (String topic : Compose.topics()) {
      kafka.createTopic(topic, 1, Map.of());
    }
    int port = freePort();
    EmbeddedFlink flink = EmbeddedFlink.start(1, flinkSettings(port));
    StreamExecutionEnvironment environment =
        StreamExecutionEnvironment.getExecutionEnvironment(new Configuration());
    ForecastJob.build(environment, config);
    StreamGraph graph = environment.getStreamGraph();
    graph.setJobName(config.job().name());
    return new RunningJob(kafka, flink, flink.submit(graph), file, port);
  }

  /** The reporter of docker-compose.yml, but on loopback, as it is by default. */
  private static Configuration flinkSettings(int port) {
    Configuration settings = new Configuration();
    Compose.flinkProperties("taskmanager")
        .forEach(
            (key, value) -> {
              if (key.startsWith("metrics.reporter.") && !key.endsWith(".host")) {
                settings.setString(key, value);
              }
            });
    settings.setString("metrics.reporter.prometheus.port", String.valueOf(port));
    return settings;
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      return socket.getLocalPort();
    }
  }

  /** Its file. */
  Path file() {
    return file;
  }

  /** Where its metrics are. */
  int port() {
    return port;
  }

  /** Where Flink's REST is. */
  int restPort() {
    return flink.rest().getPort();
  }

  /** Does nothing while the job runs, and fails once it has ended. */
  void check() {
    job.check();
  }

  /**
   * Sends what the producer's script prints.
   *
   * @return how many lines those were
   */
  int produce() throws IOException, InterruptedException {
    ProcessBuilder script =
        new ProcessBuilder(
            "sh",
            Repository.ROOT.resolve("deployment/compose/produce.sh").toString(),
            Repository.ROOT.resolve(CSV).toString());
    script.environment().put("INTERVAL", "0");
    Process process = script.redirectErrorStream(true).start();
    List<String> lines = new ArrayList<>();
    try (BufferedReader output = process.inputReader()) {
      output.lines().forEach(lines::add);
    }
    if (process.waitFor() != 0) {
      throw new AssertionError(lines);
    }
    send("demand", lines);
    return lines.size();
  }

  void send(String topic, List<String> values) {
    try (Producer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (String value : values) {
        producer.send(new ProducerRecord<>(topic, value.getBytes(StandardCharsets.UTF_8)));
      }
    }
  }

  String scrape() throws IOException, InterruptedException {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics")).build(),
            BodyHandlers.ofString())
        .body();
  }

  /** The sum of all samples of a metric whose labels have this among them. */
  static double sum(String scrape, String metric, String label) {
    return scrape
        .lines()
        .filter(line -> line.startsWith(metric + "{") && line.contains(label))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  @Override
  public void close() {
    flink.close();
    kafka.close();
  }
}
