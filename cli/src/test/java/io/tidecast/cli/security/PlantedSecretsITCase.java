package io.tidecast.cli.security;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidecast.cli.job.KafkaRight;
import io.tidecast.cli.job.KafkaRights;
import io.tidecast.cli.job.KafkaTask;
import io.tidecast.cli.testing.DemandFeed;
import io.tidecast.cli.testing.PageEvents;
import io.tidecast.cli.testing.Pipelines;
import io.tidecast.cli.testing.SecuredKafka;
import io.tidecast.cli.testing.TestingRegistry;
import io.tidecast.cli.testing.Tidecast;
import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.config.JobFile;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Secrets wherever a job file may have one are nowhere in what a job shows. */
@Tag("cluster")
@Timeout(180)
class PlantedSecretsITCase {

  private static final Pattern WEB =
      Pattern.compile("[Rr]est endpoint listening at 127.0.0.1:(\\d+)");
  private static final String MODULE =
      "org.apache.kafka.common.security.scram.ScramLoginModule required";
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Each is of a kind that nothing else is. */
  private static final Map<String, String> PLANTED =
      Map.of(
          "in the environment", "planted-in-environment-51c",
          "inline", "planted-inline-0e7",
          "of the registry", "planted-for-registry-9d2",
          "of PostgreSQL", "planted-for-postgres-b3a",
          "of an address of PostgreSQL", "planted-in-address-66f",
          "of a provider of tokens", "planted-for-tokens-a48",
          "in a file", SecuredKafka.STORE_PASSWORD);

  @TempDir private Path folder;

  private final ExecutorService reading = Executors.newSingleThreadExecutor();

  @AfterEach
  void stopReading() {
    reading.shutdownNow();
  }

  @Test
  void shouldShowNone() throws Exception {
    Path stores = Files.createDirectory(folder.resolve("stores"));
    Path work = Files.createDirectory(folder.resolve("work"));
    Map<String, String> shown = new LinkedHashMap<>();
    try (SecuredKafka kafka = new SecuredKafka(stores, planted("inline"));
        TestingRegistry registry = new TestingRegistry()) {
      kafka.putUser("by-reference", planted("in the environment"));
      kafka.putUser("inline", planted("inline"));
      kafka.createTopics("in", "out", "in.dlq", "scores");
      int metrics = freePort();
      Path job = job(kafka, registry, work, metrics);
      give(kafka, job);
      try (DemandFeed feed = new DemandFeed(kafka.open(), "in");
          Tidecast run =
              new Tidecast(
                  work,
                  Map.of("TIDECAST_PLANTED", planted("in the environment")),
                  "run",
                  "--debug",
                  "--page",
                  Integer.toString(freePort()),
                  "--config",
                  job.toString())) {
        String page = run.awaitLine("The page is at ");
        run.awaitLine("Forecasting in -> out");
        String web = web(run.output());
        // It would wait for somebody who reads what it says.
        Future<Integer> exitCode = reading.submit(run::exitCode);
        sendNonsense(kafka);
        feed.send(Pipelines.CONTEXT + 2);

        shown.put("the records", records(kafka));
        shown.put("the page", page(page.substring("The page is at ".length())));
        shown.put("metrics of the copy", get("http://127.0.0.1:" + metrics + "/metrics"));
        askFlink(web, shown);
        run.signal("INT");
        assertThat(exitCode.get(60, TimeUnit.SECONDS)).as(run.output()).isEqualTo(130);
        shown.put("the output", run.output());
      }
    }
    shown.putAll(files(work));

    // What is looked through is what it should be.
    assertThat(shown.get("the output"))
        .contains("sasl.jaas.config = [hidden]", "ssl.truststore.password = [hidden]")
        .contains("Connection to 127.0.0.1:1 refused");
    assertThat(shown.get("metrics of the copy")).contains("tidecast_postgres");
    assertThat(shown.get("the page")).contains("patchtst-uk-demand");
    assertThat(shown.get("the records")).contains("patchtst-uk-demand", "nonsense");
    assertThat(shown.get("/jobmanager/config")).contains("rest.address");
    assertThat(shown.keySet())
        .anyMatch(name -> name.endsWith("/config") && name.startsWith("/jobs/"));
    assertThat(shown.keySet()).anyMatch(name -> name.endsWith("_metadata"));
    PLANTED.forEach(
        (what, secret) ->
            assertThat(shown)
                .as("the secret %s", what)
                .allSatisfy((where, text) -> assertThat(text).as(where).doesNotContain(secret)));
  }

  private static String planted(String what) {
    return requireNonNull(PLANTED.get(what), what);
  }

