package io.tidecast.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every {@link Forecaster} keeps to. Extend it and say how to open one. */
public abstract class ForecasterContract {

  private static final int WINDOWS = 130;

  private Forecaster forecaster;
  private ForecasterSpec spec;

  /** A fresh forecaster; the kit closes it. */
  protected abstract Forecaster open();

  @BeforeEach
  public final void openForecaster() {
    forecaster = open();
    spec = forecaster.spec();
  }

  @AfterEach
  public final void closeForecaster() {
    forecaster.close();
  }

  @Test
  public void shouldFillEveryCellOfItsShape() {
    float[][] contexts = contexts(3);
    ForecastBatch forecasts = new ForecastBatch(spec, 5);
    forecasts.resize(5);
    for (int row = 0; row < 5; row++) {
      forecasts.setPoints(row, filled(spec.pointsSize(), Float.NaN));
      forecasts.setQuantiles(row, filled(spec.quantilesSize(), Float.NaN));
    }

    forecaster.forecast(windows(contexts, 5), forecasts);

    assertThat(forecasts.size()).isEqualTo(3);
    for (int row = 0; row < 3; row++) {
      assertThat(forecasts.isFinite(row)).as("row %d is finite", row).isTrue();
    }
  }

  @Test
  public void shouldLeaveItsWindowsAsTheyWere() {
    float[][] contexts = contexts(2);
    WindowBatch windows = windows(contexts, 2);

    forecaster.forecast(windows, new ForecastBatch(spec, 2));

    float[] found = new float[spec.contextSize()];
    for (int row = 0; row < 2; row++) {
      windows.context(row, found);
      assertThat(found).isEqualTo(contexts[row]);
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
    float[][] contexts = contexts(7);

    assertThat(bits(contexts)).isDeepEqualTo(bits(contexts));
  }

  @ParameterizedTest
  @ValueSource(
      ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 13, 16, 17, 31, 32, 33, 63, 64, 65, 127, 128, 130})
  public void shouldGiveABatchTheBitsOfItsSingles(int size) {
    float[][] contexts = contexts(size);
    int[][] batch = bits(contexts);

    for (int row = 0; row < size; row++) {
      assertThat(batch[row])
          .as("row %d of %d", row, size)
          .isEqualTo(bits(new float[][] {contexts[row]})[0]);
    }
  }

  @Test
  public void shouldGiveTheSameBitsInAnyOrder() {
    float[][] contexts = contexts(19);
    float[][] reversed = new float[19][];
    Arrays.setAll(reversed, row -> contexts[18 - row]);

    int[][] straight = bits(contexts);
    int[][] backwards = bits(reversed);

    for (int row = 0; row < 19; row++) {
      assertThat(backwards[18 - row]).isEqualTo(straight[row]);
    }
  }

  @Test
  public void shouldForecastTheFilledWindowWhereValuesAreMissing() {
    float[] gaps = contexts(1)[0];
    float[] filled = gaps.clone();
    int channels = spec.channels();
    for (int channel = 0; channel < channels; channel++) {
      gaps[channel] = Float.NaN;
      filled[channel] = filled[channels + channel];
      int last = spec.contextSize() - channels + channel;
      gaps[last] = Float.NaN;
      filled[last] = filled[last - channels];
    }

    assertThat(bits(new float[][] {gaps})).isDeepEqualTo(bits(new float[][] {filled}));
  }

  @Test
  public void shouldServeManyThreadsAtOnce() throws Exception {
    float[][] contexts = contexts(9);
    int[][] expected = bits(contexts);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<int[][]>> results = new ArrayList<>();
      for (int i = 0; i < 24; i++) {
        results.add(threads.submit(() -> bits(contexts)));
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
    ForecasterSpec longer = resized(spec.contextLength() + 1, spec.predictionLength());
    ForecasterSpec further = resized(spec.contextLength(), spec.predictionLength() + 1);

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
    WindowBatch windows = windows(contexts(3), 3);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> forecaster.forecast(windows, new ForecastBatch(spec, 2)))
        .withMessage("must be within 0..2: size=3");
  }

  @Test
  public void shouldCloseTwiceWithoutHarm() {
    forecaster.close();

    assertThatNoException().isThrownBy(forecaster::close);
  }

  @Test
  public void shouldRefuseToForecastOnceClosed() {
    WindowBatch windows = windows(contexts(1), 1);
    ForecastBatch forecasts = new ForecastBatch(spec, 1);

    forecaster.close();

    assertThatIllegalStateException()
        .isThrownBy(() -> forecaster.forecast(windows, forecasts))
        .withMessageContaining("closed");
  }

  @Test
  public void shouldFinishRunningCallsBeforeItCloses() throws Exception {
    float[][] contexts = contexts(32);
    int[][] expected = bits(contexts);
    CountDownLatch running = new CountDownLatch(2);
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      List<Future<Integer>> rounds = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        rounds.add(threads.submit(() -> forecastUntilClosed(contexts, expected, running)));
      }
      running.await();

      forecaster.close();

      for (Future<Integer> round : rounds) {
        assertThat(round.get(30, TimeUnit.SECONDS)).isPositive();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  /** The number of rounds until the forecaster said that it is closed. */
  private int forecastUntilClosed(float[][] contexts, int[][] expected, CountDownLatch running) {
    int rounds = 0;
    try {
      while (true) {
        assertThat(bits(contexts)).isDeepEqualTo(expected);
        rounds++;
        if (rounds == 1) {
          running.countDown();
        }
      }
    } catch (IllegalStateException e) {
      return rounds;
    }
  }

  private ForecasterSpec resized(int contextLength, int predictionLength) {
    return new ForecasterSpec(
        spec.id(),
        spec.version(),
        contextLength,
        predictionLength,
        spec.channels(),
        spec.quantileLevels());
  }

  /** Seeded series around 100, another for every row. */
  private float[][] contexts(int count) {
    Random random = new Random(11);
    float[][] contexts = new float[WINDOWS][spec.contextSize()];
    for (float[] context : contexts) {
      double phase = random.nextDouble() * 48;
      for (int i = 0; i < context.length; i++) {
        double wave = 10 * Math.sin((phase + i / spec.channels()) * Math.PI / 24);
        context[i] = (float) (100 + wave + random.nextGaussian());
      }
    }
    return Arrays.copyOf(contexts, count);
  }

  private WindowBatch windows(float[][] contexts, int capacity) {
    WindowBatch windows = new WindowBatch(spec, capacity);
    for (float[] context : contexts) {
      windows.add(Window.of(context));
    }
    return windows;
  }

  /** The bits of each row, points before quantiles. */
  private int[][] bits(float[][] contexts) {
    ForecastBatch forecasts = new ForecastBatch(spec, contexts.length);
    forecaster.forecast(windows(contexts, contexts.length), forecasts);
    int[][] bits = new int[contexts.length][spec.pointsSize() + spec.quantilesSize()];
    float[] points = new float[spec.pointsSize()];
    float[] quantiles = new float[spec.quantilesSize()];
    for (int row = 0; row < contexts.length; row++) {
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
