package io.tidecast.flink.gauges;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidecast.flink.record.IssuedForecast;
import io.tidecast.flink.record.Issuer;
import io.tidecast.runtime.grid.GridStep;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.apache.flink.api.common.JobID;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.clusterframework.types.ResourceID;
import org.apache.flink.runtime.executiongraph.ExecutionAttemptID;
import org.apache.flink.runtime.metrics.MetricRegistry;
import org.apache.flink.runtime.metrics.groups.TaskManagerMetricGroup;
import org.apache.flink.runtime.metrics.groups.TaskMetricGroup;
import org.apache.flink.runtime.metrics.util.TestingMetricRegistry;
import org.apache.flink.runtime.operators.testutils.MockEnvironment;
import org.apache.flink.runtime.operators.testutils.MockEnvironmentBuilder;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

class ForecastGaugesTest {

  private static final long HOUR = 3_600_000;
  private static final GridStep HOURLY = GridStep.fixed(Duration.ofHours(1));
  private static final GaugeSettings SETTINGS =
      new GaugeSettings(List.of("shop", "site"), List.of(Duration.ofHours(1), Duration.ofHours(3)));

  private static final AtomicLong NOW = new AtomicLong();

  private final Map<String, Gauge<?>> gauges = new HashMap<>();
  private OneInputStreamOperatorTestHarness<IssuedForecast, Boolean> harness;

  private void start(GaugeSettings settings, OperatorSubtaskState snapshot) throws Exception {
    gauges.clear();
    MetricRegistry registry =
        TestingMetricRegistry.builder()
            .setRegisterConsumer(
                (metric, name, group) -> {
                  Map<String, String> labels = group.getAllVariables();
                  if (name.equals("forecastValue")) {
                    gauges.put(
                        "%s %s %s"
                            .formatted(
                                labels.get("<series>"),
                                labels.get("<target>"),
                                labels.get("<lead>")),
                        (Gauge<?>) metric);
                  }
                })
            .build();
    TaskMetricGroup task =
        TaskManagerMetricGroup.createTaskManagerMetricGroup(registry, "host", new ResourceID("tm"))
            .addJob(new JobID(), "job")
            .addTask(ExecutionAttemptID.randomId(), "task");
    MockEnvironment environment = new MockEnvironmentBuilder().setMetricGroup(task).build();
    harness =
        new OneInputStreamOperatorTestHarness<>(
            new ForecastGauges(settings, HOURLY, NOW::get), environment);
    harness.setup();
    if (snapshot != null) {
      harness.initializeState(snapshot);
    }
    harness.open();
  }

  private void forecast(String series, long origin, int revision, float... points)
      throws Exception {
    forecast(series, origin, revision, points.length, points);
  }

  private void forecast(String series, long origin, int revision, int horizon, float[] points)
      throws Exception {
    Issuer issuer = new Issuer("m", "1", 1, new String[] {"load"}, new double[0]);
    harness.processElement(
        new IssuedForecast(
            series, origin * HOUR, 0, issuer, points, new float[0], 0, false, revision, horizon),
        origin * HOUR);
  }

  private Object value(String gauge) {
    return gauges.get(gauge).getValue();
  }

  @Test
  void shouldShowWhatIsForecastOfATimeAfterNow() throws Exception {
    start(SETTINGS, null);
    assertThat(gauges).isEmpty();
    forecast("shop", 10, 0, 11, 12, 13, 14);
    assertThat(gauges.keySet()).containsExactlyInAnyOrder("shop load 1h", "shop load 3h");
    NOW.set(10 * HOUR + HOUR / 2);
    assertThat(value("shop load 1h")).isEqualTo(11.0);
    assertThat(value("shop load 3h")).isEqualTo(13.0);
    NOW.set(12 * HOUR);
    assertThat(value("shop load 1h")).isEqualTo(13.0);
    assertThat(value("shop load 3h")).as("beyond the horizon").isEqualTo(Double.NaN);
    NOW.set(8 * HOUR);
    assertThat(value("shop load 1h")).as("before the first step").isEqualTo(Double.NaN);
    harness.close();
  }

