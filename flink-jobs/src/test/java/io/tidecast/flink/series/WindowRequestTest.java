package io.tidecast.flink.series;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.flink.record.ForecastRequest;
import io.tidecast.flink.record.ForecastTask;
import io.tidecast.flink.testing.Samples;
import java.util.List;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Forecasts on request, context of four cells of a second. */
class WindowRequestTest {

  private static final String ON_REQUEST = "requests: {topic: asked}";
  private static final String NEVER =
      "series: {step: 1s, max-filled-cells: 2, close: watermark, forecast-every: never}";

  private WindowHarness harness;

  @AfterEach
  void close() throws Exception {
    if (harness != null) {
      harness.close();
    }
  }

  @Test
  void shouldAnswerFromTheLastClosedCell() throws Exception {
    start(NEVER, ON_REQUEST);
    fill(1, 6);
    assertThat(harness.requests()).isEmpty();

    query("a", 1);
    harness.watermark(6_999);
    query("a", null);

    assertThat(harness.requests())
        .extracting(ForecastTask::originMillis)
        .containsExactly(5_000L, 6_000L);
    assertThat(harness.requests().get(0).context())
        .as("the newest, open cell takes no kept of the context of the one before")
        .containsExactly(2, 3, 4, 5);
    assertThat(harness.requests()).extracting(ForecastTask::horizon).containsExactly(1, null);
    assertThat(harness.rejections()).isEmpty();
  }

  @Test
  void shouldAnswerOnArrivalFromTheNewestCell() throws Exception {
    start("series: {step: 1s, forecast-every: never}", ON_REQUEST);
    fill(1, 5);
    query("a", 2);
    assertThat(harness.requests()).singleElement();
    assertThat(harness.requests().get(0).context()).containsExactly(2, 3, 4, 5);
    assertThat(harness.requests().get(0).originMillis()).isEqualTo(5_000);
  }

  @Test
  void shouldAnswerFromACellThatIsAGapAsFromAnyOther() throws Exception {
    start(NEVER, ON_REQUEST, "source: {max-out-of-orderness: 1s}");
    fill(1, 4);
    observe("a", 7_000, 7);
    query("a", null);
    assertThat(harness.requests().get(0).originMillis()).isEqualTo(5_000);
    assertThat(harness.requests().get(0).context()).containsExactly(2, 3, 4, 4);
    assertThat(harness.requests().get(0).filledCells()).isEqualTo(1);
  }

  @Test
  void shouldChangeNothingOfWhatIsForecastAnyway() throws Exception {
    start("series: {step: 1s, forecast-every: 2, reissue: true}", ON_REQUEST);
    fill(1, 5);
    query("a", null);
    fill(6, 6);
    assertThat(harness.requests())
        .extracting(ForecastTask::originMillis)
        .containsExactly(4_000L, 5_000L, 6_000L);
    observe("a", 5_000, 50);
    assertThat(harness.requests())
        .as("what was requested is not made again")
        .extracting(ForecastTask::originMillis)
        .containsExactly(4_000L, 5_000L, 6_000L, 6_000L);
  }

  @Test
  void shouldNumberRepairedContextsAsForecastsThatAreMadeAgain() throws Exception {
    String[] config = {
      "series: {step: 1s, close: watermark, allowed-lateness: 9s, reissue: true}", ON_REQUEST
    };
    start(config);
    fill(1, 6);
    query("a", null);
    harness.watermark(6_999);
    observe("a", 5_000, 50);
    observe("a", 5_000, 50);
    query("a", null);
    observe("a", 1_000, 10);
    query("a", 1);
    List<ForecastTask> requests = harness.requests();
    assertThat(requests)
        .extracting(ForecastTask::originMillis)
        .containsExactly(4_000L, 5_000L, 5_000L, 6_000L, 6_000L, 6_000L, 6_000L);
    assertThat(requests).extracting(ForecastTask::revision).containsExactly(0, 0, 0, 0, 1, 1, 1);
    assertThat(requests.get(1).context()).isEqualTo(requests.get(2).context());
    assertThat(requests.get(4).context()).isEqualTo(requests.get(5).context());
  }

