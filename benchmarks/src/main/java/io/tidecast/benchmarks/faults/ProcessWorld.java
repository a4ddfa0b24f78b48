package io.tidecast.benchmarks.faults;

import io.tidecast.benchmarks.process.Job;
import io.tidecast.benchmarks.process.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code tidecast run} of a job file, once or several times. */
final class ProcessWorld implements World {

  /** Whoever is stopped by SIGTERM has this exit code. */
  private static final int STOPPED = 143;

  private final Path folder;
  private final Path file;
  private final Job job;
  private final List<Job> others = new ArrayList<>();

  /**
   * @param file of the job, in the folder of what the process writes
   */
  ProcessWorld(Path folder, Path file) {
    this.folder = folder;
    this.file = file;
    this.job = new Job(file, folder, List.of());
  }

  Job job() {
    return job;
  }

  /** Starts another process of the same job file, which is started again like the first. */
  Job another(String name) throws IOException {
    Path place = Files.createDirectories(folder.resolve(name));
    Job another = new Job(file, place, List.of());
    others.add(another);
    another.start();
    return another;
  }

  @Override
  public void start() throws IOException {
    job.start();
  }

  @Override
  public int starts() {
    return job.starts();
  }

  @Override
  public List<String> said() {
    List<String> said = new ArrayList<>(job.said());
    others.forEach(other -> other.said().forEach(line -> said.add("[another] " + line)));
    return said;
  }

  @Override
  public List<String> end() throws IOException, InterruptedException {
    job.leaveAlone();
    if (!job.isAlive()) {
      job.stop();
      return List.of("the job must run at the end");
    }
    int code = job.stop();
    return code == STOPPED
        ? List.of()
        : List.of("SIGTERM must end the job with %d: found %d".formatted(STOPPED, code));
  }

  @Override
  public Map<String, Service> processes() {
    return Map.of("job", job);
  }

  @Override
  public void close() {
    job.close();
    others.forEach(Job::close);
  }
}
