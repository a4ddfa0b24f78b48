package io.tidecast.flink.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidecast.flink.record.ForecastRequest;
import io.tidecast.flink.record.ForecastTask;
import io.tidecast.flink.record.Measurement;
import io.tidecast.flink.testing.Samples;
import io.tidecast.runtime.manifest.ForecasterSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the context of a forecast is of values that 32-bit floats cannot tell apart. */
class LargeLevelsTest {

  private static final int CONTEXT = 24;

  private WindowHarness harness;

  @AfterEach
  void close() throws Exception {
    if (harness != null) {
      harness.close();
    }
  }

  @Test
  void shouldGiveWhatWasObservedToTheLastDigit() throws Exception {
    assertExact(cell -> 1e9 + cell * 0.25);
    assertExact(cell -> 16_800_000 + cell * 0.25);
    assertExact(cell -> -1e9 - cell * 0.25);
    assertExact(cell -> 16_777_217);
    assertExact(cell -> 1e12 + cell % 7);
    assertExact(cell -> 999_999_999.5 + cell % 3);
  }

  /** Below 2^24, too, where floats hold every whole number. */
  @Test
  void shouldTellApartWhatIsCloseTogether() throws Exception {
    for (double level : new double[] {1e5, 1e6, 1e7, -3e6}) {
      double[] seen = seen(cell -> level + cell * 0.1, CONTEXT + 5);
      for (int i = 0; i < CONTEXT; i++) {
        assertThat(seen[i]).as("%s, %d", level, i).isCloseTo(level + (5 + i) * 0.1, within(1e-6));
      }
    }
  }

  /** What is right today stays so to the bit: floats, told from 0. */
  @Test
  void shouldLeaveOrdinaryValuesAsTheyAre() throws Exception {
    Random random = new Random(3);
    for (double level : new double[] {0, 20, -300, 1_013, 30_000}) {
      start("series: {step: 1s}", CONTEXT, 1);
      double[] values =
          random
              .doubles(60)
              .map(u -> Math.round((level + level / 20 * u + u) * 10) / 10.0)
              .toArray();
      for (int cell = 0; cell < values.length; cell++) {
        observe(cell, values[cell]);
      }
      for (ForecastTask task : harness.requests()) {
        assertThat(task.bases()).isEmpty();
        int origin = (int) (task.originMillis() / 1_000);
        for (int i = 0; i < CONTEXT; i++) {
          assertThat(task.context()[i]).isEqualTo((float) values[origin - CONTEXT + 1 + i]);
        }
      }
      harness.close();
    }
    harness = null;
  }

  @Test
  void shouldKeepWhatVariesWhateverTheLevel() throws Exception {
    Random random = new Random(11);
    for (int trial = 0; trial < 300; trial++) {
      double level = Math.pow(10, random.nextDouble(0, 12)) * (random.nextBoolean() ? 1 : -1);
      double variation = Math.max(Math.abs(level) * Math.pow(10, -random.nextDouble(0, 9)), 1e-4);
      double[] values =
          random.doubles(CONTEXT + random.nextInt(30)).map(u -> level + variation * u).toArray();
      double[] seen = seen(cell -> values[cell], values.length);
      double[] expected = Arrays.copyOfRange(values, values.length - CONTEXT, values.length);
      double range = range(expected);
      double most = Math.abs(level) + variation < 1 << 24 ? 1e-2 * range : 1e-6 * range;
      for (int i = 0; i < CONTEXT; i++) {
        assertThat(seen[i])
            .as("trial %d, level %s, variation %s, %d", trial, level, variation, i)
            .isCloseTo(expected[i], within(most));
      }
    }
  }

