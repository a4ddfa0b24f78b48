package io.tidecast.flink.testing;

import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;

/** Remembers what is registered, under names such as {@code tidecast.reason=late.deadLetters}. */
public final class TestingMetrics extends UnregisteredMetricsGroup {

  private final String prefix;
  private final Map<String, Counter> counters;
  private final Map<String, Histogram> histograms;
  private final Map<String, Gauge<?>> gauges;

  public TestingMetrics() {
    this("", new TreeMap<>(), new TreeMap<>(), new TreeMap<>());
  }

  private TestingMetrics(
      String prefix,
      Map<String, Counter> counters,
      Map<String, Histogram> histograms,
      Map<String, Gauge<?>> gauges) {
    this.prefix = prefix;
    this.counters = counters;
    this.histograms = histograms;
    this.gauges = gauges;
  }

  public long count(String name) {
    return counters.get(name).getCount();
  }

  public Histogram histogram(String name) {
    return histograms.get(name);
  }

  public Object gauge(String name) {
    return gauges.get(name).getValue();
  }

  @Override
  public <T, G extends Gauge<T>> G gauge(String name, G gauge) {
    gauges.put(prefix + name, gauge);
    return gauge;
  }

  @Override
  public <C extends Counter> C counter(String name, C counter) {
    counters.put(prefix + name, counter);
    return counter;
  }

  @Override
  public <H extends Histogram> H histogram(String name, H histogram) {
    histograms.put(prefix + name, histogram);
    return histogram;
  }

  @Override
  public MetricGroup addGroup(String name) {
    return new TestingMetrics(prefix + name + ".", counters, histograms, gauges);
  }

  @Override
  public MetricGroup addGroup(String key, String value) {
    return new TestingMetrics(prefix + key + "=" + value + ".", counters, histograms, gauges);
  }
}
