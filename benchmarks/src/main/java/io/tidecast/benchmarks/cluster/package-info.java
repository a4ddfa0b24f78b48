/**
 * A Flink cluster and ZooKeeper, each part in a process of its own, as people run them who have no
 * Kubernetes.
 */
@NullMarked
package io.tidecast.benchmarks.cluster;

import org.jspecify.annotations.NullMarked;
