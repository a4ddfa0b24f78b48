package io.tidecast.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.HistogramStatistics;
import org.apache.flink.metrics.LogicalScopeProvider;
import org.apache.flink.metrics.Metric;
import org.apache.flink.metrics.MetricGroup;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Flink's metrics as meters of a registry: named by {@link MetricName}, with Flink's variables as
 * tags. Any thread may call it.
 *
 * <p>A task that is started again registers its metrics anew, sometimes before those of its last
 * attempt are gone. Both have one name here, and the newest is read.
 */
final class Meters {
  private static final Logger LOGGER = LoggerFactory.getLogger(Meters.class);

  /** Prometheus keeps {@code quantile} for summaries, which know the sum of their values too. */
  private static final String PERCENTILE = "percentile";

  private static final String VERSION = "version";
  private static final String[] PERCENTILES = {"50", "75", "95", "99", "99.9"};

  /** Would make new series of every restart, and say nothing that the others don't. */
  private static final Set<String> LEFT_OUT =
      Set.of("task_attempt_id", "task_attempt_num", "task_id", "operator_id");

  private final MeterRegistry registry;
  private final Map<Key, Slot> slots = new HashMap<>();
  private final Set<String> refused = new HashSet<>();

  /** Where metrics that only the attempt tells apart are found. */
  private record Key(MetricName name, Tags tags, boolean isVersion) {}

  /**
   * @param metrics of one name, the newest last
   * @param meters that read it
   */
  private record Slot(List<Metric> metrics, List<Meter> meters) {

    Slot() {
      this(new ArrayList<>(), new ArrayList<>());
    }

    Metric newest() {
      return metrics.get(metrics.size() - 1);
    }
  }

  Meters(MeterRegistry registry) {
    this.registry = registry;
    registry.config().onMeterRegistrationFailed((id, reason) -> refuse(id.getName(), reason));
  }

  synchronized void add(Metric metric, String name, MetricGroup group) {
    Key key = key(name, group);
    Slot slot = slots.computeIfAbsent(key, k -> new Slot());
    slot.metrics().add(metric);
    if (key.isVersion()) {
      showVersion(key, slot);
    } else if (slot.meters().isEmpty() && !(key.name().isOwn() && isText(metric))) {
      register(key, () -> register(key, slot, metric));
    }
  }

  /** Tells a text, which may be a part of somebody's record, and is no number anyway. */
  private static boolean isText(Metric metric) {
    return metric instanceof org.apache.flink.metrics.Gauge<?>
        && !textOf(metric).isEmpty()
        && ((org.apache.flink.metrics.Gauge<?>) metric).getValue() instanceof CharSequence;
  }

  private void register(Key key, Runnable registration) {
    try {
      registration.run();
    } catch (IllegalArgumentException e) {
      refuse(key.name().name(), String.valueOf(e.getMessage()));
    }
  }

  /** Looks at versions, which are texts, anew. It is to be called before meters are read. */
  synchronized void refresh() {
    slots.forEach(
        (key, slot) -> {
          if (key.isVersion()) {
            showVersion(key, slot);
          }
        });
  }

  /** A version is a tag of a meter that is always 1; another version is another meter. */
  private void showVersion(Key key, Slot slot) {
    String version = textOf(slot.newest());
    boolean isShown =
        slot.meters().stream().anyMatch(meter -> version.equals(meter.getId().getTag(VERSION)));
    if (isShown) {
      return;
    }
    slot.meters().forEach(registry::remove);
    slot.meters().clear();
    if (!version.isEmpty()) {
      register(
          key,
          () ->
              slot.meters()
                  .add(
                      Gauge.builder(key.name().and("info").name(), () -> 1)
                          .description(key.name().description())
                          .tags(key.tags().and(VERSION, version))
                          .strongReference(true)
                          .register(registry)));
    }
  }

  private static String textOf(Metric gauge) {
    try {
      Object value = ((org.apache.flink.metrics.Gauge<?>) gauge).getValue();
      return value == null ? "" : value.toString();
    } catch (RuntimeException e) {
      LOGGER.debug("A metric can't be read", e);
      return "";
    }
  }

