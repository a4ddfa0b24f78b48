package io.tidecast.benchmarks.faults;

import io.tidecast.benchmarks.process.Service;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** What a job runs in: one process, or a cluster. One thread calls it. */
interface World extends AutoCloseable {

  /** Starts the job of the stage's job file. */
  void start() throws IOException, InterruptedException;

  /** How often a process of it was started. */
  int starts();

  /** What job and harness have said, line by line. */
  List<String> said();

  /**
   * Ends the job after its last commit.
   *
   * @return what was not as it must be
   */
  List<String> end() throws IOException, InterruptedException;

  /** The processes that forecast, by name. */
  Map<String, Service> processes();

  @Override
  void close();
}
