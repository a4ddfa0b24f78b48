package io.tidecast.runtime.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.tidecast.runtime.manifest.ForecasterInputs;
import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.manifest.TensorRole;
import io.tidecast.runtime.windows.ForecastBatch;
import io.tidecast.runtime.windows.Forecaster;
import io.tidecast.runtime.windows.Window;
import io.tidecast.runtime.windows.WindowBatch;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every {@link Forecaster} keeps to. Extend it and say how to open one. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class ForecasterContract {

  private static final int WINDOWS = 130;
  private static final long STEP = Duration.ofHours(1).toMillis();
  private static final long ORIGIN = Instant.parse("2024-02-28T22:00:00Z").toEpochMilli();

  /** After so many days the calendar begins again, on the same day of the week. */
  private static final long GREGORIAN_CYCLE = Duration.ofDays(146_097).toMillis();

  private Forecaster forecaster;
  private ForecasterSpec spec;
  private List<Window> windows;
  private int[][] singles;
  private String opened;
  private Closed closed;

  /** A fresh forecaster; the kit closes it. */
  protected abstract Forecaster open();

  /** Names what {@link #open} opens, where that changes under one instance of the kit. */
  protected String subject() {
    return "";
  }

  /** Not before all tests: a parameterized class does not know its model yet then. */
  @BeforeEach
  public final void openOnce() {
    if (subject().equals(opened)) {
      return;
    }
    if (forecaster != null) {
      forecaster.close();
    }
    opened = subject();
    closed = null;
    forecaster = open();
    spec = forecaster.spec();
    windows = windows();
    singles = new int[WINDOWS][];
    for (int row = 0; row < WINDOWS; row++) {
      singles[row] = bits(windows.get(row));
    }
  }

  @AfterAll
  public final void closeForecaster() {
    forecaster.close();
  }

  @Test
  public void shouldFillEveryCellOfItsShape() {
    ForecastBatch forecasts = new ForecastBatch(spec, 5);
    forecasts.resize(5);
    for (int row = 0; row < 5; row++) {
      forecasts.setPoints(row, filled(spec.pointsSize(), Float.NaN));
      forecasts.setQuantiles(row, filled(spec.quantilesSize(), Float.NaN));
    }

    forecaster.forecast(batch(windows.subList(0, 3), 5), forecasts);

    assertThat(forecasts.size()).isEqualTo(3);
    for (int row = 0; row < 3; row++) {
      assertThat(forecasts.isFinite(row)).as("row %d is finite", row).isTrue();
    }
  }

  /** Which also says that level is the last axis. */
  @Test
  public void shouldGiveQuantilesThatAscendWithTheirLevels() {
    int levels = spec.quantileLevels().size();
    assertThat(spec.quantilesSize()).isEqualTo(spec.horizon() * spec.targets().size() * levels);
    ForecastBatch forecasts = new ForecastBatch(spec, 5);
    forecaster.forecast(batch(windows.subList(0, 5), 5), forecasts);

    float[] quantiles = new float[spec.quantilesSize()];
    for (int row = 0; row < 5; row++) {
      forecasts.quantiles(row, quantiles);
      for (int from = 0; from < quantiles.length; from += levels) {
        assertThat(Arrays.copyOfRange(quantiles, from, from + levels))
            .as("row %d, step and target %d", row, from / levels)
            .isSorted();
      }
    }
  }

  @Test
  public void shouldLeaveItsWindowsAsTheyWere() {
    WindowBatch given = batch(windows.subList(0, 2), 2);
    WindowBatch same = batch(windows.subList(0, 2), 2);

    forecaster.forecast(given, new ForecastBatch(spec, 2));

    for (TensorRole role : TensorRole.values()) {
      float[] found = new float[spec.size(role)];
      float[] expected = new float[spec.size(role)];
      for (int row = 0; row < 2; row++) {
        given.input(role, row, found);
        same.input(role, row, expected);
        assertThat(found).as("%s of row %d", role, row).isEqualTo(expected);
      }
    }
  }

  @Test
  public void shouldTakeAnEmptyBatch() {
    ForecastBatch forecasts = new ForecastBatch(spec, 1);

    forecaster.forecast(new WindowBatch(spec, 1), forecasts);

    assertThat(forecasts.size()).isZero();
  }

  @Test
  public void shouldGiveTheSameBitsTwice() {
    assertThat(bits(windows.subList(0, 7))).isDeepEqualTo(bits(windows.subList(0, 7)));
  }

  @ParameterizedTest
  @ValueSource(
      ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 13, 16, 17, 31, 32, 33, 63, 64, 65, 127, 128, 130})
  public void shouldGiveABatchTheBitsOfItsSingles(int size) {
    int[][] batch = bits(windows.subList(0, size));

    for (int row = 0; row < size; row++) {
      assertThat(batch[row]).as("row %d of %d", row, size).isEqualTo(singles[row]);
    }
  }

  @Test
  public void shouldGiveTheSameBitsInAnyOrder() {
    List<Window> reversed = new ArrayList<>(windows.subList(0, 19));
    Collections.reverse(reversed);

    int[][] backwards = bits(reversed);

    for (int row = 0; row < 19; row++) {
      assertThat(backwards[18 - row]).isEqualTo(singles[row]);
    }
  }

  @Test
  public void shouldGiveTheSameBitsOnceOpenedAgain() throws Exception {
    assertThat(second().bits()).isDeepEqualTo(bits(windows.subList(0, 3)));
  }

  @Test
  public void shouldLookAtTheSeriesForItsNoiseAlone() {
    Window window = windows.get(0);
    Window other = with(window, window.series() + "'", window.originMillis());

    if (spec.inputs().noise() > 0) {
      assertThat(bits(other)).isNotEqualTo(singles[0]);
    } else {
      assertThat(bits(other)).isEqualTo(singles[0]);
    }
  }

  @Test
  public void shouldLookAtTheOriginForCalendarAndNoiseAlone() {
    Window window = windows.get(0);
    Window later = with(window, window.series(), window.originMillis() + GREGORIAN_CYCLE);

    if (spec.inputs().noise() > 0) {
      assertThat(bits(later)).isNotEqualTo(singles[0]);
    } else {
      assertThat(bits(later)).isEqualTo(singles[0]);
    }
  }

  @Test
  public void shouldForecastTheFilledWindowWhereValuesAreMissing() {
    float[] gaps = windows.get(0).context().clone();
    float[] filled = gaps.clone();
    int channels = spec.channels();
    for (int channel = 0; channel < channels; channel++) {
      if (!spec.leftPadding()) {
        gaps[channel] = Float.NaN;
        filled[channel] = filled[channels + channel];
      }
      int last = spec.contextSize() - channels + channel;
      gaps[last] = Float.NaN;
      filled[last] = filled[last - channels];
    }

    assertThat(bits(with(windows.get(0), gaps))).isEqualTo(bits(with(windows.get(0), filled)));
  }

  @Test
  public void shouldForecastShortContextsAsSuchWhereItPadsThem() {
    for (int known = 1; known < spec.contextLength(); known += 1 + known / 2) {
      Window window = newest(windows.get(1), known);
      WindowBatch batch = new WindowBatch(spec, 2);
      int missing = (spec.contextLength() - known) * spec.channels();
      assertThat(batch.add(window)).isEqualTo(spec.leftPadding() ? 0 : missing);
      batch.add(windows.get(0));
      ForecastBatch forecasts = new ForecastBatch(spec, 2);

      forecaster.forecast(batch, forecasts);

      assertThat(forecasts.isFinite(0)).as("of %d cells", known).isTrue();
      float[] given = filled(window);
      Window filled = with(window, given);
      assertThat(bits(filled)).as("of %d cells", known).isEqualTo(bits(window));
      assertThat(Float.isNaN(given[0])).isEqualTo(spec.leftPadding());
    }
  }

  @Test
  public void shouldServeManyThreadsAtOnce() throws Exception {
    int[][] expected = Arrays.copyOf(singles, 9);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<int[][]>> results = new ArrayList<>();
      for (int i = 0; i < 24; i++) {
        results.add(threads.submit(() -> bits(windows.subList(0, 9))));
      }
      for (Future<int[][]> result : results) {
        assertThat(result.get(30, TimeUnit.SECONDS)).isDeepEqualTo(expected);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  public void shouldRefuseBatchesOfAnotherGeometry() {
    ForecasterSpec longer = resized(spec.contextLength() + 1, spec.horizon());
    ForecasterSpec further = resized(spec.contextLength(), spec.horizon() + 1);

    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> forecaster.forecast(new WindowBatch(longer, 1), new ForecastBatch(spec, 1)))
        .withMessageContaining("geometry");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> forecaster.forecast(new WindowBatch(spec, 1), new ForecastBatch(further, 1)))
        .withMessageContaining("geometry");
  }

  @Test
  public void shouldRefuseForecastsTooSmallForTheirWindows() {
    WindowBatch three = batch(windows.subList(0, 3), 3);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> forecaster.forecast(three, new ForecastBatch(spec, 2)))
        .withMessage("must be within 0..2: size=3");
  }

  @Test
  public void shouldCloseTwiceWithoutHarm() throws Exception {
    Forecaster closed = second().forecaster();

    assertThatNoException().isThrownBy(closed::close);
  }

  @Test
  public void shouldRefuseToForecastOnceClosed() throws Exception {
    WindowBatch one = batch(windows.subList(0, 1), 1);
    ForecastBatch forecasts = new ForecastBatch(spec, 1);
    Forecaster closed = second().forecaster();

    assertThatIllegalStateException()
        .isThrownBy(() -> closed.forecast(one, forecasts))
        .withMessageContaining("closed");
  }

  @Test
  public void shouldFinishRunningCallsBeforeItCloses() throws Exception {
    assertThat(second().rounds()).hasSize(2).allMatch(rounds -> rounds > 0);
    assertThat(second().bothRan()).as("both ran before the close").isTrue();
  }

  /**
   * A second forecaster, closed while two threads were using it. Opening is what costs most, so the
   * tests of opening again and of closing share it.
   *
   * @param bits of the first three windows, while it was open
   * @param rounds of each thread until the forecaster said that it is closed
   * @param bothRan whether each thread had done a round before the close
   */
  private record Closed(
      Forecaster forecaster, int[][] bits, List<Integer> rounds, boolean bothRan) {}

  private Closed second() throws Exception {
    if (closed == null) {
      closed = openAndClose();
    }
    return closed;
  }

  private Closed openAndClose() throws Exception {
    int[][] expected = Arrays.copyOf(singles, 32);
    CountDownLatch running = new CountDownLatch(2);
    ExecutorService threads = Executors.newFixedThreadPool(2);
    Forecaster closing = open();
    try {
      int[][] found = bits(closing, windows.subList(0, 3));
      List<Future<Integer>> results = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        results.add(threads.submit(() -> forecastUntilClosed(closing, expected, running)));
      }
      boolean started = running.await(60, TimeUnit.SECONDS);

      closing.close();

      List<Integer> rounds = new ArrayList<>();
      for (Future<Integer> result : results) {
        rounds.add(result.get(30, TimeUnit.SECONDS));
      }
      return new Closed(closing, found, rounds, started);
    } finally {
      closing.close();
      threads.shutdownNow();
    }
  }

  /** The number of rounds until the forecaster said that it is closed. */
  private int forecastUntilClosed(Forecaster closing, int[][] expected, CountDownLatch running) {
    int rounds = 0;
    try {
      while (true) {
        assertThat(bits(closing, windows.subList(0, expected.length))).isDeepEqualTo(expected);
        rounds++;
        if (rounds == 1) {
          running.countDown();
        }
      }
    } catch (IllegalStateException e) {
      return rounds;
    }
  }

  private ForecasterSpec resized(int contextLength, int horizon) {
    return new ForecasterSpec(
        spec.id(),
        spec.version(),
        contextLength,
        spec.predictionLength(),
        spec.channels(),
        spec.targets(),
        spec.inputs(),
        spec.quantileLevels(),
        spec.leftPadding(),
        horizon);
  }

  /**
   * Seeded values around 100, each window of a series and a time of its own; of a length of its
   * own, every third, where the forecaster pads.
   */
  private List<Window> windows() {
    Random random = new Random(11);
    List<Window> made = new ArrayList<>();
    for (int row = 0; row < WINDOWS; row++) {
      float[] context = new float[spec.contextSize()];
      double phase = random.nextDouble() * 48;
      for (int i = 0; i < context.length; i++) {
        double wave = 10 * Math.sin((phase + i / spec.channels()) * Math.PI / 24);
        context[i] = (float) (100 + wave + random.nextGaussian());
      }
      float[] covariates = new float[spec.futureCovariatesSize()];
      for (int i = 0; i < covariates.length; i++) {
        covariates[i] = (float) (100 + 10 * random.nextGaussian());
      }
      Window window =
          new Window("series-" + row, ORIGIN + 37 * row * STEP, STEP, context, covariates);
      boolean shorter = spec.leftPadding() && row % 3 == 2;
      made.add(shorter ? newest(window, 1 + row % spec.contextLength()) : window);
    }
    return made;
  }

  /** With the newest cells of its context alone. */
  private Window newest(Window window, int cells) {
    float[] context = window.context().clone();
    Arrays.fill(context, 0, context.length - cells * spec.channels(), Float.NaN);
    return with(window, context);
  }

  private static Window with(Window window, String series, long originMillis) {
    return new Window(
        series, originMillis, window.stepMillis(), window.context(), window.futureCovariates());
  }

  private static Window with(Window window, float[] context) {
    return new Window(
        window.series(),
        window.originMillis(),
        window.stepMillis(),
        context,
        window.futureCovariates());
  }

  /** The context of a window as a forecaster sees it that takes contexts whole. */
  private float[] filled(Window window) {
    ForecasterSpec whole =
        new ForecasterSpec(
            spec.id(),
            spec.version(),
            spec.contextLength(),
            spec.predictionLength(),
            spec.channels(),
            spec.targets(),
            ForecasterInputs.NONE,
            spec.quantileLevels(),
            spec.leftPadding());
    WindowBatch batch = new WindowBatch(whole, 1);
    batch.add(window);
    float[] context = new float[spec.contextSize()];
    batch.context(0, context);
    return context;
  }

  private WindowBatch batch(List<Window> members, int capacity) {
    WindowBatch batch = new WindowBatch(spec, capacity);
    members.forEach(batch::add);
    return batch;
  }

  private int[] bits(Window window) {
    return bits(List.of(window))[0];
  }

  private int[][] bits(List<Window> members) {
    return bits(forecaster, members);
  }

  /** The bits of each row, points before quantiles. */
  private int[][] bits(Forecaster subject, List<Window> members) {
    ForecastBatch forecasts = new ForecastBatch(spec, members.size());
    subject.forecast(batch(members, members.size()), forecasts);
    int[][] bits = new int[members.size()][spec.pointsSize() + spec.quantilesSize()];
    float[] points = new float[spec.pointsSize()];
    float[] quantiles = new float[spec.quantilesSize()];
    for (int row = 0; row < members.size(); row++) {
      forecasts.points(row, points);
      forecasts.quantiles(row, quantiles);
      for (int i = 0; i < points.length; i++) {
        bits[row][i] = Float.floatToRawIntBits(points[i]);
      }
      for (int i = 0; i < quantiles.length; i++) {
        bits[row][points.length + i] = Float.floatToRawIntBits(quantiles[i]);
      }
    }
    return bits;
  }

  private static float[] filled(int length, float value) {
    float[] values = new float[length];
    Arrays.fill(values, value);
    return values;
  }
}
