package io.tidecast.cli.embedded;

import io.tidecast.cli.console.CliException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.jspecify.annotations.Nullable;

/**
 * Starts another task manager when the one of a cluster has ended, which Flink has it do whenever a
 * task cannot be cleaned up: its producer refuses to close after an error, or a thread does not
 * stop. Without one the job would wait for ever. A thread of its own watches.
 */
final class TaskManagers implements AutoCloseable {
  private static final long INTERVAL_MILLIS = 500;
  private static final long TIMEOUT_SECONDS = 5;

  /** One that has not come by then does not come any more. */
  private static final long START_SECONDS = 30;

  private final MiniCluster cluster;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread daemon = new Thread(task, "tidecast-task-managers");
            daemon.setDaemon(true);
            return daemon;
          });

  private boolean connected;
  private volatile @Nullable Exception failure;
  private long startedNanos = System.nanoTime();

  TaskManagers(MiniCluster cluster) {
    this.cluster = cluster;
  }

  /** Watches from now on. */
  void watch() {
    var unused =
        thread.scheduleWithFixedDelay(
            this::look, INTERVAL_MILLIS, INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void look() {
    try {
      boolean there =
          cluster
                  .requestClusterOverview()
                  .get(TIMEOUT_SECONDS, TimeUnit.SECONDS)
                  .getNumTaskManagersConnected()
              > 0;
      long waited = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - startedNanos);
      if (!there && (connected || waited > START_SECONDS)) {
        startedNanos = System.nanoTime();
        cluster.startTaskManager();
      }
      connected = there;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      // The cluster is too busy to answer, or on its way out; the next look tells.
    } catch (Exception e) {
      failure = e;
    }
  }

  /**
   * Does nothing while there is a task manager, or one on its way.
   *
   * @throws CliException if none could be started
   */
  void check() {
    Exception found = failure;
    if (found != null) {
      throw new CliException("no other task manager could be started: " + found, found);
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
    try {
      thread.awaitTermination(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
