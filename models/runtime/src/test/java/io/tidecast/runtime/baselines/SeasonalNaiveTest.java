package io.tidecast.runtime.baselines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.testing.RichModels;
import io.tidecast.runtime.testing.TestModels;
import io.tidecast.runtime.windows.ForecastBatch;
import io.tidecast.runtime.windows.Forecaster;
import io.tidecast.runtime.windows.Window;
import io.tidecast.runtime.windows.WindowBatch;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SeasonalNaiveTest {

  @Test
  void shouldRepeatTheLastSeasonOverTheHorizon() {
    assertThat(forecast(1, 3, 8, 1, 2, 3, 4, 5, 6)).containsExactly(4, 5, 6, 4, 5, 6, 4, 5);
  }

  @Test
  void shouldRepeatTheLastCellForASeasonOfOne() {
    assertThat(forecast(1, 1, 3, 1, 2, 3)).containsExactly(3, 3, 3);
  }

  @Test
  void shouldKeepChannelsApart() {
    assertThat(forecast(2, 2, 3, 1, 10, 2, 20, 3, 30)).containsExactly(2, 20, 3, 30, 2, 20);
  }

  @Test
  void shouldForecastTheTargetsInTheirOrder() {
    ForecasterSpec model = RichModels.everyInput().manifest().spec();
    try (Forecaster naive = new SeasonalNaive(model, 2)) {
      WindowBatch windows = new WindowBatch(naive.spec(), 1);
      float[] context = new float[18];
      for (int i = 0; i < context.length; i++) {
        context[i] = i;
      }
      windows.add(new Window("a", 7, 1, context, new float[] {1, 2, 3, 4}));
      ForecastBatch forecasts = new ForecastBatch(naive.spec(), 1);
      naive.forecast(windows, forecasts);
      float[] points = new float[8];
      forecasts.points(0, points);
      assertThat(points).containsExactly(14, 12, 17, 15, 14, 12, 17, 15);
    }
  }

  @Test
  void shouldTakeTheWholeContextAsASeason() {
    assertThat(forecast(1, 3, 3, 1, 2, 3)).containsExactly(1, 2, 3);
  }

  @Test
  void shouldRepeatTheFirstValueWhereTheSeasonReachesBeforeIt() {
    ForecasterSpec model = TestModels.meanOfKnown().manifest().spec();
    try (Forecaster naive = new SeasonalNaive(model, 3)) {
      WindowBatch windows = new WindowBatch(naive.spec(), 1);
      float[] context = new float[26];
      Arrays.fill(context, Float.NaN);
      context[22] = 5;
      context[24] = 6;
      context[25] = 7;
      assertThat(windows.add(Window.of(context))).isEqualTo(23);
      ForecastBatch forecasts = new ForecastBatch(naive.spec(), 1);
      naive.forecast(windows, forecasts);
      float[] points = new float[6];
      forecasts.points(0, points);
      assertThat(points).containsExactly(5, 7, 5, 7, 6, 7);

      assertThatIllegalArgumentException()
          .isThrownBy(() -> naive.forecast(new WindowBatch(model, 1), forecasts))
          .withMessageStartingWith("batches must have the geometry of ");
    }
  }

  @Test
  void shouldSayItsSeason() {
    ForecasterSpec model = new ForecasterSpec("m", "7", 336, 48, 1, List.of(0.5));
    try (Forecaster naive = new SeasonalNaive(model, 336)) {
      assertThat(naive.spec())
          .isEqualTo(new ForecasterSpec("seasonal-naive", "336", 336, 48, 1, List.of()));
    }
  }

  @Test
  void shouldRefuseASeasonBeyondTheContext() {
    ForecasterSpec model = new ForecasterSpec("m", "1", 4, 1, 1, List.of());

    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SeasonalNaive(model, 5))
        .withMessage("must be within 1..4: seasonSteps=5");
    assertThatIllegalArgumentException().isThrownBy(() -> new SeasonalNaive(model, 0));
  }

  private static float[] forecast(int channels, int season, int horizon, float... context) {
    ForecasterSpec model =
        new ForecasterSpec("m", "1", context.length / channels, horizon, channels, List.of());
    try (Forecaster naive = new SeasonalNaive(model, season)) {
      WindowBatch windows = new WindowBatch(model, 2);
      windows.add(Window.of(new float[context.length]));
      windows.add(Window.of(context));
      ForecastBatch forecasts = new ForecastBatch(naive.spec(), 2);
      naive.forecast(windows, forecasts);
      float[] points = new float[horizon * channels];
      forecasts.points(1, points);
      return points;
    }
  }
}
