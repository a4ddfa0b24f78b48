package io.tidecast.benchmarks.faults;

import io.tidecast.benchmarks.cluster.FlinkCluster;
import org.jspecify.annotations.Nullable;

/**
 * What a case needs around its job.
 *
 * @param brokers 1, or 3 that hold everything three times
 * @param cluster the cluster of the job; null where the job is a process of its own
 */
record Surroundings(int brokers, FlinkCluster.@Nullable Layout cluster) {

  /** {@code tidecast run} and one broker. */
  static final Surroundings PROCESS = new Surroundings(1, null);

  /** Two JobManagers, three TaskManagers of which one is to spare, and one broker. */
  static final Surroundings CLUSTER = new Surroundings(1, new FlinkCluster.Layout(2, 3, false));

  /** The same with a cable to one of the TaskManagers. */
  static final Surroundings CABLE = new Surroundings(1, new FlinkCluster.Layout(2, 3, true));

  /** The same with three brokers, but no cable. */
  static final Surroundings THREE_BROKERS =
      new Surroundings(3, new FlinkCluster.Layout(2, 3, false));

  /** Everything that a fault can be inflicted on. */
  static final Surroundings ALL = new Surroundings(3, new FlinkCluster.Layout(2, 3, true));
}
