package io.tidecast.cli.run;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.LongStream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Metric;
import org.apache.flink.metrics.MetricConfig;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.reporter.MetricReporter;
import org.apache.flink.metrics.reporter.MetricReporterFactory;

/**
 * Reads the metrics of a job that runs in this JVM, while it runs and after it ended. A subtask
 * that was started again has those of its last attempt. Any thread may use it.
 */
final class JobMeter implements MetricReporter {

  private static final String REPORTER = "metrics.reporter.tidecast-meter.";

  /** The meters of this JVM by the number that the cluster's configuration has for each. */
  private static final Map<String, JobMeter> METERS = new ConcurrentHashMap<>();

  private final Map<String, Metric> metrics = new ConcurrentHashMap<>();

  /** What counters had come to that a later attempt of their subtask has replaced. */
  private final Map<String, Long> former = new ConcurrentHashMap<>();

  /** Makes a meter of a cluster that is started with these settings, which are changed. */
  static JobMeter of(Configuration settings) {
    JobMeter meter = new JobMeter();
    String number = String.valueOf(System.identityHashCode(meter));
    METERS.put(number, meter);
    settings.setString(REPORTER + "factory.class", Factory.class.getName());
    settings.setString(REPORTER + "meter", number);
    return meter;
  }

  /** Reads a counter of the job, all subtasks and reasons together. */
  long count(String name) {
    return values(name).sum();
  }

  /** Reads a counter likewise, with what it came to in earlier attempts of the subtasks. */
  long countOfAllAttempts(String name) {
    return count(name)
        + former.entrySet().stream()
            .filter(entry -> entry.getKey().endsWith("." + name))
            .mapToLong(Map.Entry::getValue)
            .sum();
  }

  /** Finds the greatest value of a gauge of the job; {@link Long#MIN_VALUE} without any. */
  long greatest(String name) {
    return values(name).max().orElse(Long.MIN_VALUE);
  }

  private LongStream values(String name) {
    return metrics.entrySet().stream()
        .filter(entry -> entry.getKey().endsWith("." + name))
        .mapToLong(entry -> value(entry.getValue()));
  }

  private static long value(Metric metric) {
    if (metric instanceof Counter counter) {
      return counter.getCount();
    }
    return metric instanceof Gauge<?> gauge && gauge.getValue() instanceof Long value ? value : 0;
  }

  @Override
  public void open(MetricConfig config) {}

  @Override
  public void close() {
    METERS.values().remove(this);
  }

  @Override
  public void notifyOfAddedMetric(Metric metric, String name, MetricGroup group) {
    String identifier = group.getMetricIdentifier(name);
    if (identifier.contains(".tidecast.")) {
      if (metrics.put(identifier, metric) instanceof Counter counter) {
        former.merge(identifier, counter.getCount(), Long::sum);
      }
    }
  }

  @Override
  public void notifyOfRemovedMetric(Metric metric, String name, MetricGroup group) {}

  /** Finds the meter that a cluster was configured with. */
  public static final class Factory implements MetricReporterFactory {

    @Override
    public MetricReporter createMetricReporter(Properties properties) {
      String meter = properties.getProperty("meter");
      return requireNonNull(
          METERS.get(meter), () -> "the cluster must name a meter that is open: meter=" + meter);
    }
  }
}
