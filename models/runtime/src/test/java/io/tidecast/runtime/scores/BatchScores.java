package io.tidecast.runtime.scores;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/**
 * Scores as their definition has them, from all forecasts and all cells at once: no sums that go
 * on, no bytes, none of the code under test but its settings.
 */
final class BatchScores {

  /** One forecast, {@code [step][target][1 + level]}. */
  record Made(Contestant by, long origin, int revision, double[][][] numbers) {

    ScoredForecast forecast() {
      return new ScoredForecast(
          by,
          origin,
          revision,
          numbers.length,
          new ForecastValues() {
            @Override
            public double point(int step, int target) {
              return numbers[step][target][0];
            }

            @Override
            public double quantile(int step, int target, int level) {
              return numbers[step][target][1 + level];
            }
          });
    }
  }

  /** One value that was forecast and then known; the naive is NaN where there is none. */
  private record Pair(long cell, double[] numbers, double actual, double naive) {}

  private final ScoreSettings settings;
  private final Map<Long, double[]> cells = new HashMap<>();
  private final List<Made> forecasts = new ArrayList<>();

  BatchScores(ScoreSettings settings) {
    this.settings = settings;
  }

  void close(long cell, double[] values) {
    cells.put(cell, values);
  }

  void forecast(Made made) {
    forecasts.add(made);
  }

  private double value(long cell, int channel) {
    double[] values = cells.get(cell);
    return values == null ? Double.NaN : values[channel];
  }

  /** The figures of a model, in the order of {@link Score}s. */
  List<Score> scores(Contestant by, long newest) {
    List<Score> scores = new ArrayList<>();
    for (int target = 0; target < by.channels().length; target++) {
      for (int band = 0; band < settings.bands(); band++) {
        List<Pair> pairs = pairs(by, target, band, newest);
        Figures window = figures(by, target, inWindow(pairs, newest), newest, false);
        if (window.count() > 0) {
          scores.add(
              new Score(
                  by,
                  by.channels()[target],
                  settings.firstLead(band),
                  settings.lastLead(band),
                  newest,
                  window,
                  figures(by, target, pairs, newest, true),
                  ScoredForecast.PRIMARY,
                  Double.NaN));
        }
      }
    }
    return scores;
  }

  private List<Pair> pairs(Contestant by, int target, int band, long newest) {
    List<Pair> pairs = new ArrayList<>();
    int channel = by.channels()[target];
    for (int i = 0; i < settings.leads().size(); i++) {
      int lead = settings.leads().get(i);
      if (i * settings.bands() / settings.leads().size() != band) {
        continue;
      }
      for (Made made : kept(by, lead)) {
        long cell = made.origin() + lead;
        double[] numbers = made.numbers()[lead - 1][target];
        double actual = value(cell, channel);
        int back = settings.seasonCells();
        while (back < lead) {
          back += settings.seasonCells();
        }
        if (cell <= newest && !Double.isNaN(actual)) {
          pairs.add(new Pair(cell, numbers, actual, value(cell - back, channel)));
        }
      }
    }
    return pairs;
  }

  /** Of each stretch of origins the first, as it was last revised. */
  private List<Made> kept(Contestant by, int lead) {
    int waiting = settings.waiting(by.numbers(), by.channels().length);
    int stride = (int) Math.ceil((double) lead / waiting);
    Map<Long, Made> first = new TreeMap<>();
    for (Made made : forecasts) {
      if (made.by() == by && made.numbers().length >= lead) {
        first.merge(
            Math.floorDiv(made.origin(), (long) stride),
            made,
            (one, other) -> {
              if (one.origin() == other.origin()) {
                return one.revision() > other.revision() ? one : other;
              }
              return one.origin() < other.origin() ? one : other;
            });
      }
    }
    return new ArrayList<>(first.values());
  }

  private List<Pair> inWindow(List<Pair> pairs, long newest) {
    return pairs.stream().filter(pair -> isInWindow(pair.cell(), newest)).toList();
  }

  private boolean isInWindow(long cell, long newest) {
    int block = (settings.windowCells() + 2) / 3;
    return Math.floorDiv(cell, block) > Math.floorDiv(newest, block) - 3;
  }

