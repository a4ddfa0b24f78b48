package io.tidecast.flink.series;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.record.ForecastRequest;
import io.tidecast.flink.series.WindowHarness.Watch;
import io.tidecast.flink.testing.Samples;
import org.junit.jupiter.api.Test;

/** Who watches cells is told of each as it closes, and again when it changes. */
class WatchedCellsTest {

  private static void observe(WindowHarness window, long timeMillis, float value) throws Exception {
    window.observe(Samples.measurement("a", timeMillis, value));
  }

  @Test
  void shouldTellOfACellThatItsObservationCloses() throws Exception {
    WindowHarness window = WindowHarness.watched(Samples.config(), Samples.SPEC, Watch.SOMEBODY);
    observe(window, 0, 1);
    observe(window, 3_000, 4);
    observe(window, 3_400, 5);
    observe(window, 1_000, 2);
    assertThat(window.closed())
        .containsExactly(
            "a 0 [1.0] @0",
            "a 3000 [4.0] @3000",
            "a 3000 [5.0] again @3400",
            "a 1000 [2.0] again @1000");
    window.close();
  }

  @Test
  void shouldTellOfACellThatTheWatermarkCloses() throws Exception {
    JobConfig config =
        Samples.config(
            "series: {step: 1s, close: watermark, aggregate: mean, allowed-lateness: 10s}");
    WindowHarness window = WindowHarness.watched(config, Samples.SPEC, Watch.SOMEBODY);
    observe(window, 100, 1);
    observe(window, 200, 3);
    observe(window, 2_100, 7);
    assertThat(window.closed()).containsExactly("a 0 [2.0] @2100");
    window.watermark(2_999);
    assertThat(window.closed()).endsWith("a 2000 [7.0] @2999").hasSize(2);
    observe(window, 300, 5);
    observe(window, 1_500, 9);
    assertThat(window.closed())
        .endsWith("a 0 [3.0] again @3000", "a 1000 [9.0] again @3000")
        .hasSize(4);
    window.close();
  }

  @Test
  void shouldTellOfCellsThatAskForNothing() throws Exception {
    JobConfig config = Samples.config("series: {step: 1s, forecast-every: 1000}");
    WindowHarness window = WindowHarness.watched(config, Samples.SPEC, Watch.SOMEBODY);
    for (int cell = 0; cell < 100; cell++) {
      observe(window, cell * 1_000, cell);
    }
    // Those that wait in a journal close when it is read.
    window.query(new ForecastRequest(Samples.source(new byte[0]).origin(), "a", null));
    assertThat(window.closed()).hasSize(100).startsWith("a 0 [0.0] @0");
    window.close();
  }

  /** An anomaly is none any more when the next forecast is made, a day later. */
  @Test
  void shouldTellAtOnceOfCellsThatAskForNothing() throws Exception {
    JobConfig config = Samples.config("series: {step: 1s, forecast-every: 1000}");
    WindowHarness window = WindowHarness.watched(config, Samples.SPEC, Watch.SOMEBODY_AT_ONCE);
    for (int cell = 0; cell < 100; cell++) {
      observe(window, cell * 1_000, cell);
      assertThat(window.closed()).hasSize(cell + 1);
    }
    window.close();
  }

  @Test
  void shouldTellNobodyWhereNobodyWatches() throws Exception {
    WindowHarness window = WindowHarness.start(Samples.config(), Samples.SPEC, 1, null);
    observe(window, 0, 1);
    observe(window, 1_000, 1);
    assertThat(window.closed()).isEmpty();
    window.close();
  }
}
