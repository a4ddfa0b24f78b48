package io.tidecast.benchmarks.online;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * A series with what each member forecast of it from every cell on: the model, the seasonal naives
 * of day and week for which the model's context has room, repeat-last and the line of the context.
 */
final class MemberStream {
  private final StreamSet set;
  private final double[] values;
  private final int context;
  private final List<String> names = new ArrayList<>();
  private final List<float[][]> points = new ArrayList<>();
  private final float[][] modelQuantiles;
  private final int horizon;

  /**
   * @param values NaN is missing
   * @param model of the same values
   */
  MemberStream(StreamSet set, double[] values, CachedForecasts model) {
    this.set = set;
    this.values = values;
    this.context = model.spec().contextLength();
    this.horizon = model.spec().horizon();
    int count = model.count();
    float[][] ofTheModel = new float[count][horizon];
    modelQuantiles = new float[count][model.spec().quantilesSize()];
    for (int i = 0; i < count; i++) {
      model.points(i, ofTheModel[i]);
      model.quantiles(i, modelQuantiles[i]);
    }
    names.add("model");
    points.add(ofTheModel);
    double[] filled = filled(values);
    add("day", set.day(), filled);
    add("week", set.week(), filled);
    add("last", 1, filled);
    float[][] line = new float[count][horizon];
    for (int i = 0; i < count; i++) {
      double last = filled[i + context - 1];
      double slope = (last - filled[i]) / (context - 1);
      for (int step = 0; step < horizon; step++) {
        line[i][step] = (float) (last + slope * (step + 1));
      }
    }
    names.add("line");
    points.add(line);
  }

  private void add(String name, int season, double[] filled) {
    if (season > context) {
      return;
    }
    float[][] naive = new float[modelQuantiles.length][horizon];
    for (int i = 0; i < naive.length; i++) {
      for (int step = 0; step < horizon; step++) {
        naive[i][step] = (float) filled[i + context - season + step % season];
      }
    }
    names.add(name);
    points.add(naive);
  }

  /** Each missing value is the one before, leading ones the first. */
  private static double[] filled(double[] values) {
    double[] filled = values.clone();
    double last = Arrays.stream(values).filter(v -> !Double.isNaN(v)).findFirst().orElse(0);
    for (int i = 0; i < filled.length; i++) {
      last = Double.isNaN(filled[i]) ? last : filled[i];
      filled[i] = last;
    }
    return filled;
  }

  StreamSet set() {
    return set;
  }

  String title() {
    return set.title();
  }

  /** The seasons of the seasonal naives among the members, cells. */
  List<Integer> seasons() {
    return Stream.of(set.day(), set.week()).filter(season -> season <= context).toList();
  }

  /** How many cells were known at the first forecast. */
  int context() {
    return context;
  }

  List<String> names() {
    return names;
  }

  int horizon() {
    return horizon;
  }

  /** The number of forecasts. */
  int count() {
    return modelQuantiles.length;
  }

  /** Returns the value of the cell at which a forecast is made, and of those after it. */
  double actual(int forecast, int stepsAhead) {
    int at = forecast + context - 1 + stepsAhead;
    return at < values.length ? values[at] : Double.NaN;
  }

  /** Returns the forecasts made at a cell, {@code [member][step]}. */
  float[][] at(int forecast) {
    float[][] members = new float[points.size()][];
    for (int k = 0; k < members.length; k++) {
      members[k] = points.get(k)[forecast];
    }
    return members;
  }

  /** Returns the quantiles of the model, {@code [step][level]}. */
  float[] modelQuantiles(int forecast) {
    return modelQuantiles[forecast];
  }

  /** Measures the mean absolute error of forecasts, {@code [forecast][step]}. */
  double error(float[][] forecasts) {
    double sum = 0;
    long count = 0;
    for (int i = 0; i < forecasts.length; i++) {
      for (int step = 1; step <= horizon; step++) {
        double error = Math.abs(actual(i, step) - forecasts[i][step - 1]);
        if (!Double.isNaN(error)) {
          sum += error;
          count++;
        }
      }
    }
    return sum / count;
  }

  /** Measures a member. */
  double error(String name) {
    return error(points.get(names.indexOf(name)));
  }
}
