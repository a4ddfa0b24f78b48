package io.tidecast.metrics;

import static java.util.Objects.requireNonNull;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import org.apache.flink.metrics.Metric;
import org.apache.flink.metrics.MetricConfig;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.reporter.MetricReporter;
import org.jspecify.annotations.Nullable;

/**
 * Serves Flink's metrics at {@code http://host:port/metrics} for Prometheus to fetch.
 *
 * <p>Settings, below {@code metrics.reporter.<name>.}: {@code host}, the address to listen on, by
 * default {@value #DEFAULT_HOST}, which only this machine reaches; {@code port}, a port or a range
 * of which the first free one is taken, by default {@value #DEFAULT_PORT}.
 *
 * <p>Flink calls it from one thread at a time; HTTP is served by threads of its own.
 */
public final class PrometheusReporter implements MetricReporter {
  static final String DEFAULT_HOST = "127.0.0.1";
  static final String DEFAULT_PORT = "9249-9260";

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Meters meters = new Meters(registry);
  private @Nullable ScrapeServer server;

  /**
   * Begins to listen.
   *
   * @throws IllegalArgumentException if a setting is unknown or wrong, or no port is free
   */
  @Override
  public void open(MetricConfig config) {
    ReporterSettings.check(config, List.of("host", "port"));
    server =
        ScrapeServer.start(
            config.getString("host", DEFAULT_HOST),
            PortRange.parse(config.getString("port", DEFAULT_PORT)),
            this::scrape);
  }

  private String scrape(String contentType) {
    meters.refresh();
    return registry.scrape(contentType);
  }

  /** The port that it listens on, once it is open. */
  int port() {
    return requireNonNull(server, "server is null").port();
  }

  @Override
  public void close() {
    if (server != null) {
      server.close();
    }
    registry.close();
  }

  @Override
  public void notifyOfAddedMetric(Metric metric, String name, MetricGroup group) {
    meters.add(metric, name, group);
  }

  @Override
  public void notifyOfRemovedMetric(Metric metric, String name, MetricGroup group) {
    meters.remove(metric, name, group);
  }
}
