package io.tidecast.benchmarks.faults;

import io.tidecast.benchmarks.cluster.FlinkCluster;
import org.jspecify.annotations.Nullable;

/**
 * What a case needs around its job.
 *
 * @param brokers 1, or 3 that hold everything three times
 * @param cluster the cluster of the job; null where the job is a process of its own
 * @param smallDisk whether the checkpoints of the cluster are on a disk that can be filled
 */
record Surroundings(int brokers, FlinkCluster.@Nullable Layout cluster, boolean smallDisk) {

  /** {@code tidecast run} and one broker. */
  static final Surroundings PROCESS = new Surroundings(1, null, false);

  /** Two JobManagers, three TaskManagers of which one is to spare, and one broker. */
  static final Surroundings CLUSTER = cluster(false);

  /** The same with checkpoints on a small disk. */
  static final Surroundings SMALL_DISK = new Surroundings(1, CLUSTER.cluster, true);

  /** The same with a cable to one of the TaskManagers. */
  static final Surroundings CABLE = cluster(true);

  /** The same with three brokers, but no cable. */
  static final Surroundings THREE_BROKERS = new Surroundings(3, CLUSTER.cluster, false);

  private static Surroundings cluster(boolean cable) {
    return new Surroundings(1, new FlinkCluster.Layout(2, 3, cable), false);
  }

  /** What serves whatever needs either of the two. */
  Surroundings with(Surroundings other) {
    FlinkCluster.Layout mine = cluster;
    FlinkCluster.Layout others = other.cluster;
    return new Surroundings(
        Math.max(brokers, other.brokers),
        mine == null || others != null && others.cable() ? others : mine,
        smallDisk || other.smallDisk);
  }
}
