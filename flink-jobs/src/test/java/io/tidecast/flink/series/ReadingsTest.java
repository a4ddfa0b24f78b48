package io.tidecast.flink.series;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.flink.metrics.JobMetrics;
import io.tidecast.flink.record.ForecastTask;
import io.tidecast.flink.record.Measurement;
import io.tidecast.flink.testing.Samples;
import io.tidecast.flink.testing.TestingMetrics;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Counters and states; contexts of four cells of an hour. */
class ReadingsTest {

  private static final float NAN = Float.NaN;
  private static final long HOUR = 3_600_000;

  private final List<WindowHarness> started = new ArrayList<>();
  private WindowHarness harness;

  @AfterEach
  void close() throws Exception {
    for (WindowHarness one : started) {
      one.close();
    }
  }

  /**
   * Readings are {@code hours=value}; the last context is what they make of the hours 1 to 4, in
   * which a dash is missing and was not filled.
   */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // one reading a step, and several
        "delta | ''                      | 0=10 1=12 2=15 3=15 4=20                    | 2 3 0 5",
        "delta | ''                      | 0.5=10 1.2=11 1.9=12 2.5=14 2.9=15 3=15 4=20 | 2 3 0 5",
        "rate  | ''                      | 0=0 1=3600 2=10800 3.5=10800 4=12600         | 1 2 0 1",
        // begins anew in the middle of a cell, and between cells
        "delta | ''                      | 0=90 1=98 2.2=100 2.4=1 2.9=4 3=6 4=9        | 8 6 2 3",
        "delta | ''                      | 0=90 1=98 2=3 3=6 4=9                        | 8 3 3 3",
        "delta | 'counter-reset: missing,' | 0=90 1=98 2=3 3=6 4=9                      | 8 - 3 3",
        // is corrected by less than a tenth
        "delta | ''                      | 0=90 1=98 2=97.5 3=99 4=101                  | 8 - 1.5 2",
        // reaches its end; or falls by less than half of it
        "delta | 'counter-wraps-at: 100,' | 0=90 1=98 2=3 3=6 4=9                       | 8 5 3 3",
        "delta | 'counter-wraps-at: 100,' | 0=20 1=40 2=5 3=6 4=9                       | 20 5 1 3",
        // says nothing for two hours
        "delta | ''                      | 0=10 1=12 4=30 4.5=33                        | 2 - - -",
        "delta | 'counter-gap: whole,'   | 0=10 1=12 4=30 4.5=33                        | 2 - - 21",
        "delta | 'counter-gap: spread,'  | 0=10 1=12 4=30 4.5=33                        | 2 7 7 7",
        "rate  | 'counter-gap: spread,'  | 0=0 1=3600 4=25200                           | 1 2 2 2",
        // its first cell is not known
        "delta | ''                      | 1.2=5 1.9=7 2=9 3=10 4=10                    | - 2 1 0",
      })
  void shouldCountFromReadingToReading(
      String aggregate, String keys, String readings, String expected) throws Exception {
    assertThat(lastContext(aggregate, keys, readings)).containsExactly(values(expected));
  }

  /** A heater that is on for a minute of an hour, and a thermostat that says what has changed. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0=2000 0.5=0 1=2000 1.25=0 2=2000 2.25=0 3=2000 3.75=0 4=2000 4.5=0 | 500 500 1500 1000",
        "0=20 2.5=22 4.25=18                                                 | 20 21 22 19",
        "1.5=20 2.5=22 4=18                                                  | 20 21 22 18",
        "3.75=7 4.9999=7                                                     | - - 7 7",
      })
  void shouldWeighAStateByTheTimeThatItHeld(String readings, String expected) throws Exception {
    assertThat(lastContext("time-weighted-mean", "", readings)).containsExactly(values(expected));
  }

  /** What is kept of the hours 1 to 4 once they are over, gaps as they are. */
  private static float[] lastContext(String aggregate, String keys, String readings) {
    SeriesRing ring = null;
    CellCloser closer = closer("aggregate: " + aggregate + ", " + keys, new TestingMetrics());
    Nobody nobody = new Nobody();
    for (String reading : readings.split(" +")) {
      String[] parts = reading.split("=");
      long time = Math.round(Double.parseDouble(parts[0]) * HOUR);
      Measurement in = Samples.measurement("a", time, Float.parseFloat(parts[1]));
      boolean isFirst = ring == null;
      ring = isFirst ? closer.create(in, closer.cell(in)) : ring;
      closer.observe(in, closer.cell(in), ring, isFirst, nobody);
    }
    closer.closeBefore(5 * HOUR, ring, nobody);
    double[] exact = new double[4];
    float[] values = new float[4];
    if (ring.hasDoubles()) {
      ring.context(4, exact);
      for (int i = 0; i < 4; i++) {
        values[i] = (float) exact[i];
      }
    } else {
      ring.context(4, values);
    }
    return values;
  }

  private static CellCloser closer(String keys, TestingMetrics metrics) {
    CellCloser closer =
        new CellCloser(
            Samples.config(section(keys)).series(),
            ContextNeeds.of(Samples.config(section(keys)).series().coldStart(), 4, 1),
            () -> Samples.NOW);
    closer.open(new JobMetrics(metrics));
    return closer;
  }

  private static float[] values(String text) {
    String[] parts = text.split(" +");
    float[] values = new float[parts.length];
    for (int i = 0; i < parts.length; i++) {
      values[i] = parts[i].equals("-") ? NAN : Float.parseFloat(parts[i]);
    }
    return values;
  }

  @Test
  void shouldNotLoseWhatACounterCountsBesideItsLevel() throws Exception {
    start("aggregate: delta");
    for (int hour = 0; hour <= 9; hour++) {
      double value = 16_800_000 + hour * 0.25;
      Measurement in = Samples.measurement("a", hour * HOUR, 0);
      harness.observe(new Measurement(in.source(), "a", in.timeMillis(), new double[] {value}));
    }
    assertThat(harness.requests())
        .hasSize(5)
        .allSatisfy(request -> assertThat(values(request)).containsExactly(.25f, .25f, .25f, .25f));
  }

  @Test
  void shouldCloseACellWithTheReadingOfACounterThatIsReadOnceAStep() throws Exception {
    start("aggregate: delta, close: arrival");
    for (int hour = 0; hour <= 5; hour++) {
      observe(hour, hour * hour);
    }
    assertThat(harness.requests())
        .extracting(ForecastTask::originMillis)
        .containsExactly(4 * HOUR, 5 * HOUR);
    assertThat(values(harness.requests().get(1))).containsExactly(3, 5, 7, 9);
  }

  /** The reading between two others belongs to both of their cells. */
  @Test
  void shouldTakeALateReadingIntoBothCellsThatItIsBetween() throws Exception {
    start("aggregate: delta, allowed-lateness: 3h, reissue: true, min-context: 2");
    observe(0, 0);
    observe(1, 10);
    observe(3, 40);
    observe(4, 50);
    harness.watermark(5 * HOUR - 1);
    assertThat(harness.requests())
        .last()
        .satisfies(request -> assertThat(values(request)).containsExactly(10, 10, 10, 10));
    observe(2.5, 15);
    assertThat(harness.requests())
        .last()
        .satisfies(
            request -> {
              assertThat(values(request)).containsExactly(10, 5, 25, 10);
              assertThat(request.revision()).isEqualTo(1);
              assertThat(request.filledCells()).isZero();
            });
  }

  @Test
  void shouldCountHowOftenACounterFalls() {
    TestingMetrics metrics = new TestingMetrics();
    CellCloser closer = closer("aggregate: delta, counter-wraps-at: 100", metrics);
    SeriesRing ring = null;
    float[] readings = {90, 98, 3, 40, 2, 8};
    for (int hour = 0; hour < readings.length; hour++) {
      Measurement in = Samples.measurement("a", hour * HOUR, readings[hour]);
      boolean isFirst = ring == null;
      ring = isFirst ? closer.create(in, closer.cell(in)) : ring;
      closer.observe(in, closer.cell(in), ring, isFirst, new Nobody());
    }
    assertThat(metrics.count("tidecast.counterResets")).as("40 to 2, but not 98 to 3").isOne();
  }

  @Test
  void shouldGoOnFromTheLastReadingAfterARestore() throws Exception {
    for (String aggregate : new String[] {"delta", "time-weighted-mean"}) {
      String keys = "min-context: 1, aggregate: " + aggregate;
      start(keys);
      observe(0, 10);
      observe(1, 12);
      harness.watermark(3 * HOUR);
      OperatorSubtaskState snapshot = harness.snapshot();
      start(keys, snapshot);
      observe(2.5, 20);
      harness.watermark(3 * HOUR + 1);
      assertThat(harness.requests())
          .last()
          .satisfies(
              request ->
                  assertThat(values(request)[3]).isEqualTo(aggregate.equals("delta") ? 8 : 16));
    }
  }

  private static String section(String keys) {
    return "series: {step: 1h, " + keys + "}";
  }

  private void start(String keys) throws Exception {
    start(keys, null);
  }

  private void start(String keys, OperatorSubtaskState snapshot) throws Exception {
    harness = WindowHarness.start(Samples.config(section(keys)), Samples.SPEC, 1, snapshot);
    started.add(harness);
  }

  private void observe(double hours, float value) throws Exception {
    harness.observe(Samples.measurement("a", Math.round(hours * HOUR), value));
  }

  private static float[] values(ForecastTask task) {
    float[] values = task.context().clone();
    for (int i = 0; task.bases().length > 0 && i < values.length; i++) {
      values[i] = (float) (values[i] + task.bases()[i % task.bases().length]);
    }
    return values;
  }
}