  synchronized void remove(Metric metric, String name, MetricGroup group) {
    Key key = key(name, group);
    Slot slot = slots.get(key);
    if (slot == null) {
      return;
    }
    slot.metrics().removeIf(other -> other == metric);
    if (slot.metrics().isEmpty()) {
      slot.meters().forEach(registry::remove);
      slots.remove(key);
    }
  }

  private static Key key(String name, MetricGroup group) {
    String scope = LogicalScopeProvider.castFrom(group).getLogicalScope(Meters::withoutDots, '.');
    List<Tag> tags = new ArrayList<>();
    group
        .getAllVariables()
        .forEach(
            (variable, value) -> {
              String label = variable.replaceAll("^<|>$", "");
              if (!LEFT_OUT.contains(label)) {
                tags.add(Tag.of(label, value));
              }
            });
    return new Key(
        MetricName.of(scope, withoutDots(name)), Tags.of(tags), MetricName.isVersion(scope, name));
  }

  private static String withoutDots(String text) {
    return text.replace('.', '_');
  }

  private void register(Key key, Slot slot, Metric metric) {
    switch (metric.getMetricType()) {
      case COUNTER -> counter(slot, key.name(), key.tags(), m -> ((Counter) m).getCount());
      case GAUGE -> gauge(slot, key.name(), key.tags(), Meters::valueOf);
      case METER ->
          gauge(slot, key.name(), key.tags(), m -> ((org.apache.flink.metrics.Meter) m).getRate());
      case HISTOGRAM -> histogram(slot, key.name(), key.tags());
    }
  }

  private void counter(Slot slot, MetricName name, Tags tags, ToDoubleFunction<Metric> value) {
    slot.meters()
        .add(
            FunctionCounter.builder(name.name(), slot, s -> newest(s, value) / name.divisor())
                .baseUnit(unit(name))
                .description(name.description())
                .tags(tags)
                .register(registry));
  }

  private static @Nullable String unit(MetricName name) {
    return name.unit().isEmpty() ? null : name.unit();
  }

  private void gauge(Slot slot, MetricName name, Tags tags, ToDoubleFunction<Metric> value) {
    slot.meters()
        .add(
            Gauge.builder(name.name(), slot, s -> newest(s, value) / name.divisor())
                .baseUnit(unit(name))
                .description(name.description())
                .tags(tags)
                .strongReference(true)
                .register(registry));
  }

  private void histogram(Slot slot, MetricName name, Tags tags) {
    for (String percentile : PERCENTILES) {
      double quantile = Double.parseDouble(percentile) / 100;
      gauge(slot, name, tags.and(PERCENTILE, percentile), m -> statistics(m).getQuantile(quantile));
    }
    gauge(slot, name.and("mean"), tags, m -> statistics(m).getMean());
    gauge(slot, name.and("max"), tags, m -> statistics(m).getMax());
    counter(slot, name.count(), tags, m -> ((Histogram) m).getCount());
  }

  private static HistogramStatistics statistics(Metric metric) {
    return ((Histogram) metric).getStatistics();
  }

  /** What is no number is shown as NaN: Prometheus knows nothing else. */
  private static double valueOf(Metric gauge) {
    Object value = ((org.apache.flink.metrics.Gauge<?>) gauge).getValue();
    if (value instanceof Number number) {
      return number.doubleValue();
    }
    return value instanceof Boolean flag ? (flag ? 1 : 0) : Double.NaN;
  }

  /** A metric that fails is shown as NaN, and leaves the others alone. */
  private double newest(Slot slot, ToDoubleFunction<Metric> value) {
    Metric metric;
    synchronized (this) {
      if (slot.metrics().isEmpty()) {
        return Double.NaN;
      }
      metric = slot.newest();
    }
    try {
      return value.applyAsDouble(metric);
    } catch (RuntimeException e) {
      LOGGER.debug("A metric can't be read", e);
      return Double.NaN;
    }
  }

  private void refuse(String name, String reason) {
    if (refused.add(name)) {
      LOGGER.warn("The metric {} can't be shown: {}", name, reason);
    }
  }
}
