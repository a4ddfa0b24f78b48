package io.tidecast.benchmarks.pipeline;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidecast.schemas.AvroCodec;
import io.tidecast.schemas.Forecast;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class CompletenessTest {
  private static final Instant ORIGIN = Instant.parse("2020-01-01T00:00:00Z");

  @Test
  void shouldTakeOneForecastOfTheModelForEachSeriesAndOrigin() {
    List<byte[]> all =
        List.of(forecast("a", ORIGIN, false), forecast("b", ORIGIN, false), later("a"));

    assertThatCode(() -> Completeness.require(all, 3)).doesNotThrowAnyException();
  }

  @Test
  void shouldRefuseWhereOneIsMissing() {
    List<byte[]> two = List.of(forecast("a", ORIGIN, false), later("a"));

    assertThatThrownBy(() -> Completeness.require(two, 3))
        .hasMessageContaining("complete: expected=3 found=2");
  }

  @Test
  void shouldRefuseOneThatComesTwice() {
    List<byte[]> doubled = List.of(forecast("a", ORIGIN, false), forecast("a", ORIGIN, false));

    assertThatThrownBy(() -> Completeness.require(doubled, 2)).hasMessageContaining("twice");
  }

  @Test
  void shouldRefuseTheBaselines() {
    List<byte[]> baseline = List.of(forecast("a", ORIGIN, true));

    assertThatThrownBy(() -> Completeness.require(baseline, 1)).hasMessageContaining("baseline");
  }

  private static byte[] later(String series) {
    return forecast(series, ORIGIN.plusSeconds(60), false);
  }

  private static byte[] forecast(String series, Instant origin, boolean fallback) {
    return AvroCodec.forecasts()
        .encode(
            new Forecast(
                series,
                origin,
                origin,
                60_000L,
                1,
                "model",
                "1",
                1,
                List.of(),
                List.of(1.0),
                List.of(),
                List.of(),
                0,
                fallback,
                0,
                "primary",
                null));
  }
}
