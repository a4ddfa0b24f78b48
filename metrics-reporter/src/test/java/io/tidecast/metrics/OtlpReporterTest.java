package io.tidecast.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricConfig;
import org.apache.flink.metrics.SimpleCounter;
import org.apache.flink.metrics.reporter.MetricReporterFactory;
import org.apache.flink.runtime.metrics.DescriptiveStatisticsHistogram;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OtlpReporterTest {
  private final OtlpReporter reporter = new OtlpReporter();

  /** What the collector was sent. */
  private final Queue<ExportMetricsServiceRequest> sent = new ConcurrentLinkedQueue<>();

  private final Queue<String> tokens = new ConcurrentLinkedQueue<>();
  private HttpServer collector;

  @BeforeEach
  void open() throws IOException {
    collector = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
    collector.createContext(
        "/v1/metrics",
        exchange -> {
          try (exchange) {
            assertThat(exchange.getRequestHeaders().getFirst("Content-Type"))
                .isEqualTo("application/x-protobuf");
            tokens.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
            sent.add(ExportMetricsServiceRequest.parseFrom(exchange.getRequestBody()));
            exchange.sendResponseHeaders(200, -1);
          }
        });
    collector.start();
  }

  @AfterEach
  void close() {
    reporter.close();
    collector.stop(0);
  }

  private void openReporter(String... more) {
    MetricConfig config = new MetricConfig();
    config.setProperty("factory.class", OtlpReporterFactory.class.getName());
    config.setProperty("interval", "10 s");
    config.setProperty(
        "url", "http://127.0.0.1:" + collector.getAddress().getPort() + "/v1/metrics");
    for (int i = 0; i < more.length; i += 2) {
      config.setProperty(more[i], more[i + 1]);
    }
    reporter.open(config);
  }

  private Map<String, Metric> metrics() {
    Map<String, Metric> metrics = new TreeMap<>();
    for (ResourceMetrics of : sent.remove().getResourceMetricsList()) {
      of.getScopeMetricsList()
          .forEach(
              scope ->
                  scope.getMetricsList().forEach(metric -> metrics.put(metric.getName(), metric)));
    }
    return metrics;
  }

  private static String attribute(List<KeyValue> attributes, String key) {
    return attributes.stream()
        .filter(pair -> pair.getKey().equals(key))
        .map(pair -> pair.getValue().getStringValue())
        .findFirst()
        .orElse("none");
  }

  @Test
  void shouldBeFoundByFlink() {
    assertThat(ServiceLoader.load(MetricReporterFactory.class))
        .anyMatch(OtlpReporterFactory.class::isInstance);
  }

  @Test
  void shouldSendWhatThereIsInBaseUnits() {
    openReporter();
    Counter counter = new SimpleCounter();
    counter.inc(7);
    reporter.notifyOfAddedMetric(
        counter,
        "deadLetters",
        new TestingGroup("operator.user.tidecast.reason", Map.of("<reason>", "late")));
    TestingGroup operator = new TestingGroup("operator.tidecast", Map.of());
    DescriptiveStatisticsHistogram micros = new DescriptiveStatisticsHistogram(10);
    micros.update(2_000_000);
    reporter.notifyOfAddedMetric(micros, "runMicros", operator);
    reporter.notifyOfAddedMetric((Gauge<String>) () -> "m/2", "activeVersion", operator);
    assertThat(sent).as("nothing before it is time").isEmpty();
    reporter.report();
    Map<String, Metric> metrics = metrics();
    Metric letters = metrics.get("tidecast.dead.letters");
    assertThat(letters.getSum().getIsMonotonic()).isTrue();
    assertThat(letters.getSum().getAggregationTemporality())
        .isEqualTo(AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE);
    NumberDataPoint late = letters.getSum().getDataPoints(0);
    assertThat(late.getAsDouble()).isEqualTo(7);
    assertThat(attribute(late.getAttributesList(), "reason")).isEqualTo("late");
    Metric run = metrics.get("tidecast.run.max");
    assertThat(run.getUnit()).isEqualTo("seconds");
    assertThat(run.getGauge().getDataPoints(0).getAsDouble()).isEqualTo(2);
    assertThat(
            attribute(
                metrics
                    .get("tidecast.active.version.info")
                    .getGauge()
                    .getDataPoints(0)
                    .getAttributesList(),
                "version"))
        .isEqualTo("m/2");
    counter.inc();
    reporter.report();
    assertThat(metrics().get("tidecast.dead.letters").getSum().getDataPoints(0).getAsDouble())
        .isEqualTo(8);
  }

  @Test
  void shouldSayWhoSendsItAndWithWhat() {
    openReporter(
        "headers",
        "Authorization=Bearer abc",
        "resource-attributes",
        "service.name=forecasts,deployment.environment=test");
    reporter.notifyOfAddedMetric(
        (Gauge<Integer>) () -> 1, "series", new TestingGroup("operator.tidecast", Map.of()));
    reporter.report();
    List<KeyValue> resource = sent.remove().getResourceMetrics(0).getResource().getAttributesList();
    assertThat(attribute(resource, "service.name")).isEqualTo("forecasts");
    assertThat(attribute(resource, "deployment.environment")).isEqualTo("test");
    assertThat(tokens).containsExactly("Bearer abc");
  }

  @Test
  void shouldGoOnWhenTheCollectorIsAway() {
    openReporter();
    Counter counter = new SimpleCounter();
    reporter.notifyOfAddedMetric(
        counter, "forecasts", new TestingGroup("operator.tidecast", Map.of()));
    int port = collector.getAddress().getPort();
    collector.stop(0);
    reporter.report();
    assertThat(sent).isEmpty();
    assertThat(port).isPositive();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "collector:4318", "ftp://collector/v1/metrics", "http:// x"})
  void shouldRefuseWhatIsNoAddress(String url) {
    assertThatThrownBy(() -> openReporter("url", url))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("must be an address such as http://127.0.0.1:4318/v1/metrics: url=" + url);
  }

  @Test
  void shouldRefuseASettingThatIsNone() {
    assertThatThrownBy(() -> openReporter("endpoint", "http://127.0.0.1:4318"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "a setting of the reporter must be url or headers or resource-attributes: endpoint");
  }
}
