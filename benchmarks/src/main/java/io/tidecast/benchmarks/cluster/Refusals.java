package io.tidecast.benchmarks.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidecast.benchmarks.process.ChildProcess;
import io.tidecast.benchmarks.process.Ports;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What is said of a job that cannot start, whichever way it is brought to Flink: no job here comes
 * so far that it would need a TaskManager. One thread calls it.
 */
public final class Refusals {

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final Path folder;
  private final boolean withOnnxRuntime;
  private final HttpClient client = HttpClient.newHttpClient();

  /**
   * @param withOnnxRuntime whether Flink's {@code lib} has it
   */
  public Refusals(Path folder, boolean withOnnxRuntime) {
    this.folder = folder;
    this.withOnnxRuntime = withOnnxRuntime;
  }

  private FlinkSettings settings(String name) throws IOException {
    Path place = Files.createDirectories(folder.resolve(name));
    return new FlinkSettings(
        place, Ports.LOOPBACK, "127.0.0.1:1", Map.of("high-availability.type", "NONE"));
  }

  /**
   * What {@code flink run} prints.
   *
   * @param program its arguments
   */
  public String ofClient(List<String> program) throws IOException, InterruptedException {
    List<String> arguments =
        new ArrayList<>(List.of("run", "--detached", FlinkJars.job().toString()));
    arguments.addAll(program);
    return said("client", settings("client").client(arguments));
  }

  /** What a JobManager in application mode prints, which ends then. */
  public String ofApplication(List<String> program) throws IOException, InterruptedException {
    return said(
        "application",
        settings("application").applicationManager("jobmanager", Ports.free(1).get(0), program));
  }

  private String said(String name, ChildProcess.Command command)
      throws IOException, InterruptedException {
    Path output = folder.resolve(name + ".out");
    try (ChildProcess process = ChildProcess.start(here(command), output)) {
      if (!process.await(PATIENCE) || process.exitCode() == 0) {
        throw new IOException(name + " must end with another exit code than 0; see " + output);
      }
    }
    return Files.readString(output, StandardCharsets.UTF_8);
  }

  private ChildProcess.Command here(ChildProcess.Command command) {
    return withOnnxRuntime
        ? command
        : new ChildProcess.Command(
            command.main(),
            command.options(),
            command.arguments(),
            command.folder(),
            new ChildProcess.Place(FlinkJars.withoutOnnxRuntime(), List.of()));
  }

  /** What the REST of a JobManager in session mode answers to one who runs the uploaded jar. */
  public String ofRest(List<String> program) throws IOException, InterruptedException {
    int port = Ports.free(1).get(0);
    Path output = folder.resolve("session.out");
    ChildProcess.Command command = settings("session").jobManager("jobmanager", port);
    try (ChildProcess process = ChildProcess.start(here(command), output)) {
      FlinkRest rest = new FlinkRest(List.of(Ports.LOOPBACK + ":" + port));
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (rest.answering().isEmpty()) {
        if (!process.isAlive() || System.nanoTime() - deadline > 0) {
          throw new IOException("the JobManager must answer; see " + output);
        }
        Thread.sleep(200);
      }
      return run("http://" + Ports.LOOPBACK + ":" + port, program);
    }
  }

  private String run(String url, List<String> program) throws IOException, InterruptedException {
    ObjectMapper mapper = new ObjectMapper();
    Path jar = FlinkJars.job();
    String head =
        "--part\r\nContent-Disposition: form-data; name=\"jarfile\"; filename=\"%s\"\r\nContent-Type: application/x-java-archive\r\n\r\n"
            .formatted(jar.getFileName());
    JsonNode uploaded =
        mapper.readTree(
            send(
                HttpRequest.newBuilder(URI.create(url + "/jars/upload"))
                    .header("Content-Type", "multipart/form-data; boundary=part")
                    .POST(
                        BodyPublishers.concat(
                            BodyPublishers.ofString(head),
                            BodyPublishers.ofFile(jar),
                            BodyPublishers.ofString("\r\n--part--\r\n")))));
    String id = Path.of(uploaded.path("filename").asText()).getFileName().toString();
    JsonNode answer =
        mapper.readTree(
            send(
                HttpRequest.newBuilder(URI.create(url + "/jars/" + id + "/run"))
                    .header("Content-Type", "application/json")
                    .POST(
                        BodyPublishers.ofString(
                            mapper.writeValueAsString(Map.of("programArgsList", program))))));
    return answer.path("errors").path(0).asText();
  }

  private String send(HttpRequest.Builder request) throws IOException, InterruptedException {
    return client.send(request.timeout(PATIENCE).build(), BodyHandlers.ofString()).body();
  }
}