  /** A counter over its life, fast at first, then slow. */
  @Test
  void shouldFollowALevelThatDrifts() throws Exception {
    double[] values = new double[400];
    for (int cell = 1; cell < values.length; cell++) {
      values[cell] = values[cell - 1] + (cell < 100 ? 1e7 + 0.25 : 0.25);
    }
    start("series: {step: 1s}", CONTEXT, 1);
    for (int cell = 0; cell < values.length; cell++) {
      observe(cell, values[cell]);
    }
    for (ForecastTask task : harness.requests()) {
      int origin = (int) (task.originMillis() / 1_000);
      double[] expected = Arrays.copyOfRange(values, origin - CONTEXT + 1, origin + 1);
      double most = origin >= 100 + CONTEXT ? 0 : 1e-6 * range(expected);
      assertThat(values(task)).as("%d", origin).containsExactly(expected, within(most));
    }
  }

  /** A device that says 0 once, and one that begins anew. */
  @Test
  void shouldKeepOtherValuesBesideOneThatIsFarOff() throws Exception {
    IntToDoubleFunction once = cell -> cell == 30 ? 0 : 1e9 + cell * 0.25;
    double[] seen = seen(once, 40);
    for (int i = 0; i < CONTEXT; i++) {
      int cell = 40 - CONTEXT + i;
      assertThat(seen[i]).isCloseTo(once.applyAsDouble(cell), within(cell == 30 ? 64.0 : 0));
    }
    IntToDoubleFunction anew = cell -> cell < 30 ? 1e9 + cell * 0.25 : (cell - 30) * 0.25;
    assertThat(seen(anew, 30 + CONTEXT))
        .isEqualTo(IntStream.range(30, 30 + CONTEXT).mapToDouble(anew).toArray());
  }

  @Test
  void shouldTellEachChannelFromItsOwnBase() throws Exception {
    start("series: {step: 1s, channels: 3}", CONTEXT, 3);
    for (int cell = 0; cell < 40; cell++) {
      observe(cell, 1e9 + cell * 0.5, 21.5 + cell % 4, -1e12 - cell * 2);
    }
    ForecastTask task = last();
    assertThat(task.bases()[0]).isNotZero();
    assertThat(task.bases()[1]).isZero();
    double[] seen = values(task);
    for (int i = 0; i < CONTEXT; i++) {
      int cell = 40 - CONTEXT + i;
      assertThat(Arrays.copyOfRange(seen, i * 3, i * 3 + 3))
          .containsExactly(1e9 + cell * 0.5, 21.5 + cell % 4, -1e12 - cell * 2);
    }
  }

  @Test
  void shouldFillGapsAtTheLevel() throws Exception {
    for (String fill : List.of("previous", "linear", "seasonal, fill-season: 2")) {
      start("series: {step: 1s, fill: " + fill + "}", CONTEXT, 1);
      for (int cell = 0; cell < 40; cell++) {
        if (cell < 30 || cell > 31) {
          observe(cell, 1e12 + cell % 2);
        }
      }
      double[] seen = values(last());
      assertThat(Arrays.stream(seen).boxed())
          .as(fill)
          .allMatch(value -> value >= 1e12 && value <= 1e12 + 1);
      harness.close();
    }
    start("series: {step: 1s, fill: constant, fill-constant: 1000000005}", CONTEXT, 1);
    observe(0, 1e9);
    for (int cell = 2; cell < 40; cell++) {
      observe(cell, cell == 30 ? Double.NaN : 1e9 + cell);
    }
    assertThat(values(last())[CONTEXT - 10]).isEqualTo(1_000_000_005);
  }

  @Test
  void shouldAddUpInDoubles() throws Exception {
    start(
        "series: {step: 1s, aggregate: mean, close: watermark, duplicates: aggregate}", CONTEXT, 1);
    for (int cell = 0; cell < 40; cell++) {
      for (int i = 0; i < 4; i++) {
        harness.observe(
            new Measurement(
                Samples.source(new byte[0]).origin(),
                "a",
                cell * 1_000L + i * 100,
                new double[] {1e9 + cell + i * 0.5}));
      }
    }
    harness.watermark(40_000);
    double[] seen = values(last());
    for (int i = 0; i < CONTEXT; i++) {
      assertThat(seen[i]).isEqualTo(1e9 + 40 - CONTEXT + i + 0.75);
    }
  }

