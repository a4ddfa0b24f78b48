package io.tidecast.flink.series;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.metrics.JobMetrics;
import io.tidecast.flink.record.Measurement;
import io.tidecast.flink.testing.Samples;
import io.tidecast.flink.testing.TestingMetrics;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is counted on the way from observations to forecasts; context of four cells of a second. */
class WindowCountsTest {

  private static final String[] COUNTERS = {
    "openedCells",
    "closedCells",
    "emptyCells",
    "cellsNotDue",
    "reason=cold-start.skippedWindows",
    "reason=too-many-missing.skippedWindows",
    "skippedMissingValues",
    "skippedValues",
    "forecastRequests"
  };

  private final TestingMetrics metrics = new TestingMetrics();

  /** Times in tenths of a second, one that is negated has no value; then the counters above. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // All in one cell, as seconds that are read as milliseconds are.
        "arrival   | 1       | 10 11 12 13 14 15      | 1 1 0 0 1 0 0 0 0",
        "arrival   | 1       | 10 20 30 40 50         | 5 5 0 0 3 0 0 0 2",
        "arrival   | 3       | 10 20 30 40 50 60 70   | 7 7 0 2 3 0 0 0 2",
        // Every third cell: two of four, then three.
        "arrival   | 1       | 10 40 70               | 3 3 0 0 1 2 4 8 0",
        // Newest first: the older ones are corrections, or late.
        "arrival   | 1       | 90 80 70 60 50 40      | 1 1 0 0 1 0 0 0 0",
        "watermark | 1       | 10 20 30 40            | 4 3 0 0 3 0 0 0 0",
        "watermark | 1       | -10 -20 -30 -40        | 4 0 3 0 0 0 0 0 0",
        // Nobody says that a cell is over.
        "watermark | 1       | 10 10 10               | 1 0 0 0 0 0 0 0 0",
      })
  void shouldCountWhatBecomesOfObservations(
      String close, String every, String tenths, String expected) {
    JobConfig config =
        Samples.config(
            "series: {step: 1s, max-filled-cells: 1, close: %s, forecast-every: %s}"
                .formatted(close, every));
    CellCloser closer =
        new CellCloser(
            config.series(), ContextNeeds.of(config.series().coldStart(), 4, 1), () -> Samples.NOW);
    closer.open(new JobMetrics(metrics));
    SeriesRing ring = null;
    for (String tenth : tenths.split(" ")) {
      int signed = Integer.parseInt(tenth);
      float value = signed < 0 ? Float.NaN : signed;
      Measurement in = Samples.measurement("a", Math.abs(signed) * 100L, value);
      boolean isFirst = ring == null;
      ring = isFirst ? closer.create(in, closer.cell(in)) : ring;
      closer.observe(in, closer.cell(in), ring, isFirst, new Nobody());
    }
    assertThat(
            Arrays.stream(COUNTERS)
                .map(name -> String.valueOf(metrics.count("tidecast." + name)))
                .toList())
        .containsExactly(expected.split(" "));
    assertThat(metrics.gauge("tidecast.neededCells")).isEqualTo(4);
  }
}