  @Test
  void shouldNumberRepairedContextsWithoutForecastsThatAreMadeAgain() throws Exception {
    start("series: {step: 1s, close: watermark, allowed-lateness: 9s}", ON_REQUEST);
    fill(1, 5);
    harness.watermark(5_999);
    query("a", null);
    observe("a", 3_000, 30);
    query("a", null);
    fill(6, 6);
    harness.watermark(6_999);
    query("a", null);
    assertThat(harness.requests())
        .filteredOn(request -> request.originMillis() > 4_000)
        .extracting(ForecastTask::revision)
        .as("of origin 5: as it closed, on request, repaired; of origin 6")
        .containsExactly(0, 0, 1, 0, 0);
  }

  @Test
  void shouldSayWhyThereIsNoForecast() throws Exception {
    start("series: {step: 1s, max-filled-cells: 1, max-consecutive-filled: 1}", ON_REQUEST);
    query("nobody", 1);
    fill(1, 3);
    query("a", 1);
    fill(4, 4);
    observe("a", 7_000, 7);
    query("a", 1);
    assertThat(harness.requests()).hasSize(1);
    assertThat(harness.rejections())
        .extracting(rejection -> rejection.code().code() + " " + rejection.series())
        .containsExactly("unknown-series nobody", "too-little-context a", "too-many-missing a");
    assertThat(harness.rejections().get(1).detail())
        .isEqualTo(
            "series must have 4 cells with values up to its last closed one, it has 3:"
                + " origin=1970-01-01T00:00:03Z");
    assertThat(harness.rejections().get(2).detail())
        .startsWith("context must not miss more than series.max-filled-cells=1 values")
        .endsWith("origin=1970-01-01T00:00:07Z");
    assertThat(harness.rejections()).allMatch(rejection -> rejection.source().offset() == 42);
  }

  @Test
  void shouldSayThatNoCellIsOverYet() throws Exception {
    start(
        "series: {step: 1s, close: watermark, forecast-every: never, cold-start: baseline}",
        ON_REQUEST);
    fill(1, 1);
    query("a", 1);
    harness.watermark(1_999);
    query("a", 1);
    assertThat(harness.rejections())
        .singleElement()
        .satisfies(young -> assertThat(young.detail()).contains("have 1 cells", "it has 0"));
    assertThat(harness.requests()).singleElement().matches(ForecastTask::baseline);
  }

  @Test
  void shouldTakeNoTimeFromRequests() throws Exception {
    start(NEVER, ON_REQUEST);
    fill(1, 4);
    harness.watermark(2_500);
    assertThat(harness.signals()).as("not held back").containsExactly(new Watermark(2_500));

    harness.queryWatermark(Long.MAX_VALUE);
    harness.queryStatus(WatermarkStatus.IDLE);
    harness.queryStatus(WatermarkStatus.ACTIVE);
    query("a", 1);
    assertThat(harness.rejections()).as("cell 4 is not over").hasSize(1);
    assertThat(harness.signals()).as("not driven on").containsExactly(new Watermark(2_500));

    harness.watermark(4_999);
    query("a", 1);
    assertThat(harness.requests()).hasSize(1);
    harness.status(WatermarkStatus.IDLE);
    assertThat(harness.signals())
        .containsExactly(new Watermark(2_500), new Watermark(4_999), WatermarkStatus.IDLE);
  }

  private void start(String... config) throws Exception {
    harness = WindowHarness.start(Samples.config(config), Samples.SPEC, 1, null);
  }

  private void fill(int firstCell, int lastCell) throws Exception {
    for (int cell = firstCell; cell <= lastCell; cell++) {
      observe("a", cell * 1_000L, cell);
    }
  }

  private void observe(String series, long timeMillis, float value) throws Exception {
    harness.observe(Samples.measurement(series, timeMillis, value));
  }

  private void query(String series, Integer horizon) throws Exception {
    harness.query(new ForecastRequest(Samples.source(new byte[] {7}).origin(), series, horizon));
  }
}
