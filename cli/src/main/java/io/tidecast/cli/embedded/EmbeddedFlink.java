package io.tidecast.cli.embedded;

import static java.util.Objects.requireNonNull;

import io.tidecast.cli.console.CliException;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
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
import org.apache.flink.runtime.checkpoint.FailedCheckpointStats;
import org.apache.flink.runtime.checkpoint.RestoredCheckpointStats;
import org.apache.flink.runtime.execution.ExecutionState;
import org.apache.flink.runtime.executiongraph.AccessExecutionVertex;
import org.apache.flink.runtime.executiongraph.ArchivedExecutionGraph;
import org.apache.flink.runtime.executiongraph.ErrorInfo;
import org.apache.flink.runtime.executiongraph.IOMetrics;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobgraph.SavepointRestoreSettings;
import org.apache.flink.runtime.jobgraph.tasks.CheckpointCoordinatorConfiguration;
import org.apache.flink.runtime.jobmaster.JobResult;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.runtime.minicluster.RpcServiceSharing;
import org.apache.flink.runtime.scheduler.exceptionhistory.RootExceptionHistoryEntry;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.flink.util.SerializedThrowable;

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
  private final TaskManagers taskManagers;

  private EmbeddedFlink(TemporaryFolder folder, MiniCluster cluster) {
    this.folder = folder;
    this.cluster = cluster;
    this.taskManagers = new TaskManagers(cluster);
  }

  /**
   * Starts a cluster of one task manager, which is replaced when it ends.
   *
   * @param slots the greatest parallelism of its job
   * @param settings of the cluster, such as the restart strategy; copied
   */
  public static EmbeddedFlink start(int slots, Configuration settings) {
    requireNonNull(settings, "settings is null");
    TemporaryFolder folder = new TemporaryFolder("flink");
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
      flink.taskManagers.watch();
    } catch (Exception e) {
      flink.close();
      throw new CliException("the embedded Flink cluster did not start: " + e.getMessage(), e);
    }
    return flink;
  }

  /** Where Flink's REST interface is, on loopback. */
  public URI rest() {
    return get(cluster.getRestAddress(), "ask for the address of Flink's REST interface");
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
    taskManagers.close();
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
        check();
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
      if (!cluster.isRunning()) {
        throw new CliException("the embedded Flink cluster has ended; --debug shows why");
      }
      taskManagers.check();
      if (result.isDone()) {
        Throwable cause = endedBy().orElse(null);
        throw new CliException(
            "the job has ended: " + (cause == null ? "cancelled" : rootMessage(cause)), cause);
      }
    }

    /** Says what the job has failed by for good; empty while it goes on, and after a good end. */
    public Optional<Throwable> endedBy() {
      return result.isDone()
          ? get(result, "ask for the result of the job")
              .getSerializedThrowable()
              .map(EmbeddedFlink::deserialized)
          : Optional.empty();
    }

    /**
     * Lists what the job failed by after this time, the earliest first; Flink remembers the latest
     * 16 failures.
     */
    public List<Failure> failures(long afterMillis) {
      List<Failure> failures = new ArrayList<>();
      for (RootExceptionHistoryEntry entry :
          get(cluster.getExecutionGraphInfo(id), "ask for the failures of the job")
              .getExceptionHistory()) {
        if (entry.getTimestamp() > afterMillis) {
          List<Throwable> causes = new ArrayList<>();
          causes.add(deserialized(entry.getException()));
          entry
              .getConcurrentExceptions()
              .forEach(other -> causes.add(deserialized(other.getException())));
          failures.add(new Failure(entry.getTimestamp(), causes));
        }
      }
      failures.sort(Comparator.comparingLong(Failure::atMillis));
      return failures;
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
          .map(EmbeddedFlink::deserialized)
          .map(EmbeddedFlink::rootMessage);
    }

    /** Says whether the job has gone on from a checkpoint, not from where it once began. */
    public boolean restored() {
      return checkpoints().map(CheckpointStatsSnapshot::getLatestRestoredCheckpoint).isPresent();
    }

    /** Names the folder of the checkpoint or savepoint that the job has gone on from last. */
    public Optional<String> restoredFrom() {
      return checkpoints()
          .map(CheckpointStatsSnapshot::getLatestRestoredCheckpoint)
          .map(RestoredCheckpointStats::getExternalPath);
    }

    /** Says how many checkpoints are complete. */
    public long completedCheckpoints() {
      return checkpoints()
          .map(stats -> stats.getCounts().getNumberOfCompletedCheckpoints())
          .orElse(0L);
    }

    /**
     * Lists the checkpoints and savepoints that are complete, the latest first; those that Flink
     * still remembers ({@code web.checkpoints.history}).
     */
    public List<CompletedCheckpointStats> completed() {
      List<CompletedCheckpointStats> completed = new ArrayList<>();
      checkpoints()
          .ifPresent(
              stats ->
                  stats
                      .getHistory()
                      .getCheckpoints()
                      .forEach(
                          one -> {
                            if (one instanceof CompletedCheckpointStats complete) {
                              completed.add(complete);
                            }
                          }));
      return completed;
    }

    /** Says how often the job is to take a checkpoint; empty where it takes none by itself. */
    public Optional<Duration> checkpointInterval() {
      return Optional.ofNullable(graph().getCheckpointCoordinatorConfiguration())
          .filter(CheckpointCoordinatorConfiguration::isCheckpointingEnabled)
          .map(CheckpointCoordinatorConfiguration::getCheckpointInterval)
          .map(Duration::ofMillis);
    }

    /** Says why the latest checkpoint failed that did, as far as Flink tells. */
    public Optional<String> failedCheckpoint() {
      return checkpoints()
          .map(stats -> stats.getHistory().getLatestFailedCheckpoint())
          .map(FailedCheckpointStats::getFailureMessage);
    }

    private Optional<CheckpointStatsSnapshot> checkpoints() {
      return Optional.ofNullable(graph().getCheckpointStatsSnapshot());
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

    /**
     * Stops the job likewise and leaves its state in a new folder under this one.
     *
     * @return that folder
     */
    public Path stop(Path savepoints) {
      String savepoint =
          get(
              cluster.stopWithSavepoint(
                  id, savepoints.toUri().toString(), false, SavepointFormatType.NATIVE),
              "stop the job",
              CHECKPOINT_TIMEOUT_SECONDS);
      get(result, "stop the job");
      return Path.of(URI.create(savepoint));
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

  /**
   * A failure that a job goes on after.
   *
   * @param causes of the tasks that failed together, the first to be told first
   */
  public record Failure(long atMillis, List<Throwable> causes) {

    public Failure {
      causes = List.copyOf(causes);
    }
  }

  private static Throwable deserialized(SerializedThrowable failure) {
    return failure.deserializeError(EmbeddedFlink.class.getClassLoader());
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
