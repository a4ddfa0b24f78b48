package io.tidecast.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MeterView;
import org.apache.flink.metrics.MetricConfig;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.SimpleCounter;
import org.apache.flink.metrics.reporter.MetricReporterFactory;
import org.apache.flink.runtime.metrics.DescriptiveStatisticsHistogram;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrometheusReporterTest {
  private final PrometheusReporter reporter = new PrometheusReporter();
  private final MetricGroup reason =
      new TestingGroup(
          "taskmanager.job.task.operator.tidecast.reason",
          Map.of("<operator_name>", "window", "<subtask_index>", "1", "<reason>", "late"));

  @BeforeEach
  void open() {
    reporter.open(settings("port", "0"));
  }

  @AfterEach
  void close() {
    reporter.close();
  }

  @Test
  void shouldBeFoundByFlink() {
    assertThat(ServiceLoader.load(MetricReporterFactory.class))
        .anyMatch(PrometheusReporterFactory.class::isInstance);
  }

  @Test
  void shouldNameMetricsByScopeAndLabelThemByVariables() throws Exception {
    Counter counter = new SimpleCounter();
    counter.inc(7);
    reporter.notifyOfAddedMetric(counter, "deadLetters", reason);
    MetricGroup process = new TestingGroup("jobmanager.Status.JVM", Map.of("<host>", "a\"b"));
    reporter.notifyOfAddedMetric((Gauge<Long>) () -> 12L, "Memory.Used", process);
    reporter.notifyOfAddedMetric((Gauge<Boolean>) () -> true, "up", process);
    reporter.notifyOfAddedMetric((Gauge<String>) () -> "text", "word", process);
    reporter.notifyOfAddedMetric(new MeterView(60), "perSecond", process);
    reporter.notifyOfAddedMetric(
        (Gauge<Long>)
            () -> {
              throw new IllegalStateException("not now");
            },
        "failing",
        process);
    assertThat(scrape())
        .contains(
            "\ntidecast_dead_letters_total"
                + "{operator_name=\"window\",reason=\"late\",subtask_index=\"1\"} 7.0\n")
        .contains("\nflink_jobmanager_Status_JVM_Memory_Used{host=\"a\\\"b\"} 12.0\n")
        .contains("\nflink_jobmanager_Status_JVM_up{host=\"a\\\"b\"} 1.0\n")
        .contains("\nflink_jobmanager_Status_JVM_word{host=\"a\\\"b\"} NaN\n")
        .contains("\nflink_jobmanager_Status_JVM_failing{host=\"a\\\"b\"} NaN\n")
        .contains("\nflink_jobmanager_Status_JVM_perSecond{host=\"a\\\"b\"} 0.0\n");
  }

  @Test
  void shouldShowTheQuantilesOfAHistogram() throws Exception {
    DescriptiveStatisticsHistogram micros = new DescriptiveStatisticsHistogram(100);
    for (int i = 1; i <= 100; i++) {
      micros.update(i);
    }
    MetricGroup operator = new TestingGroup("operator.tidecast", Map.of("<subtask_index>", "0"));
    reporter.notifyOfAddedMetric(micros, "runMicros", operator);
    assertThat(scrape())
        .contains("tidecast_run_seconds{percentile=\"50\",subtask_index=\"0\"} 5.05E-5\n")
        .contains("tidecast_run_seconds{percentile=\"99\",subtask_index=\"0\"} 9.999E-5\n")
        .contains("tidecast_run_max_seconds{subtask_index=\"0\"} 1.0E-4\n")
        .contains("tidecast_run_mean_seconds{subtask_index=\"0\"} 5.05E-5\n")
        .contains("tidecast_run_count_total{subtask_index=\"0\"} 100.0\n");
    reporter.notifyOfRemovedMetric(micros, "runMicros", operator);
    assertThat(scrape()).doesNotContain("tidecast_run");
  }

  @Test
  void shouldCountInBaseUnits() throws Exception {
    MetricGroup operator = new TestingGroup("operator.user.tidecast.model.version", Map.of());
    Counter thousandths = new SimpleCounter();
    thousandths.inc(2_500);
    reporter.notifyOfAddedMetric(thousandths, "modelErrorThousandths", operator);
    reporter.notifyOfAddedMetric(
        (Gauge<Long>) () -> 1_500L,
        "eventTimeMillis",
        new TestingGroup("operator.tidecast", Map.of()));
    assertThat(scrape())
        .contains("\ntidecast_model_error_total 2.5\n")
        .contains("\ntidecast_event_time_seconds 1.5\n");
  }

  @Test
  void shouldTellTheVersionThatThereIsNow() throws Exception {
    AtomicReference<String> version = new AtomicReference<>("patchtst/1");
    MetricGroup slot = new TestingGroup("operator.tidecast.reason", Map.of("<reason>", "default"));
    Gauge<String> gauge = version::get;
    reporter.notifyOfAddedMetric(gauge, "activeVersion", slot);
    String line = "\ntidecast_active_version_info{reason=\"default\",version=\"";
    assertThat(scrape()).contains(line + "patchtst/1\"} 1\n");
    version.set("patchtst/2");
    assertThat(scrape()).contains(line + "patchtst/2\"} 1\n").doesNotContain("patchtst/1");
    reporter.notifyOfRemovedMetric(gauge, "activeVersion", slot);
    assertThat(scrape()).doesNotContain("active_version");
  }

  /** A text such as an example of a dead letter is part of somebody's record. */
  @Test
  void shouldKeepOtherTextsToItself() throws Exception {
    MetricGroup group = new TestingGroup("operator.tidecast.reason", Map.of("<reason>", "late"));
    reporter.notifyOfAddedMetric((Gauge<String>) () -> "secret", "deadLetterExample", group);
    assertThat(scrape()).doesNotContain("secret", "dead_letter");
  }

  /** Flink may register the metrics of an attempt before those of the one before are gone. */
  @Test
  void shouldShowTheNewestAttemptOfATask() throws Exception {
    Counter first = new SimpleCounter();
    first.inc(100);
    Counter second = new SimpleCounter();
    second.inc(3);
    MetricGroup ofFirst = attempt("aaaa", "0");
    MetricGroup ofSecond = attempt("bbbb", "1");
    reporter.notifyOfAddedMetric(first, "forecasts", ofFirst);
    reporter.notifyOfAddedMetric(second, "forecasts", ofSecond);
    String line = "tidecast_forecasts_total{subtask_index=\"0\"} ";
    assertThat(scrape()).contains(line + "3.0\n").doesNotContain("100.0");
    reporter.notifyOfRemovedMetric(first, "forecasts", ofFirst);
    assertThat(scrape()).contains(line + "3.0\n");
    reporter.notifyOfRemovedMetric(second, "forecasts", ofSecond);
    assertThat(scrape()).doesNotContain("forecasts");
  }

  @Test
  void shouldKeepGoingWhereOneNameHasOtherLabels() throws Exception {
    reporter.notifyOfAddedMetric(
        (Gauge<Integer>) () -> 1, "size", new TestingGroup("pool", Map.of("<a>", "1")));
    reporter.notifyOfAddedMetric(
        (Gauge<Integer>) () -> 2, "size", new TestingGroup("pool", Map.of("<b>", "1")));
    reporter.notifyOfAddedMetric(
        (Gauge<Integer>) () -> 3, "other", new TestingGroup("pool", Map.of()));
    assertThat(scrape()).contains("flink_pool_size{a=\"1\"} 1.0\n", "flink_pool_other 3.0\n");
  }

  @Test
  void shouldAnswerNothingElse() throws Exception {
    assertThat(get("/").statusCode()).isEqualTo(404);
    assertThat(get("/metrics/more").statusCode()).isEqualTo(404);
    HttpRequest post =
        HttpRequest.newBuilder(uri("/metrics")).POST(BodyPublishers.ofString("x")).build();
    assertThat(HttpClient.newHttpClient().send(post, BodyHandlers.ofString()).statusCode())
        .isEqualTo(405);
    assertThat(get("/metrics").headers().firstValue("content-type"))
        .hasValue("text/plain; version=0.0.4; charset=utf-8");
  }

  @Test
  void shouldListenOnLoopbackAndOnTheFirstFreePort() throws Exception {
    try (ServerSocket taken = new ServerSocket()) {
      taken.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0));
      int port = taken.getLocalPort();
      PrometheusReporter second = new PrometheusReporter();
      assertThatThrownBy(() -> second.open(settings("port", String.valueOf(port))))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "a port must be free and the host be this machine's: host=127.0.0.1, port=%d-%d"
                  .formatted(port, port));
      second.open(settings("port", port + "-" + Math.min(65_535, port + 20)));
      assertThat(second.port()).isGreaterThan(port);
      second.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "-1", "1-2-3", "9260-9249", "65536"})
  void shouldRefuseWhatIsNoPort(String port) {
    assertThatThrownBy(() -> new PrometheusReporter().open(settings("port", port)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("must be a port or a range of them, such as 9249 or 9249-9260: ");
  }

  @Test
  void shouldRefuseASettingThatIsNone() {
    assertThatThrownBy(() -> new PrometheusReporter().open(settings("hots", "0.0.0.0")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a setting of the reporter must be host or port: hots");
  }

  private static MetricGroup attempt(String id, String number) {
    return new TestingGroup(
        "task.tidecast",
        Map.of("<subtask_index>", "0", "<task_attempt_id>", id, "<task_attempt_num>", number));
  }

  private static MetricConfig settings(String name, String value) {
    MetricConfig config = new MetricConfig();
    config.setProperty("factory.class", PrometheusReporterFactory.class.getName());
    config.setProperty(name, value);
    return config;
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + reporter.port() + path);
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofString());
  }

  private String scrape() throws IOException, InterruptedException {
    return "\n" + get("/metrics").body();
  }
}
