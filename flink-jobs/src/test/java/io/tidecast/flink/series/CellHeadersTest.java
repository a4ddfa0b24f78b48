package io.tidecast.flink.series;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.record.ForecastRequest;
import io.tidecast.flink.record.ForecastTask;
import io.tidecast.flink.record.Measurement;
import io.tidecast.flink.record.RecordOrigin;
import io.tidecast.flink.testing.Samples;
import io.tidecast.runtime.manifest.ForecasterSpec;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Which observation gives a forecast its headers. Context of two cells of a second; what an
 * observation has is a name, and none where that is null.
 */
class CellHeadersTest {

  private static final ForecasterSpec SPEC = new ForecasterSpec("t", "1", 2, 1, 1, List.of());

  private JobConfig config;
  private WindowHarness harness;

  @AfterEach
  void close() throws Exception {
    harness.close();
  }

  @Test
  void shouldBeThoseOfTheObservationThatArrived() throws Exception {
    start("series: {step: 1s}");
    observe(1_000, "a");
    observe(2_000, "b");
    observe(2_500, "c");
    observe(3_000, null);
    observe(4_000, "d");
    assertThat(asked()).containsExactly("2000.0 b", "3000.0 none", "4000.0 d");
    assertThat(harness.keptHeaders()).isZero();
  }

  @Test
  void shouldBeThoseOfTheLastObservationOfTheCellThatTheWatermarkCloses() throws Exception {
    start("series: {step: 1s, close: watermark}", "source: {max-out-of-orderness: 5s}");
    observe(1_000, "a");
    observe(3_000, "c");
    observe(2_200, "b");
    observe(3_500, "d");
    observe(2_100, "e");
    harness.watermark(3_999);
    assertThat(asked()).containsExactly("2000.0 e", "3000.0 d");
    assertThat(harness.keptHeaders()).as("nothing of closed cells").isZero();
  }

  /** Which of the two it is is chance: the watermark may come before the next observation. */
  @Test
  void shouldBeTheSameWhetherTheWatermarkClosesOrALaterObservation() throws Exception {
    start("series: {step: 1s, close: watermark}");
    observe(1_000, "a");
    observe(2_000, "b");
    observe(3_000, "c");
    harness.watermark(3_999);
    observe(4_000, null);
    observe(5_000, "e");
    assertThat(asked()).containsExactly("2000.0 b", "3000.0 c", "4000.0 none");
  }

  @Test
  void shouldBeNoneWhereTheLastObservationOfTheCellHasNone() throws Exception {
    start("series: {step: 1s, close: watermark}");
    observe(1_000, "a");
    observe(2_000, "b");
    observe(2_500, null);
    harness.watermark(2_999);
    assertThat(asked()).containsExactly("2000.0 none");
    assertThat(harness.keptHeaders()).isZero();
  }

  @Test
  void shouldBeThoseOfEachCellThatOneObservationCompletes() throws Exception {
    start("series: {step: 1s, close: complete}", "source: {max-out-of-orderness: 5s}");
    observe(0, "z");
    harness.watermark(999);
    observe(1_000, "a");
    observe(3_000, "c");
    observe(2_000, "b");
    assertThat(asked()).containsExactly("1000.0 a", "2000.0 b", "3000.0 c");
    assertThat(harness.keptHeaders()).isZero();
  }

  @Test
  void shouldBeThoseOfTheObservationThatBringsARevision() throws Exception {
    start("series: {step: 1s, close: watermark, reissue: true, allowed-lateness: 5s}");
    observe(1_000, "a");
    observe(2_000, "b");
    harness.watermark(2_999);
    observe(1_500, "late");
    assertThat(asked()).containsExactly("2000.0 b", "2000.1 late");
  }

  @Test
  void shouldNotBeThoseOfAnObservationThatWasRejected() throws Exception {
    start(
        "series: {step: 1s, close: watermark, aggregate: sum, duplicates: last, max-observations: 1}");
    observe(1_000, "a");
    observe(2_000, "b");
    observe(2_100, "full");
    observe(900, "late");
    harness.watermark(2_999);
    assertThat(harness.rejections()).isNotEmpty();
    assertThat(asked()).containsExactly("2000.0 b");
  }

  @Test
  void shouldOutliveARestartAndObservationsThatAreDeferred() throws Exception {
    start("series: {step: 1s, close: watermark, forecast-every: 8}");
    for (int cell = 0; cell <= 9; cell++) {
      observe(cell * 1_000, "of-" + cell);
    }
    assertThat(harness.deferred()).as("observations in the journal").isPositive();
    OperatorSubtaskState snapshot = harness.snapshot();
    harness.close();
    harness = WindowHarness.start(config, SPEC, 1, snapshot);
    observe(10_000, null);
    assertThat(asked()).as("as it was observed before the restart").containsExactly("9000.0 of-9");
    for (int cell = 11; cell <= 17; cell++) {
      observe(cell * 1_000, "of-" + cell);
    }
    assertThat(harness.keptHeaders()).isEqualTo(1);
    harness.watermark(30_000);
    assertThat(asked()).containsExactly("9000.0 of-9", "17000.0 of-17");
    assertThat(harness.keptHeaders()).isZero();
  }

  @Test
  void shouldBeForgottenWithTheSeries() throws Exception {
    start("series: {step: 1s, close: watermark, time-to-live: 1h}");
    observe(1_000, "a");
    observe(9_000_000, "b");
    assertThat(harness.keptHeaders()).isEqualTo(1);
    harness.watermark(Samples.NOW);
    assertThat(harness.keptSeries()).isZero();
    assertThat(harness.keptHeaders()).isZero();
  }

  @Test
  void shouldBeThoseOfTheRequest() throws Exception {
    start("series: {step: 1s, forecast-every: never}", "requests: {topic: asked}");
    observe(1_000, "a");
    observe(2_000, "b");
    harness.query(new ForecastRequest(origin("asking"), "s", null));
    harness.query(new ForecastRequest(origin(null), "s", null));
    assertThat(asked()).containsExactly("2000.0 asking", "2000.0 none");
  }

  private void start(String... sections) throws Exception {
    config = Samples.config(sections);
    harness = WindowHarness.start(config, SPEC, 1, null);
  }

  private void observe(long timeMillis, String headers) throws Exception {
    harness.observe(new Measurement(origin(headers), "s", timeMillis, new double[] {timeMillis}));
  }

  private static RecordOrigin origin(String headers) {
    return Samples.source(new byte[] {9})
        .passing(headers == null ? null : headers.getBytes(StandardCharsets.UTF_8))
        .origin();
  }

  /** Origin, revision and headers of what was asked for. */
  private List<String> asked() {
    return harness.requests().stream().map(CellHeadersTest::text).toList();
  }

  private static String text(ForecastTask task) {
    return "%d.%d %s"
        .formatted(
            task.originMillis(),
            task.revision(),
            task.passed() == null ? "none" : new String(task.passed(), StandardCharsets.UTF_8));
  }
}