  @Test
  void shouldTakeNothingAwayInAJournal() throws Exception {
    harness =
        WindowHarness.start(
            Samples.config(
                "series: {step: 1s, forecast-every: never}", "requests: {topic: requests}"),
            spec(336, 1),
            7,
            null);
    for (int cell = 0; cell < 400; cell++) {
      observe(cell, 1e9 + cell * 0.25);
    }
    assertThat(harness.deferred()).isPositive();
    harness.query(new ForecastRequest(Samples.source(new byte[0]).origin(), "a", null));
    double[] seen = values(last());
    for (int i = 0; i < 336; i++) {
      assertThat(seen[i]).isEqualTo(1e9 + (400 - 336 + i) * 0.25);
    }
  }

  @Test
  void shouldAskAgainWithAsManyDigits() throws Exception {
    start("series: {step: 1s, allowed-lateness: 5s}", CONTEXT, 1);
    for (int cell = 0; cell < 40; cell++) {
      observe(cell, 1e9 + cell * 0.25);
    }
    observe(38, 1e9 + 0.125);
    observe(40, 1e9 + 10);
    double[] seen = values(last());
    assertThat(seen[CONTEXT - 3]).isEqualTo(1e9 + 0.125);
    assertThat(seen[CONTEXT - 1]).isEqualTo(1e9 + 10);
    assertThat(seen[0]).isEqualTo(1e9 + (41 - CONTEXT) * 0.25);
  }

  @Test
  void shouldGoOnFromASavepoint() throws Exception {
    start("series: {step: 1s}", CONTEXT, 1);
    for (int cell = 0; cell < 30; cell++) {
      observe(cell, 1e9 + cell * 0.25);
    }
    var snapshot = harness.snapshot();
    harness.close();
    // A longer context has what is kept carried over.
    harness =
        WindowHarness.start(
            Samples.config("series: {step: 1s, min-context: 3, cold-start: baseline}"),
            spec(CONTEXT + 6, 1),
            7,
            snapshot);
    observe(30, 1e9 + 30 * 0.25);
    double[] seen = values(last());
    for (int i = 1; i < CONTEXT; i++) {
      assertThat(seen[seen.length - i]).isEqualTo(1e9 + (31 - i) * 0.25);
    }
  }

  private void assertExact(IntToDoubleFunction values) throws Exception {
    for (int cells : new int[] {CONTEXT, CONTEXT + 1, CONTEXT + 17, 5 * CONTEXT}) {
      double[] expected = IntStream.range(cells - CONTEXT, cells).mapToDouble(values).toArray();
      assertThat(seen(values, cells)).isEqualTo(expected);
    }
  }

  /** The values of the last context of a series of one channel. */
  private double[] seen(IntToDoubleFunction values, int cells) throws Exception {
    start("series: {step: 1s}", CONTEXT, 1);
    for (int cell = 0; cell < cells; cell++) {
      observe(cell, values.applyAsDouble(cell));
    }
    double[] seen = values(last());
    harness.close();
    harness = null;
    return seen;
  }

  private void start(String series, int context, int channels) throws Exception {
    harness = WindowHarness.start(Samples.config(series), spec(context, channels), 7, null);
  }

  private static ForecasterSpec spec(int context, int channels) {
    return new ForecasterSpec("echo", "1", context, 1, channels, List.of());
  }

  private void observe(int cell, double... values) throws Exception {
    harness.observe(
        new Measurement(Samples.source(new byte[0]).origin(), "a", cell * 1_000L, values));
  }

  private ForecastTask last() {
    List<ForecastTask> requests = new ArrayList<>(harness.requests());
    return requests.get(requests.size() - 1);
  }

  /** What a model that repeats its context would forecast. */
  private static double[] values(ForecastTask task) {
    double[] values = new double[task.context().length];
    for (int i = 0; i < values.length; i++) {
      double base = task.bases().length == 0 ? 0 : task.bases()[i % task.bases().length];
      values[i] = base + task.context()[i];
    }
    return values;
  }

  private static double range(double[] values) {
    return Arrays.stream(values).max().orElse(0) - Arrays.stream(values).min().orElse(0);
  }
}
