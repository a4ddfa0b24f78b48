package io.tidecast.flink.metrics;

import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.ThreadSafeSimpleCounter;
import org.apache.flink.runtime.metrics.DescriptiveStatisticsHistogram;

/** Registers the metrics of one operator. Counters and histograms take any thread. */
public final class JobMetrics {

  private static final int HISTOGRAM_SAMPLES = 1_024;

  private final MetricGroup group;

  public JobMetrics(MetricGroup operator) {
    this.group = operator.addGroup("tidecast");
  }

  public Counter counter(JobMetric metric) {
    return group.counter(metric.metricName(), new ThreadSafeSimpleCounter());
  }

  /** One counter for each reason, told apart by the variable {@code reason}. */
  public Counter counter(JobMetric metric, String reason) {
    return group
        .addGroup("reason", reason)
        .counter(metric.metricName(), new ThreadSafeSimpleCounter());
  }

  public Histogram histogram(JobMetric metric) {
    return group.histogram(
        metric.metricName(), new DescriptiveStatisticsHistogram(HISTOGRAM_SAMPLES));
  }

  public void gaugeMillis(JobMetric metric, Gauge<Long> gauge) {
    group.gauge(metric.metricName(), gauge);
  }

  public void gauge(JobMetric metric, Gauge<Integer> gauge) {
    group.gauge(metric.metricName(), gauge);
  }
}
