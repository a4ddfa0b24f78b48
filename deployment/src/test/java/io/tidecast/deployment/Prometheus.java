package io.tidecast.deployment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** A Prometheus of this machine's, on loopback, that scrapes one address. */
final class Prometheus implements AutoCloseable {
  private static final long TIMEOUT_SECONDS = 60;

  private final Process process;
  private final int port;
  private final HttpClient client = HttpClient.newHttpClient();

  private Prometheus(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** The test is skipped, and says so, where there is no such program. */
  static void assume(String program) {
    Programs.assume(program, "Debian's package prometheus has it");
  }

  /**
   * Starts one.
   *
   * @param folder its own
   * @param target port of 127.0.0.1 that it scrapes twice a second
   * @param rules text of a file of rules
   */
  static Prometheus start(Path folder, int target, String rules) throws Exception {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("rules.yaml"), rules);
    Path config =
        Files.writeString(
            folder.resolve("prometheus.yml"),
            """
            global: {scrape_interval: 500ms, scrape_timeout: 500ms, evaluation_interval: 1s}
            rule_files: [rules.yaml]
            scrape_configs:
              - job_name: tidecast
                static_configs: [{targets: ["127.0.0.1:%d"]}]
            """
                .formatted(target));
    int port = RunningJob.freePort();
    Path log = folder.resolve("log.txt");
    Process process =
        new ProcessBuilder(
                "prometheus",
                "--config.file=" + config,
                "--storage.tsdb.path=" + folder.resolve("data"),
                "--web.listen-address=127.0.0.1:" + port)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    Prometheus prometheus = new Prometheus(process, port);
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS);
    while (!prometheus.isReady()) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        prometheus.close();
        throw new AssertionError("Prometheus did not start: " + Files.readString(log));
      }
      Thread.sleep(100);
    }
    return prometheus;
  }

  private boolean isReady() throws InterruptedException {
    try {
      return get("/-/ready").statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * What an expression comes to now: a value for each set of labels.
   *
   * @throws AssertionError if Prometheus does not understand it
   */
  List<JsonNode> query(String expression) throws IOException, InterruptedException {
    JsonNode answer =
        json("/api/v1/query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8));
    if (!answer.path("status").asText().equals("success")) {
      throw new AssertionError(expression + ": " + answer);
    }
    List<JsonNode> samples = new ArrayList<>();
    answer.at("/data/result").forEach(samples::add);
    return samples;
  }

  /** The alerts that fire, by name, with what each says. */
  Map<String, String> alerts() throws IOException, InterruptedException {
    Map<String, String> alerts = new TreeMap<>();
    for (JsonNode alert : json("/api/v1/alerts").at("/data/alerts")) {
      if (alert.path("state").asText().equals("firing")) {
        alerts.put(
            alert.at("/labels/alertname").asText(), alert.at("/annotations/summary").asText());
      }
    }
    return alerts;
  }

  private JsonNode json(String path) throws IOException, InterruptedException {
    return new ObjectMapper().readTree(get(path).body());
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
        BodyHandlers.ofString());
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (process.waitFor(10, TimeUnit.SECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    process.destroyForcibly();
  }

  /** The rules with every time in them short, so that a test need not wait for them. */
  static String hasty(String rules) {
    String ranges = Pattern.compile("\\[\\d+[mhd]\\]").matcher(rules).replaceAll("[20s]");
    String lag = ranges.replace("> 300", "> 10");
    return Pattern.compile("for: \\d+[mh]").matcher(lag).replaceAll("for: 0s");
  }

  /** Runs promtool, and returns what it prints; the test fails where that does. */
  static String promtool(String input, String... arguments) throws Exception {
    assume("promtool");
    List<String> words = new ArrayList<>(List.of("promtool"));
    words.addAll(List.of(arguments));
    Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
    process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new AssertionError(String.join(" ", words) + ": " + output);
    }
    return output;
  }
}
