package io.tidecast.flink.metrics;

import io.tidecast.flink.metrics.JobMetric.Kind;
import java.time.Duration;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.SimpleCounter;
import org.apache.flink.metrics.ThreadSafeSimpleCounter;
import org.apache.flink.runtime.metrics.DescriptiveStatisticsHistogram;

/**
 * Registers the metrics of one operator, each as the kind that {@link JobMetric} says. Any thread
 * may write to histograms, and to counters but those of the task thread. Gauges are read by threads
 * of Flink's.
 */
public final class JobMetrics {

  /** All metrics of the job are in this group. */
  static final String GROUP = "tidecast";

  /** This variable tells the counters of one metric apart. */
  static final String REASON = "reason";

  /** This variable is the id of the model that a counter is of. */
  static final String MODEL = "model";

  /** This variable is the version of that model. */
  static final String VERSION = "version";

  /** This variable is one of the few series that a job names. */
  static final String SERIES = "series";

  /** This variable is what a target is called, or its number. */
  static final String TARGET = "target";

  /** This variable is how far after now a forecast is of, such as {@code 1h}. */
  static final String LEAD = "lead";

  /** A histogram is of this many of the last values. */
  static final int HISTOGRAM_SAMPLES = 1_024;

  private final MetricGroup group;

  /**
   * @param operator the group of the operator that has the metrics
   */
  public JobMetrics(MetricGroup operator) {
    this.group = operator.addGroup(GROUP);
  }

  /**
   * Registers a counter.
   *
   * @throws IllegalArgumentException if the metric is something else
   */
  public Counter counter(JobMetric metric) {
    require(metric, Kind.COUNTER);
    return group.counter(metric.metricName(), new ThreadSafeSimpleCounter());
  }

  /**
   * Registers a counter that the task thread alone writes to, for what is counted for every record:
   * to write to one that any thread may write to takes many times as long.
   *
   * @throws IllegalArgumentException if the metric is something else
   */
  public Counter counterOfTask(JobMetric metric) {
    require(metric, Kind.COUNTER);
    return group.counter(metric.metricName(), new SimpleCounter());
  }

  /**
   * Registers the counter of one reason.
   *
   * @param reason in lower case with hyphens
   * @throws IllegalArgumentException if the metric has no reasons
   */
  public Counter counter(JobMetric metric, String reason) {
    require(metric, Kind.COUNTER_BY_REASON);
    return group
        .addGroup(REASON, reason)
        .counter(metric.metricName(), new ThreadSafeSimpleCounter());
  }

  /**
   * Registers the counter of one version of a model, which the task thread alone writes to.
   *
   * @throws IllegalArgumentException if the metric is not counted by model
   */
  public Counter counter(JobMetric metric, String model, String version) {
    require(metric, Kind.COUNTER_BY_MODEL);
    return group
        .addGroup(MODEL, model)
        .addGroup(VERSION, version)
        .counter(metric.metricName(), new SimpleCounter());
  }

  /**
   * Registers a histogram of the last {@value #HISTOGRAM_SAMPLES} values.
   *
   * @throws IllegalArgumentException if the metric is something else
   */
  public Histogram histogram(JobMetric metric) {
    require(metric, Kind.HISTOGRAM);
    return group.histogram(
        metric.metricName(), new DescriptiveStatisticsHistogram(HISTOGRAM_SAMPLES));
  }

  /**
   * Registers a gauge of a time in epoch milliseconds.
   *
   * @throws IllegalArgumentException if the metric is something else
   */
  public void gaugeMillis(JobMetric metric, Gauge<Long> gauge) {
    require(metric, Kind.GAUGE);
    group.gauge(metric.metricName(), gauge);
  }

  /**
   * Registers a gauge of a count that may be large.
   *
   * @throws IllegalArgumentException if the metric is something else
   */
  public void gaugeCount(JobMetric metric, Gauge<Long> gauge) {
    require(metric, Kind.GAUGE);
    group.gauge(metric.metricName(), gauge);
  }

  /**
   * Registers a gauge of a count.
   *
   * @throws IllegalArgumentException if the metric is something else
   */
  public void gauge(JobMetric metric, Gauge<Integer> gauge) {
    require(metric, Kind.GAUGE);
    group.gauge(metric.metricName(), gauge);
  }

  /**
   * What a gauge of a chosen series is of.
   *
   * @param target its name, or its number where it has none
   * @param lead how far after now
   */
  public record OfSeries(String series, String target, Duration lead) {

    /** The lead in the largest unit that divides it, such as {@code 90min}. */
    private String leadText() {
      long millis = lead.toMillis();
      for (Unit unit : Unit.values()) {
        if (millis % unit.millis == 0) {
          return millis / unit.millis + unit.text;
        }
      }
      throw new IllegalStateException("every lead is of whole milliseconds: " + lead);
    }

    private enum Unit {
      DAY("d", 86_400_000),
      HOUR("h", 3_600_000),
      MINUTE("min", 60_000),
      SECOND("s", 1_000),
      MILLISECOND("ms", 1);

      private final String text;
      private final long millis;

      Unit(String text, long millis) {
        this.text = text;
        this.millis = millis;
      }
    }
  }

  /**
   * Registers a gauge of a chosen series.
   *
   * @throws IllegalArgumentException if the metric is something else
   */
  public void gauge(JobMetric metric, OfSeries of, Gauge<Double> gauge) {
    require(metric, Kind.GAUGE_BY_SERIES);
    group
        .addGroup(SERIES, of.series())
        .addGroup(TARGET, of.target())
        .addGroup(LEAD, of.leadText())
        .gauge(metric.metricName(), gauge);
  }

  /**
   * Registers a text of one reason.
   *
   * @param reason in lower case with hyphens
   * @throws IllegalArgumentException if the metric is something else
   */
  public void text(JobMetric metric, String reason, Gauge<String> gauge) {
    require(metric, Kind.TEXT_BY_REASON);
    group.addGroup(REASON, reason).gauge(metric.metricName(), gauge);
  }

  /**
   * Registers a text.
   *
   * @throws IllegalArgumentException if the metric is something else
   */
  public void text(JobMetric metric, Gauge<String> gauge) {
    require(metric, Kind.TEXT);
    group.gauge(metric.metricName(), gauge);
  }

  private static void require(JobMetric metric, Kind kind) {
    if (metric.kind() != kind) {
      throw new IllegalArgumentException(
          "metric must be a %s: %s is a %s".formatted(kind, metric, metric.kind()));
    }
  }
}
