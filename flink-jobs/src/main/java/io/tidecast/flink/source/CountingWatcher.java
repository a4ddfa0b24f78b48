package io.tidecast.flink.source;

import io.tidecast.flink.metrics.JobMetric;
import io.tidecast.flink.metrics.JobMetrics;
import io.tidecast.flink.registry.RegistryWatcher;
import org.apache.flink.metrics.Counter;

/** Counts what becomes of the requests to a registry. */
final class CountingWatcher implements RegistryWatcher {

  private final Counter requests;
  private final Counter failures;

  CountingWatcher(JobMetrics metrics) {
    this.requests = metrics.counter(JobMetric.REGISTRY_REQUESTS);
    this.failures = metrics.counter(JobMetric.FAILED_REGISTRY_REQUESTS);
  }

  @Override
  public void asked() {
    requests.inc();
  }

  @Override
  public void failed() {
    failures.inc();
  }
}
