package io.tidecast.metrics;

import io.micrometer.core.instrument.Clock;
import io.micrometer.registry.otlp.OtlpConfig;
import io.micrometer.registry.otlp.OtlpMeterRegistry;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Map;
import org.apache.flink.metrics.Metric;
import org.apache.flink.metrics.MetricConfig;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.reporter.MetricReporter;
import org.apache.flink.metrics.reporter.Scheduled;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends Flink's metrics to a collector of OpenTelemetry's, as protobuf over HTTP, whenever Flink's
 * {@code interval} has passed. Sums are cumulative, as Prometheus wants them.
 *
 * <p>Settings, below {@code metrics.reporter.<name>.}: {@code url}, by default {@value
 * #DEFAULT_URL}, which is on this machine; {@code headers}, such as {@code Authorization=Bearer
 * abc,X-Tenant=7}; {@code resource-attributes}, such as {@code service.name=forecasts}, by default
 * {@value #DEFAULT_RESOURCE}.
 *
 * <p>A collector that does not answer is told of in the log, and asked again after the next
 * interval; nothing is lost then, for sums are from the beginning. Flink calls it from one thread
 * at a time.
 */
public final class OtlpReporter implements MetricReporter, Scheduled {
  static final String DEFAULT_URL = "http://127.0.0.1:4318/v1/metrics";
  static final String DEFAULT_RESOURCE = "service.name=tidecast";

  private static final Logger LOGGER = LoggerFactory.getLogger(OtlpReporter.class);

  private @Nullable Sender sender;

  /**
   * Begins to send with the next interval.
   *
   * @throws IllegalArgumentException if a setting is unknown or wrong
   */
  @Override
  public void open(MetricConfig config) {
    ReporterSettings.check(config, List.of("url", "headers", "resource-attributes"));
    String url = config.getString("url", DEFAULT_URL);
    requireHttp(url);
    sender =
        new Sender(
            Map.of(
                "otlp.url",
                url,
                "otlp.headers",
                config.getString("headers", ""),
                "otlp.resourceAttributes",
                config.getString("resource-attributes", DEFAULT_RESOURCE),
                // Flink says when it is time.
                "otlp.enabled",
                "false"));
    LOGGER.info("Metrics for OpenTelemetry go to {}", url);
  }

  private static void requireHttp(String url) {
    try {
      URI uri = new URI(url);
      boolean isHttp = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      if (isHttp && uri.getHost() != null) {
        return;
      }
    } catch (URISyntaxException e) {
      // Falls through to the message.
    }
    throw new IllegalArgumentException(
        "must be an address such as " + DEFAULT_URL + ": url=" + url);
  }

  @Override
  public void report() {
    if (sender != null) {
      sender.publish();
    }
  }

  @Override
  public void close() {
    if (sender != null) {
      sender.close();
    }
  }

  @Override
  public void notifyOfAddedMetric(Metric metric, String name, MetricGroup group) {
    if (sender != null) {
      sender.meters.add(metric, name, group);
    }
  }

  @Override
  public void notifyOfRemovedMetric(Metric metric, String name, MetricGroup group) {
    if (sender != null) {
      sender.meters.remove(metric, name, group);
    }
  }

  /** The registry, which sends when it is told to. */
  private static final class Sender extends OtlpMeterRegistry {
    private final Meters meters;

    Sender(Map<String, String> settings) {
      super((OtlpConfig) settings::get, Clock.SYSTEM);
      this.meters = new Meters(this);
    }

    @Override
    protected void publish() {
      meters.refresh();
      super.publish();
    }
  }
}
