package io.tidecast.benchmarks.stream;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Metric;
import org.apache.flink.metrics.MetricConfig;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.reporter.MetricReporter;
import org.apache.flink.metrics.reporter.MetricReporterFactory;

/**
 * Reads what RocksDB counts of itself in a cluster of this JVM, and still has it when that has
 * ended. Flink asks RocksDB every five seconds. Any thread may use it.
 */
public final class RocksDbFigures implements MetricReporter {

  private static final String REPORTER = "metrics.reporter.tidecast-rocksdb.";
  private static final String ASK = "state.backend.rocksdb.metrics.";

  private static final List<String> ASKED =
      List.of(
          "bytes-read",
          "bytes-written",
          "block-cache-hit",
          "block-cache-miss",
          "compaction-read-bytes",
          "compaction-write-bytes",
          "stall-micros",
          "size-all-mem-tables",
          "estimate-pending-compaction-bytes",
          "estimate-table-readers-mem",
          "total-sst-files-size",
          "block-cache-usage",
          "block-cache-capacity");

  /** Begins an identifier: task manager, job, operator and the number of the subtask. */
  private static final Pattern OF_A_SUBTASK = Pattern.compile(".*\\.\\d+\\.");

  /** Those of this JVM, by the number that the cluster's settings have for each. */
  private static final Map<String, RocksDbFigures> OPEN = new ConcurrentHashMap<>();

  private final Map<String, Gauge<?>> gauges = new ConcurrentHashMap<>();

  /** Has a cluster that is started with these settings, which are changed, report here. */
  void askFor(Configuration settings) {
    String number = String.valueOf(System.identityHashCode(this));
    OPEN.put(number, this);
    settings.setString(REPORTER + "factory.class", Factory.class.getName());
    settings.setString(REPORTER + "figures", number);
    ASKED.forEach(name -> settings.setString(ASK + name, "true"));
  }

  /**
   * Each figure that is not 0, by the state that it is of and its own name; the sum of all
   * subtasks. The cache is one for all states, each of which tells of it.
   */
  Map<String, Double> sums() {
    Map<String, Double> sums = new TreeMap<>();
    gauges.forEach(
        (identifier, gauge) -> {
          if (gauge.getValue() instanceof Number number) {
            sums.merge(
                OF_A_SUBTASK.matcher(identifier).replaceFirst(""),
                number.doubleValue(),
                Double::sum);
          }
        });
    sums.values().removeIf(sum -> sum == 0);
    return sums;
  }

  @Override
  public void open(MetricConfig config) {}

  @Override
  public void close() {
    OPEN.values().remove(this);
  }

  @Override
  public void notifyOfAddedMetric(Metric metric, String name, MetricGroup group) {
    String identifier = group.getMetricIdentifier(name);
    if (metric instanceof Gauge<?> gauge && identifier.contains("rocksdb")) {
      gauges.put(identifier, gauge);
    }
  }

  @Override
  public void notifyOfRemovedMetric(Metric metric, String name, MetricGroup group) {}

  /** Finds the figures that a cluster was configured with. */
  public static final class Factory implements MetricReporterFactory {

    @Override
    public MetricReporter createMetricReporter(Properties properties) {
      String figures = properties.getProperty("figures");
      return requireNonNull(OPEN.get(figures), () -> "must be open: figures=" + figures);
    }
  }
}
