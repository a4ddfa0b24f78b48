package io.tidecast.benchmarks.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Asks the JobManagers of a cluster, the first that answers. */
final class FlinkRest {

  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final int OK = 200;

  private final List<String> addresses;
  private final HttpClient client = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
  private final ObjectMapper mapper = new ObjectMapper();

  /**
   * @param addresses host and port of each JobManager
   */
  FlinkRest(List<String> addresses) {
    this.addresses = List.copyOf(addresses);
  }

  /** Names the TaskManagers that are known, those that have work alone or all. */
  List<String> taskManagers(boolean busy) throws InterruptedException {
    List<String> names = new ArrayList<>();
    for (JsonNode one : get("/taskmanagers").orElse(mapper.missingNode()).path("taskmanagers")) {
      if (!busy || one.path("freeSlots").asInt() < one.path("slotsNumber").asInt()) {
        names.add(one.path("id").asText());
      }
    }
    return names;
  }

  /** The host and port of a JobManager that answers. */
  Optional<String> answering() throws InterruptedException {
    for (String address : addresses) {
      if (get(address, "/jobs").isPresent()) {
        return Optional.of(address);
      }
    }
    return Optional.empty();
  }

  /** Says whether every task of a job runs. */
  boolean isRunning(String job) throws InterruptedException {
    JsonNode answer = get("/jobs/" + job).orElse(mapper.missingNode());
    if (!answer.path("state").asText().equals("RUNNING")) {
      return false;
    }
    for (JsonNode vertex : answer.path("vertices")) {
      if (!vertex.path("status").asText().equals("RUNNING")) {
        return false;
      }
    }
    return true;
  }

  /** The state of a job, empty while nobody knows it. */
  Optional<String> state(String job) throws InterruptedException {
    return get("/jobs/" + job).map(answer -> answer.path("state").asText());
  }

  /** Says whether a checkpoint is being taken. */
  boolean takesCheckpoint(String job) throws InterruptedException {
    return get("/jobs/" + job + "/checkpoints")
        .map(answer -> answer.at("/counts/in_progress").asInt() > 0)
        .orElse(false);
  }

  private Optional<JsonNode> get(String path) throws InterruptedException {
    for (String address : addresses) {
      Optional<JsonNode> answer = get(address, path);
      if (answer.isPresent()) {
        return answer;
      }
    }
    return Optional.empty();
  }

  private Optional<JsonNode> get(String address, String path) throws InterruptedException {
    try {
      HttpResponse<byte[]> response =
          client.send(
              HttpRequest.newBuilder(URI.create("http://" + address + path))
                  .timeout(TIMEOUT)
                  .build(),
              HttpResponse.BodyHandlers.ofByteArray());
      if (response.statusCode() == OK) {
        return Optional.of(mapper.readTree(response.body()));
      }
    } catch (IOException e) {
      // It is away; another may be there.
    }
    return Optional.empty();
  }
}
