package io.tidecast.metrics;

import java.util.Properties;
import org.apache.flink.metrics.reporter.MetricReporterFactory;

/** Makes the reporter that {@code metrics.reporter.<name>.factory.class} names. */
public final class OtlpReporterFactory implements MetricReporterFactory {

  @Override
  public OtlpReporter createMetricReporter(Properties properties) {
    return new OtlpReporter();
  }
}