  private Figures figures(
      Contestant by, int target, List<Pair> pairs, long newest, boolean weighted) {
    List<Pair> withNaive = pairs.stream().filter(pair -> !Double.isNaN(pair.naive())).toList();
    List<Pair> scale = new ArrayList<>();
    for (long cell : cells.keySet()) {
      double actual = value(cell, by.channels()[target]);
      double before = value(cell - settings.seasonCells(), by.channels()[target]);
      if (cell <= newest && !Double.isNaN(actual - before)) {
        scale.add(new Pair(cell, new double[] {before}, actual, Double.NaN));
      }
    }
    Mean mean = new Mean(newest, weighted);
    List<Pair> scaled = weighted ? scale : inWindow(scale, newest);
    double mae = mean.of(pairs, pair -> Math.abs(error(pair)));
    double mse = mean.of(pairs, pair -> Math.pow(error(pair), 2));
    double scaleMae = mean.of(scaled, pair -> Math.abs(error(pair)));
    double scaleMse = mean.of(scaled, pair -> Math.pow(error(pair), 2));
    double least =
        new Mean(newest, false).of(inWindow(scale, newest), pair -> Math.abs(error(pair))) / 1000;
    // Of a series that stands still, what is left of its weighted errors is no scale.
    boolean hasScale = least > 0 && scaleMae >= least;
    int levels = by.levels().length;
    double pinball =
        mean.of(
            pairs,
            pair -> {
              double losses = 0;
              for (int i = 0; i < levels; i++) {
                double quantile = pair.numbers()[1 + i];
                double side = pair.actual() < quantile ? by.levels()[i] - 1 : by.levels()[i];
                losses += side * (pair.actual() - quantile);
              }
              return losses / levels;
            });
    double covered =
        mean.of(
            pairs,
            pair ->
                levels > 0
                        && pair.numbers()[1] <= pair.actual()
                        && pair.actual() <= pair.numbers()[levels]
                    ? 1
                    : 0);
    return new Figures(
        mean.weight(pairs),
        mae,
        mse,
        hasScale ? mae / scaleMae : Double.NaN,
        hasScale ? Math.sqrt(mse / scaleMse) : Double.NaN,
        mean.of(
            pairs,
            pair ->
                error(pair) == 0
                    ? 0
                    : Math.abs(error(pair))
                        / ((Math.abs(pair.numbers()[0]) + Math.abs(pair.actual())) / 2)),
        mean.of(pairs, BatchScores::error),
        mean.weight(withNaive),
        mean.of(withNaive, pair -> Math.abs(pair.naive() - pair.actual())),
        mean.of(withNaive, pair -> Math.pow(pair.naive() - pair.actual(), 2)),
        levels == 0 ? Double.NaN : pinball,
        levels == 0 ? mae : 2 * pinball,
        levels < 2 ? Double.NaN : covered,
        levels < 2
            ? Double.NaN
            : mean.of(pairs, pair -> pair.numbers()[levels] - pair.numbers()[1]));
  }

  private static double error(Pair pair) {
    return pair.numbers()[0] - pair.actual();
  }

  /** Means that are weighted by age, or not. */
  private final class Mean {
    private final long newest;
    private final boolean weighted;

    Mean(long newest, boolean weighted) {
      this.newest = newest;
      this.weighted = weighted;
    }

    private double weight(Pair pair) {
      return weighted ? Math.pow(2, -(newest - pair.cell()) / settings.halfLifeCells()) : 1;
    }

    double weight(List<Pair> pairs) {
      return pairs.stream().mapToDouble(this::weight).sum();
    }

    double of(List<Pair> pairs, ToDoubleFunction<Pair> loss) {
      return pairs.stream().mapToDouble(pair -> weight(pair) * loss.applyAsDouble(pair)).sum()
          / weight(pairs);
    }
  }

  /** The figures in the order of their names. */
  static double[] numbers(Figures figures) {
    return Arrays.stream(Figures.class.getRecordComponents())
        .mapToDouble(
            component -> {
              try {
                return (double) component.getAccessor().invoke(figures);
              } catch (ReflectiveOperationException e) {
                throw new AssertionError(e);
              }
            })
        .toArray();
  }
}
