package io.tidecast.cli.upgrade;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidecast.cli.upgrade.FlinkException.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What Flink is asked about jobs, and told to do with them. One thread calls it. */
final class FlinkJobs {

  /** States that no job leaves any more. */
  private static final Set<String> ENDS = Set.of("FINISHED", "FAILED", "CANCELED", "SUSPENDED");

  private static final String RUNNING = "RUNNING";
  private static final String FINISHED = "FINISHED";

  private final FlinkRest rest;

  FlinkJobs(FlinkRest rest) {
    this.rest = rest;
  }

  /** A job that Flink knows. */
  record Job(String id, String name, String state) {

    boolean isRunning() {
      return state.equals(RUNNING);
    }

    boolean hasEnded() {
      return ENDS.contains(state);
    }

    @Override
    public String toString() {
      return "%s (%s, %s)".formatted(id, name, state);
    }
  }

  /**
   * How far a job has come.
   *
   * @param tasks of it
   * @param busy those that run, or have done what there was to do
   */
  record Progress(String state, int tasks, int busy) {

    boolean isRunning() {
      return state.equals(RUNNING) && tasks > 0 && busy == tasks;
    }

    /** Whether it was a job with an end, which has come. */
    boolean isDone() {
      return state.equals(FINISHED);
    }

    boolean hasEnded() {
      return ENDS.contains(state);
    }
  }

  /** How a savepoint came out: it has a place, or a reason. */
  record Savepoint(@Nullable String place, @Nullable String failure) {}

  /** The version of Flink. */
  String version() {
    return rest.get("/config").path("flink-version").asText();
  }

  /** All jobs, those that have ended among them. */
  List<Job> all() {
    List<Job> jobs = new ArrayList<>();
    for (JsonNode job : rest.get("/jobs/overview").path("jobs")) {
      jobs.add(
          new Job(job.path("jid").asText(), job.path("name").asText(), job.path("state").asText()));
    }
    return jobs;
  }

  /**
   * Has the job of a jar built where it would be started, and returns its name.
   *
   * @throws FlinkException if it could not be started
   */
  String plan(String jar, List<String> arguments) {
    JsonNode answer = rest.post("/jars/" + jar + "/plan", program(arguments));
    return answer.path("plan").path("name").asText();
  }

  /** Where a job begins, and as what. */
  record Start(String id, String savepoint, boolean allowNonRestored) {}

  /** Starts the job of a jar. */
  void run(String jar, List<String> arguments, Start start) {
    ObjectNode body = program(arguments);
    body.put("jobId", start.id());
    body.put("savepointPath", start.savepoint());
    body.put("allowNonRestoredState", start.allowNonRestored());
    rest.post("/jars/" + jar + "/run", body);
  }

  private static ObjectNode program(List<String> arguments) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    arguments.forEach(body.putArray("programArgsList")::add);
    return body;
  }

  /** Begins to stop a job with a savepoint, and returns by what that is asked for. */
  String stop(String job, @Nullable String folder) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("drain", false);
    if (folder != null) {
      body.put("targetDirectory", folder);
    }
    return rest.post("/jobs/" + job + "/stop", body).path("request-id").asText();
  }

  /** Returns how it came out; empty while it is under way. */
  Optional<Savepoint> savepoint(String job, String request) {
    JsonNode answer = rest.get("/jobs/" + job + "/savepoints/" + request);
    if (!answer.path("status").path("id").asText().equals("COMPLETED")) {
      return Optional.empty();
    }
    JsonNode operation = answer.path("operation");
    String place = operation.path("location").asText("");
    return Optional.of(
        place.isEmpty()
            ? new Savepoint(
                null,
                ServerText.sentence(
                    operation
                        .path("failure-cause")
                        .path("stack-trace")
                        .asText("Flink says no more")))
            : new Savepoint(place, null));
  }

  /** How far a job has come. */
  Progress progress(String job) {
    JsonNode answer = rest.get("/jobs/" + job);
    int tasks = 0;
    int busy = 0;
    for (JsonNode vertex : answer.path("vertices")) {
      int parallelism = vertex.path("parallelism").asInt();
      tasks += parallelism;
      busy +=
          vertex.path("tasks").path(RUNNING).asInt() + vertex.path("tasks").path(FINISHED).asInt();
    }
    return new Progress(answer.path("state").asText(), tasks, busy);
  }

  /** Counts the checkpoints of a job that are complete. */
  int checkpoints(String job) {
    return rest.get("/jobs/" + job + "/checkpoints").path("counts").path("completed").asInt();
  }

  /** Has a job take a checkpoint now, and not when it is its time. */
  void takeCheckpoint(String job) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("checkpointType", "CONFIGURED");
    rest.post("/jobs/" + job + "/checkpoints", body);
  }

  /** Says why a job failed last; empty where it did not. */
  Optional<String> failure(String job) {
    try {
      String trace =
          rest.get("/jobs/" + job + "/exceptions?maxExceptions=1")
              .path("exceptionHistory")
              .path("entries")
              .path(0)
              .path("stacktrace")
              .asText("");
      return trace.isBlank() ? Optional.empty() : Optional.of(ServerText.sentence(trace));
    } catch (FlinkException e) {
      if (e.kind() == Kind.UNKNOWN) {
        return Optional.empty();
      }
      throw e;
    }
  }

  void cancel(String job) {
    rest.patch("/jobs/" + job + "?mode=cancel");
  }
}
