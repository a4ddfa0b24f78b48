package io.tidecast.cli.embedded;

import static java.util.Objects.requireNonNull;

import io.tidecast.cli.console.CliException;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.WebOptions;
import org.apache.flink.core.execution.CheckpointType;
import org.apache.flink.core.execution.RecoveryClaimMode;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.checkpoint.CheckpointStatsSnapshot;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.CompletedCheckpointStats;
import org.apache.flink.runtime.execution.ExecutionState;
import org.apache.flink.runtime.executiongraph.AccessExecutionVertex;
import org.apache.flink.runtime.executiongraph.ArchivedExecutionGraph;
import org.apache.flink.runtime.executiongraph.ErrorInfo;
import org.apache.flink.runtime.executiongraph.IOMetrics;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobgraph.SavepointRestoreSettings;
import org.apache.flink.runtime.jobmaster.JobResult;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.runtime.minicluster.RpcServiceSharing;
import org.apache.flink.streaming.api.graph.StreamGraph;

/**
 * A Flink cluster inside this JVM, on loopback, for one job at a time. Its files live in a
 * temporary folder that is deleted at close.
 */
public final class EmbeddedFlink implements AutoCloseable {
  private static final String HOST = "127.0.0.1";

  /** A cluster that takes longer to answer hangs. */
  private static final long TIMEOUT_SECONDS = 20;

  /** Flink itself gives a checkpoint as long. */
  private static final long CHECKPOINT_TIMEOUT_SECONDS = 600;

  private final TemporaryFolder folder;
  private final MiniCluster cluster;

  private EmbeddedFlink(TemporaryFolder folder, MiniCluster cluster) {
    this.folder = folder;
    this.cluster = cluster;
  }

  /**
   * Starts a cluster of one task manager.
   *
   * @param slots the greatest parallelism of its job
   * @param settings of the cluster, such as the restart strategy; copied
   */
  public static EmbeddedFlink start(int slots, Configuration settings) {
    requireNonNull(settings, "settings is null");
    TemporaryFolder folder = new TemporaryFolder("tidecast-flink-");
    Configuration configuration = new Configuration(settings);
    configuration.set(CoreOptions.TMP_DIRS, folder.path().toString());
    configuration.set(WebOptions.TMP_DIR, folder.path().toString());
    // The cluster's common bind address reaches neither its REST nor its blob server.
    configuration.set(RestOptions.ADDRESS, HOST);
    configuration.set(RestOptions.BIND_ADDRESS, HOST);
    configuration.set(JobManagerOptions.BIND_HOST, HOST);
    MiniCluster cluster =
        new MiniCluster(
            new MiniClusterConfiguration.Builder()
                .setConfiguration(configuration)
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(slots)
                .setRpcServiceSharing(RpcServiceSharing.SHARED)
                .setCommonBindAddress(HOST)
                .withRandomPorts()
                .build());
    EmbeddedFlink flink = new EmbeddedFlink(folder, cluster);
    try {
      cluster.start();
    } catch (Exception e) {
      flink.close();
      throw new CliException("the embedded Flink cluster did not start: " + e.getMessage(), e);
    }
    return flink;
  }

  /** Submits a job and returns once the cluster has it. */
  public Job submit(StreamGraph graph) {
    return submit(graph, new JobID(), Optional.empty());
  }

  /**
   * Submits a job and returns once the cluster has it.
   *
   * @param checkpoint where it goes on from, a checkpoint or savepoint that is the job's from now
   *     on
   */
  public Job submit(StreamGraph graph, JobID id, Optional<Path> checkpoint) {
    JobGraph job = graph.getJobGraph(EmbeddedFlink.class.getClassLoader(), id);
    checkpoint.ifPresent(
        path ->
            job.setSavepointRestoreSettings(
                SavepointRestoreSettings.forPath(
                    path.toUri().toString(), false, RecoveryClaimMode.CLAIM)));
    get(cluster.submitJob(job), "submit the job");
    return new Job(id);
  }

  /**
   * Reads the number that Flink has given to a checkpoint or savepoint; a job counts both together.
   *
   * @param checkpoint its folder
   * @throws IOException if it cannot be read
   */
  public static long checkpointNumber(Path checkpoint) throws IOException {
    try (DataInputStream in =
        new DataInputStream(
            new BufferedInputStream(Files.newInputStream(checkpoint.resolve("_metadata"))))) {
      return Checkpoints.loadCheckpointMetadata(
              in, EmbeddedFlink.class.getClassLoader(), checkpoint.toUri().toString())
          .getCheckpointId();
    }
  }

  /** Ends whatever runs and deletes the cluster's files. */
  @Override
  public void close() {
    try {
      get(cluster.closeAsync(), "stop the embedded Flink cluster");
    } finally {
      folder.close();
    }
  }

  /** A job of this cluster. Any thread may call it. */
  public final class Job {
    private final JobID id;
    private final CompletableFuture<JobResult> result;

    private Job(JobID id) {
      this.id = id;
      this.result = cluster.requestJobResult(id);
    }

    /**
     * Says whether every task of the job runs.
     *
     * @throws CliException if the job has failed for good
     */
    public boolean running() {
      check();
      return get(cluster.getJobStatus(id), "ask for the state of the job") == JobStatus.RUNNING
          && allTasksRun();
    }

