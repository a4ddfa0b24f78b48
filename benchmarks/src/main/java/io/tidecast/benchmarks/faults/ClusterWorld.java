package io.tidecast.benchmarks.faults;

import io.tidecast.benchmarks.cluster.FlinkCluster;
import io.tidecast.benchmarks.process.Service;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A job file on a Flink cluster, as {@code flink run} submits it. */
final class ClusterWorld implements World {

  /** What a job or Flink says that people are to look at; Flink's warnings are many. */
  private static final List<String> TELLING = List.of(" ERROR ", "io.tidecast", Service.NOTE);

  private final FlinkCluster cluster;
  private final Path file;
  private @Nullable String job;

  private ClusterWorld(FlinkCluster cluster, Path file) {
    this.cluster = cluster;
    this.file = file;
  }

  static ClusterWorld of(Path folder, Path file, FlinkCluster.Layout layout)
      throws IOException, InterruptedException {
    return new ClusterWorld(FlinkCluster.start(folder.resolve("cluster"), layout), file);
  }

  FlinkCluster cluster() {
    return cluster;
  }

  /** The id of the job that was submitted last. */
  String job() {
    if (job == null) {
      throw new IllegalStateException("the job must have begun");
    }
    return job;
  }

  @Override
  public void start() throws IOException, InterruptedException {
    goOn(null);
  }

  /** Submits the job file as it is now, which goes on from a savepoint. */
  void goOn(@Nullable String savepoint) throws IOException, InterruptedException {
    job = cluster.submit(file, savepoint);
    // Those that begin later find that the job has its slots, unless it needs theirs too.
    cluster.startOthers();
    cluster.awaitRunning(job);
  }

  /** Stops the job after a last commit, and returns its savepoint. */
  String stop() throws IOException, InterruptedException {
    return cluster.stop(job());
  }

  /** Puts the job file as it is now into the place of the job, without losing its state. */
  void upgrade() throws IOException, InterruptedException {
    job = cluster.upgrade(file, job());
  }

  @Override
  public int starts() {
    return cluster.processes().values().stream().mapToInt(Service::starts).sum();
  }

  @Override
  public List<String> said() {
    List<String> said = new ArrayList<>();
    cluster
        .processes()
        .forEach(
            (name, service) ->
                service.said().stream()
                    .filter(line -> TELLING.stream().anyMatch(line::contains))
                    .forEach(
                        line ->
                            said.add(
                                line.startsWith(Service.NOTE)
                                    ? line + " of " + name
                                    : name + ": " + line)));
    return said;
  }

  @Override
  public List<String> end() throws InterruptedException {
    try {
      if (!cluster.isRunning(job())) {
        return List.of("the job must run at the end");
      }
      stop();
      return List.of();
    } catch (IOException e) {
      return List.of("the job must stop with a savepoint: " + e.getMessage());
    }
  }

  @Override
  public Map<String, Service> processes() {
    return cluster.processes();
  }

  @Override
  public void close() {
    cluster.close();
  }
}
