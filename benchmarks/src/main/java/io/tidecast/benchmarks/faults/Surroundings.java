package io.tidecast.benchmarks.faults;

import io.tidecast.benchmarks.cluster.FlinkCluster;
import org.jspecify.annotations.Nullable;

/**
 * What a case needs around its job.
 *
 * @param brokers 1, or 3 that hold everything three times
 * @param cluster the cluster of the job; null where the job is a process of its own
 * @param diskMegabytes of the disk of the checkpoints, which can be filled; 0 for that of the
 *     folder
 */
record Surroundings(int brokers, FlinkCluster.@Nullable Layout cluster, int diskMegabytes) {

  /** {@code tidecast run} and one broker. */
  static final Surroundings PROCESS = new Surroundings(1, null, 0);

  /** The same with checkpoints on a small disk. */
  static final Surroundings PROCESS_ON_SMALL_DISK = new Surroundings(1, null, 8);

  /** Two JobManagers, three TaskManagers of which one is to spare, and one broker. */
  static final Surroundings CLUSTER = cluster(false);

  /** The same with checkpoints on a small disk. */
  static final Surroundings SMALL_DISK = new Surroundings(1, CLUSTER.cluster, 64);

  /** The same with a cable to one of the TaskManagers. */
  static final Surroundings CABLE = cluster(true);

  /** A cluster whose JobManagers bring the job. */
  static final Surroundings APPLICATION =
      new Surroundings(1, new FlinkCluster.Layout(2, 3, false, FlinkCluster.Mode.APPLICATION), 0);

  /** The same with three brokers, but no cable. */
  static final Surroundings THREE_BROKERS = new Surroundings(3, CLUSTER.cluster, 0);

  private static Surroundings cluster(boolean cable) {
    return new Surroundings(1, new FlinkCluster.Layout(2, 3, cable), 0);
  }

  /** What serves whatever needs either of the two. */
  Surroundings with(Surroundings other) {
    FlinkCluster.Layout mine = cluster;
    FlinkCluster.Layout others = other.cluster;
    return new Surroundings(
        Math.max(brokers, other.brokers),
        mine == null || others != null && others.cable() ? others : mine,
        Math.max(diskMegabytes, other.diskMegabytes));
  }
}