    /**
     * Says whether the job has come to the end of what it reads, and all of it is committed.
     *
     * @throws CliException if it has failed for good, or was cancelled
     */
    public boolean finished() {
      if (!result.isDone()) {
        return false;
      }
      if (get(result, "ask for the result of the job").isSuccess()) {
        return true;
      }
      check();
      return false;
    }

    /**
     * Does nothing while the job goes on.
     *
     * @throws CliException if it has failed for good
     */
    public void check() {
      if (!result.isDone()) {
        return;
      }
      JobResult ended = get(result, "ask for the result of the job");
      Throwable cause =
          ended
              .getSerializedThrowable()
              .map(t -> t.deserializeError(EmbeddedFlink.class.getClassLoader()))
              .orElse(null);
      throw new CliException(
          "the job has ended: " + (cause == null ? "cancelled" : rootMessage(cause)), cause);
    }

    /** Says how often a task of the job was started again after a failure. */
    public int restarts() {
      int restarts = 0;
      for (AccessExecutionVertex vertex : graph().getAllExecutionVertices()) {
        restarts = Math.max(restarts, vertex.getCurrentExecutionAttempt().getAttemptNumber());
      }
      return restarts;
    }

    /** Says why a task failed last; empty while none has. */
    public Optional<String> lastFailure() {
      return Optional.ofNullable(graph().getFailureInfo())
          .map(ErrorInfo::getException)
          .map(failure -> failure.deserializeError(EmbeddedFlink.class.getClassLoader()))
          .map(EmbeddedFlink::rootMessage);
    }

    /** Says whether the job has gone on from a checkpoint, not from where it once began. */
    public boolean restored() {
      CheckpointStatsSnapshot checkpoints = graph().getCheckpointStatsSnapshot();
      return checkpoints != null && checkpoints.getLatestRestoredCheckpoint() != null;
    }

    /**
     * Takes a checkpoint of everything, beside those that the job takes by itself.
     *
     * @return what it came to once it was complete
     */
    public CompletedCheckpointStats checkpoint() {
      long number =
          get(
              cluster.triggerCheckpoint(id, CheckpointType.FULL),
              "take a checkpoint",
              CHECKPOINT_TIMEOUT_SECONDS);
      CompletedCheckpointStats latest =
          graph().getCheckpointStatsSnapshot().getHistory().getLatestCompletedCheckpoint();
      if (latest == null || latest.getCheckpointId() != number) {
        throw new CliException("the checkpoint must be the latest: " + number);
      }
      return latest;
    }

    /**
     * Leaves a savepoint, in the form that every state backend reads, and lets the job go on.
     *
     * @return its folder, a new one under this one
     */
    public Path savepoint(Path savepoints) {
      String folder =
          get(
              cluster.triggerSavepoint(
                  id, savepoints.toUri().toString(), false, SavepointFormatType.CANONICAL),
              "take a savepoint");
      return Path.of(URI.create(folder));
    }

    /**
     * Stops the job after a last commit of what it has read and made, and waits until it has gone.
     *
     * @throws CliException if it cannot commit; it is then still running
     */
    public void stop() {
      stop(folder.resolve("last"));
    }

    /** Stops the job likewise and leaves its state in a new folder under this one. */
    public void stop(Path savepoints) {
      get(
          cluster.stopWithSavepoint(
              id, savepoints.toUri().toString(), false, SavepointFormatType.NATIVE),
          "stop the job");
      get(result, "stop the job");
    }

    /**
     * How many bytes each task of a job that has ended gave to the tasks after it, by the name of
     * the task; all its subtasks together. What went to a task of the same chain is not counted.
     *
     * @throws CliException while the job runs, and where a task of it never did
     */
    public Map<String, Long> bytesOut() {
      if (!result.isDone()) {
        throw new CliException("the job must have ended before its bytes are counted");
      }
      Map<String, Long> bytes = new LinkedHashMap<>();
      for (AccessExecutionVertex vertex : graph().getAllExecutionVertices()) {
        IOMetrics metrics = vertex.getCurrentExecutionAttempt().getIOMetrics();
        if (metrics == null) {
          throw new CliException(
              "every task must have run: " + vertex.getTaskNameWithSubtaskIndex());
        }
        String task = vertex.getTaskNameWithSubtaskIndex().replaceFirst(" \\(\\d+/\\d+\\)$", "");
        bytes.merge(task, metrics.getNumBytesOut(), Long::sum);
      }
      return bytes;
    }

    private boolean allTasksRun() {
      for (AccessExecutionVertex vertex : graph().getAllExecutionVertices()) {
        if (vertex.getExecutionState() != ExecutionState.RUNNING) {
          return false;
        }
      }
      return true;
    }

    private ArchivedExecutionGraph graph() {
      return get(cluster.getArchivedExecutionGraph(id), "ask for the tasks of the job");
    }
  }

  private static String rootMessage(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
  }

  private static <T> T get(CompletableFuture<T> future, String what) {
    return get(future, what, TIMEOUT_SECONDS);
  }

  private static <T> T get(CompletableFuture<T> future, String what, long seconds) {
    try {
      return future.get(seconds, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CliException("interrupted; could not " + what, e);
    } catch (ExecutionException e) {
      throw new CliException("could not " + what + ": " + rootMessage(e), e.getCause());
    } catch (TimeoutException e) {
      throw new CliException("could not %s within %d seconds".formatted(what, seconds), e);
    }
  }
}