  private Path job(SecuredKafka kafka, TestingRegistry registry, Path work, int metrics)
      throws IOException {
    Path secret = Files.writeString(folder.resolve("store-password"), planted("in a file") + "\n");
    return Files.writeString(
        folder.resolve("job.yaml"),
        """
        kafka:
          bootstrap-servers: "%1$s"
          properties:
            security.protocol: SASL_SSL
            sasl.mechanism: SCRAM-SHA-512
            sasl.jaas.config: '%2$s username="by-reference" password="${TIDECAST_PLANTED}";'
            ssl.truststore.location: '%3$s'
            ssl.truststore.password: ${file:%4$s}
            ssl.truststore.type: PKCS12
            ssl.keystore.location: '%5$s'
            ssl.keystore.password: %6$s
            ssl.keystore.type: PKCS12
            ssl.key.password: %6$s
            sasl.oauthbearer.client.credentials.client.secret: %7$s
          consumer-properties:
            sasl.jaas.config: '%2$s username="inline" password="%8$s";'
        source: {topic: in, max-future: 36500d}
        series: {step: 30min}
        model: {path: %9$s}
        sink: {topic: out, format: avro, framing: confluent, register-schemas: true}
        scores: {topic: scores}
        registry: {url: "%10$s", user: tidecast, password: %11$s}
        postgres: {url: "jdbc:postgresql://127.0.0.1:1/tidecast?sslpassword=%12$s", user: tidecast, password: %13$s, metrics-address: "127.0.0.1:%14$d"}
        checkpoints: {interval: 300ms, directory: "%15$s"}
        """
            .formatted(
                kafka.secured(),
                MODULE,
                kafka.store("trusts-broker"),
                secret,
                kafka.store("certified"),
                SecuredKafka.STORE_PASSWORD,
                planted("of a provider of tokens"),
                planted("inline"),
                Pipelines.model(),
                registry.url(),
                planted("of the registry"),
                planted("of an address of PostgreSQL"),
                planted("of PostgreSQL"),
                metrics,
                work.resolve("state").toUri()));
  }

  private static void give(SecuredKafka kafka, Path job) throws Exception {
    JobConfig config = JobFile.load(job);
    List<AclBinding> rights = new ArrayList<>();
    for (KafkaRight right :
        KafkaRights.of(config, EnumSet.of(KafkaTask.JOB, KafkaTask.POSTGRES, KafkaTask.PAGE))) {
      rights.addAll(right.bindings("User:by-reference"));
      rights.addAll(right.bindings("User:inline"));
    }
    kafka.give(rights);
  }

  private static void sendNonsense(SecuredKafka kafka) {
    try (Producer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka.open()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      var unused =
          producer.send(new ProducerRecord<>("in", "nonsense".getBytes(StandardCharsets.UTF_8)));
    }
  }

  /** A forecast, a dead letter and whatever comes with them. */
  private static String records(SecuredKafka kafka) {
    StringBuilder text = new StringBuilder();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", kafka.open(), "isolation.level", "read_committed"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          Stream.of("out", "in.dlq").map(topic -> new TopicPartition(topic, 0)).toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      boolean forecast = false;
      boolean deadLetter = false;
      while (!forecast || !deadLetter) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
          forecast |= record.topic().equals("out");
          deadLetter |= record.topic().equals("in.dlq");
          text.append(new String(record.value(), StandardCharsets.ISO_8859_1)).append('\n');
          record
              .headers()
              .forEach(
                  header ->
                      text.append(new String(header.value(), StandardCharsets.ISO_8859_1))
                          .append('\n'));
        }
      }
    }
    return text.toString();
  }

  private static String page(String url) throws IOException, InterruptedException {
    JsonNode known = PageEvents.await(url, seen -> !seen.at("/series/fans").isEmpty());
    return known + get(url + "api/series") + get(url);
  }

  private static String web(String output) {
    Matcher web = WEB.matcher(output);
    assertThat(web.find()).as("where Flink's page is: %s", output).isTrue();
    return "http://127.0.0.1:" + web.group(1);
  }

  /** Asks everything that Flink's own page shows of a cluster and a job. */
  private static void askFlink(String base, Map<String, String> shown) throws Exception {
    List<String> paths =
        new ArrayList<>(
            List.of(
                "/config",
                "/overview",
                "/jobmanager/config",
                "/jobmanager/environment",
                "/jobmanager/metrics",
                "/jobmanager/logs",
                "/taskmanagers",
                "/jobs/overview"));
    String job = JSON.readTree(get(base + "/jobs/overview")).at("/jobs/0/jid").asText();
    assertThat(job).isNotEmpty();
    for (String of :
        List.of(
            "",
            "/config",
            "/plan",
            "/exceptions",
            "/accumulators",
            "/checkpoints",
            "/checkpoints/config")) {
      paths.add("/jobs/" + job + of);
    }
    for (JsonNode vertex : JSON.readTree(get(base + "/jobs/" + job)).get("vertices")) {
      String of = "/jobs/" + job + "/vertices/" + vertex.get("id").asText();
      paths.add(of);
      paths.add(of + "/metrics");
      paths.add(of + "/accumulators");
    }
    for (String path : paths) {
      shown.put(path, get(base + path));
    }
  }

  private static String get(String url) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(url)).build(),
                HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as("%s: %s", url, answer.body()).isEqualTo(200);
    return answer.body();
  }

  /** What it has written and left: checkpoints, and whatever else. */
  private static Map<String, String> files(Path folder) throws IOException {
    Map<String, String> files = new LinkedHashMap<>();
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        files.put(file.toString(), Files.readString(file, StandardCharsets.ISO_8859_1));
      }
    }
    return files;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
