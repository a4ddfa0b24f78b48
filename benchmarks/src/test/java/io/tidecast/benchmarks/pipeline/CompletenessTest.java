package io.tidecast.benchmarks.pipeline;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.schemas.AvroCodec;
import io.tidecast.schemas.CodecException;
import io.tidecast.schemas.Forecast;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class CompletenessTest {

  private static final Workload WORKLOAD =
      new Workload(
          new ForecasterSpec("model", "1", 4, 1, 1, List.of()), Duration.ofMinutes(1), 2, 3);

  private final Completeness completeness = new Completeness(WORKLOAD);

  @Test
  void shouldTakeOneForecastOfTheModelForEachSeriesAndOrigin() throws CodecException {
    completeness.take(forecast(0, 3, false));
    completeness.take(forecast(1, 3, false));
    completeness.take(forecast(0, 4, false));

    assertThatCode(() -> completeness.require(3)).doesNotThrowAnyException();
  }

  @Test
  void shouldRefuseWhereOneIsMissing() throws CodecException {
    completeness.take(forecast(0, 3, false));
    completeness.take(forecast(0, 4, false));

    assertThatThrownBy(() -> completeness.require(3))
        .hasMessageContaining("complete: expected=3 found=2");
  }

  @Test
  void shouldRefuseOneThatComesTwice() throws CodecException {
    completeness.take(forecast(0, 3, false));

    assertThatThrownBy(() -> completeness.take(forecast(0, 3, false)))
        .hasMessageContaining("twice");
  }

  @Test
  void shouldRefuseTheBaselines() {
    assertThatThrownBy(() -> completeness.take(forecast(0, 3, true)))
        .hasMessageContaining("baseline");
  }

  private static byte[] forecast(int series, int number, boolean fallback) {
    Instant origin = WorkloadRecords.at(WORKLOAD, number * WORKLOAD.series() + series);
    return AvroCodec.forecasts()
        .encode(
            new Forecast(
                WorkloadRecords.name(series),
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