  @Test
  void shouldShowTheNewestForecast() throws Exception {
    start(SETTINGS, null);
    NOW.set(11 * HOUR);
    forecast("site", 11, 0, 1, 2, 3, 4);
    forecast("site", 10, 0, 5, 6, 7, 8);
    assertThat(value("site load 1h")).isEqualTo(1.0);
    forecast("site", 11, 1, 9, 9, 9, 9);
    assertThat(value("site load 1h")).as("a revision").isEqualTo(9.0);
    forecast("site", 11, 0, 1, 2, 3, 4);
    assertThat(value("site load 1h")).isEqualTo(9.0);
    harness.close();
  }

  /** The request takes the place of what was forecast without it, and has all steps in it. */
  @Test
  void shouldShowAllStepsOfAForecastOfWhichARequestWantsAFew() throws Exception {
    start(SETTINGS, null);
    NOW.set(11 * HOUR);
    forecast("site", 11, 0, 1, 2, 3, 4);
    forecast("site", 11, 0, 1, new float[] {1, 2, 3, 4});
    assertThat(value("site load 1h")).isEqualTo(1.0);
    assertThat(value("site load 3h")).isEqualTo(3.0);
    harness.close();
  }

  @Test
  void shouldGoOnShowingAfterARestart() throws Exception {
    start(SETTINGS, null);
    NOW.set(10 * HOUR);
    forecast("shop", 10, 0, 1, 2, 3, 4);
    forecast("site", 10, 0, 5, 6, 7, 8);
    OperatorSubtaskState snapshot = harness.snapshot(1, 1);
    harness.close();
    start(new GaugeSettings(List.of("site"), List.of(Duration.ofHours(2))), snapshot);
    assertThat(gauges.keySet()).containsExactly("site load 2h");
    assertThat(value("site load 2h")).isEqualTo(6.0);
    harness.close();
  }

  @Test
  void shouldPassTheForecastsOfItsSeriesAlone() {
    ChosenSeries chosen = new ChosenSeries(SETTINGS);
    Issuer issuer = new Issuer("m", "1", 1, new String[0], new double[0]);
    for (String series : List.of("shop", "site", "other")) {
      assertThat(
              chosen.filter(
                  new IssuedForecast(
                      series, 0, 0, issuer, new float[4], new float[0], 0, false, 0, 4)))
          .isEqualTo(!series.equals("other"));
    }
  }

  @Test
  void shouldRefuseBytesThatAreNone() throws Exception {
    byte[] bytes = new ShownForecast("a", 1, 0, List.of("0"), new double[] {1}).bytes();
    assertThat(ShownForecast.read(bytes).points()).containsExactly(1);
    bytes[0] = 2;
    assertThatThrownBy(() -> ShownForecast.read(bytes))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("version=2");
    assertThatThrownBy(() -> ShownForecast.read(new byte[] {1, 0}))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("must be whole");
  }

  @Test
  void shouldNameATargetWithoutANameByItsNumber() {
    Issuer issuer = new Issuer("m", "1", 2, new String[0], new double[0]);
    ShownForecast shown =
        ShownForecast.of(
            new IssuedForecast(
                "a", 0, 0, issuer, new float[] {1, 2, 3, 4}, new float[0], 0, false, 0, 2));
    assertThat(shown.targets()).containsExactly("0", "1");
    assertThat(shown.point(1, shown.targets().indexOf("1"))).isEqualTo(4);
    assertThat(shown.point(1, shown.targets().indexOf("2"))).isNaN();
  }

  @Test
  void shouldRefuseMoreSeriesThanLabelsAreFor() {
    List<String> many = IntStream.rangeClosed(0, 100).mapToObj(String::valueOf).toList();
    assertThatThrownBy(() -> new GaugeSettings(many, List.of(Duration.ofHours(1))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("must be at most 100: series=101");
  }
}
