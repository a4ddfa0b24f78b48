package io.tidecast.training;

import io.tidecast.runtime.ForecastBatch;
import io.tidecast.runtime.Forecaster;
import io.tidecast.runtime.ForecasterSpec;
import io.tidecast.runtime.SeasonalNaive;
import io.tidecast.runtime.Window;
import io.tidecast.runtime.WindowBatch;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Measures a forecaster over every window of a part of a series, none left out, through the same
 * code that serves it.
 */
public final class Evaluation {
  private static final int BATCH = 128;

  private final TrainingData data;
  private final Split.Part part;

  /** Over one part of the data. */
  public Evaluation(TrainingData data, Split.Part part) {
    this.data = data;
    this.part = part;
  }

  /** Is given every forecast, in order of time. */
  @FunctionalInterface
  public interface ForecastConsumer {

    /**
     * @param originRow row of the last context cell
     * @param points {@code [horizon][channel]}, units of the series; reused
     */
    void accept(int originRow, float[] points);
  }

  /** Accuracy of a forecaster, which stays the caller's. */
  public Accuracy accuracy(Forecaster forecaster) {
    return accuracy(forecaster, (row, points) -> {});
  }

  /**
   * Accuracy of a forecaster, each forecast handed on.
   *
   * @throws DataException if the part holds no window, or the series has other channels
   */
  public Accuracy accuracy(Forecaster forecaster, ForecastConsumer consumer) {
    ForecasterSpec spec = forecaster.spec();
    TimeSeries series = data.series();
    if (series.channels().size() != spec.channels()) {
      throw new DataException(
          "the series must have the model's "
              + spec.channels()
              + " channels, found "
              + series.channels());
    }
    int first = data.split().firstWindow(part, spec.contextLength());
    int count = data.split().windows(part, spec.contextLength(), spec.predictionLength());
    WindowBatch windows = new WindowBatch(spec, BATCH);
    ForecastBatch forecasts = new ForecastBatch(spec, BATCH);
    Accuracy.Sum sum = new Accuracy.Sum(data.scaler());
    float[] context = new float[spec.contextSize()];
    float[] points = new float[spec.pointsSize()];
    float[] actual = new float[spec.pointsSize()];
    for (int from = 0; from < count; from += BATCH) {
      windows.clear();
      for (int i = from; i < Math.min(count, from + BATCH); i++) {
        series.copy(first + i, context);
        windows.add(Window.of(context));
      }
      forecaster.forecast(windows, forecasts);
      for (int row = 0; row < windows.size(); row++) {
        int target = first + from + row + spec.contextLength();
        forecasts.points(row, points);
        series.copy(target, actual);
        sum.add(points, actual);
        consumer.accept(target - 1, points);
      }
    }
    return sum.mean();
  }

  /** Accuracy of every baseline that the model's context has room for, by name. */
  public Map<String, Accuracy> baselines(ForecasterSpec spec) {
    Map<String, Accuracy> accuracies = new LinkedHashMap<>();
    seasons(data.series().step())
        .forEach(
            (name, steps) -> {
              if (steps <= spec.contextLength()) {
                try (Forecaster baseline = new SeasonalNaive(spec, steps)) {
                  accuracies.put(name, accuracy(baseline));
                }
              }
            });
    return accuracies;
  }

  private static Map<String, Integer> seasons(Duration step) {
    Map<String, Integer> seasons = new LinkedHashMap<>();
    seasons.put("repeat last", 1);
    season(seasons, "daily seasonal naive", Duration.ofDays(1), step);
    season(seasons, "weekly seasonal naive", Duration.ofDays(7), step);
    return seasons;
  }

  private static void season(
      Map<String, Integer> seasons, String name, Duration length, Duration step) {
    long steps = length.dividedBy(step);
    if (steps > 1 && steps <= Integer.MAX_VALUE && step.multipliedBy(steps).equals(length)) {
      seasons.put(name, (int) steps);
    }
  }
}
