package io.tidecast.metrics;

import java.util.Properties;
import org.apache.flink.metrics.reporter.MetricReporterFactory;

/** Makes the reporter that {@code metrics.reporter.<name>.factory.class} names. */
public final class PrometheusReporterFactory implements MetricReporterFactory {

  @Override
  public PrometheusReporter createMetricReporter(Properties properties) {
    return new PrometheusReporter();
  }
}
