package io.tidecast.cli.meter;

import static java.util.Objects.requireNonNull;

import io.tidecast.flink.metrics.JobMetric;
import java.util.Arrays;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Metric;
import org.apache.flink.metrics.MetricConfig;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.reporter.MetricReporter;
import org.apache.flink.metrics.reporter.MetricReporterFactory;
import org.jspecify.annotations.Nullable;

/**
 * Reads the metrics of a job that runs in this JVM, while it runs and after it ended. A subtask
 * that was started again has those of its last attempt. Any thread may use it.
 */
public final class JobMeter implements MetricReporter {

  private static final String REPORTER = "metrics.reporter.tidecast-meter.";

  private static final Map<String, JobMetric> NAMES =
      Arrays.stream(JobMetric.values())
          .collect(Collectors.toMap(JobMetric::metricName, Function.identity()));

  /** Ends the identifier of a metric of the job, after the scope of its operator. */
  private static final Pattern OF_THE_JOB =
      Pattern.compile(".*\\.tidecast\\.(?:reason\\.([^.]+)\\.)?([^.]+)");

  /** Flink's own: how far the times of one partition of the observations have come. */
  private static final Pattern OF_A_PARTITION =
      Pattern.compile(
          ".*\\.Source: observations\\.\\d+\\.split\\.(.+)\\.watermark\\.currentWatermark");

  /** The meters of this JVM by the number that the cluster's configuration has for each. */
  private static final Map<String, JobMeter> METERS = new ConcurrentHashMap<>();

  private final Map<String, Registered> metrics = new ConcurrentHashMap<>();
  private final Map<String, Gauge<?>> watermarks = new ConcurrentHashMap<>();

  /** What counters had come to that a later attempt of their subtask has replaced. */
  private final Map<JobMetric, Long> former = new ConcurrentHashMap<>();

  private volatile boolean goesOn;

  /**
   * @param reason null for a metric without reasons
   */
  private record Registered(JobMetric name, @Nullable String reason, Metric metric) {}

  /** Makes a meter of a cluster that is started with these settings, which are changed. */
  public static JobMeter of(Configuration settings) {
    JobMeter meter = new JobMeter();
    String number = String.valueOf(System.identityHashCode(meter));
    METERS.put(number, meter);
    settings.setString(REPORTER + "factory.class", Factory.class.getName());
    settings.setString(REPORTER + "meter", number);
    return meter;
  }

  /** Takes note that the job goes on from a checkpoint, of which its counters know nothing. */
  public void goOn() {
    goesOn = true;
  }

  /** Reads all metrics of the job as they are now. */
  public JobFigures figures() {
    JobFigures figures = new JobFigures();
    if (goesOn) {
      figures.withGoingOn();
    }
    metrics.values().forEach(one -> put(one, figures));
    watermarks.forEach(
        (partition, gauge) -> {
          if (valueOf(gauge) instanceof Long millis) {
            figures.withWatermark(partition, millis);
          }
        });
    former.forEach(figures::withEarlier);
    return figures;
  }

  private static void put(Registered one, JobFigures figures) {
    if (one.metric instanceof Counter counter) {
      put(one, counter.getCount(), figures);
    } else if (one.metric instanceof Gauge<?> gauge) {
      Object value = valueOf(gauge);
      if (value instanceof Number number) {
        put(one, number.longValue(), figures);
      } else if (value instanceof String text && one.reason != null) {
        figures.withExample(one.reason, text);
      }
    }
  }

  /** Null where there is none: a gauge of Flink's may be registered before what it reads is. */
  private static @Nullable Object valueOf(Gauge<?> gauge) {
    try {
      return gauge.getValue();
    } catch (RuntimeException e) {
      return null;
    }
  }

  private static void put(Registered one, long value, JobFigures figures) {
    if (one.reason == null) {
      figures.with(one.name, value);
    } else {
      figures.with(one.name, one.reason, value);
    }
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
    Matcher partition = OF_A_PARTITION.matcher(identifier);
    if (metric instanceof Gauge<?> gauge && partition.matches()) {
      watermarks.put(partition.group(1), gauge);
      return;
    }
    Matcher ofTheJob = OF_THE_JOB.matcher(identifier);
    JobMetric known = ofTheJob.matches() ? NAMES.get(ofTheJob.group(2)) : null;
    if (known == null) {
      return;
    }
    Registered before = metrics.put(identifier, new Registered(known, ofTheJob.group(1), metric));
    if (before != null && before.metric instanceof Counter counter && counter.getCount() > 0) {
      former.merge(known, counter.getCount(), Long::sum);
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
