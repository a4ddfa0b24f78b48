package io.tidecast.benchmarks.scores;

import io.tidecast.runtime.scores.Contestant;
import io.tidecast.runtime.scores.ForecastValues;
import io.tidecast.runtime.scores.ScoreSettings;
import io.tidecast.runtime.scores.ScoredForecast;
import io.tidecast.runtime.scores.Scoring;
import io.tidecast.runtime.scores.SeriesScores;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Locale;
import java.util.Random;

/**
 * Prints what it takes to score the forecasts of many series: time of the processor for a cell and
 * the forecasts of all its models, and bytes of a series. State on the heap stays what it is; state
 * on a disk is made of bytes, and bytes of it, for every cell and every forecast.
 */
public final class ScoreTable {

  private static final int SERIES = 10_000;
  private static final int HORIZON = 96;
  private static final int CELLS_BEFORE = 500;
  private static final int ROUNDS = 12;
  private static final double[] NINE = {0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9};

  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final Random random = new Random(3);

  private ScoreTable() {}

  /** Takes no arguments. */
  public static void main(String[] arguments) {
    System.out.printf(
        Locale.ROOT,
        "%,d series, a forecast of %d cells from each cell, scored at 8 leads%n%n"
            + "| models | levels | \u00B5s a cell and its forecasts, on the heap | through bytes |"
            + " bytes a series |%n"
            + "|---:|---:|---:|---:|---:|%n",
        SERIES,
        HORIZON);
    ScoreTable table = new ScoreTable();
    table.measure(1, new double[0]);
    table.measure(4, new double[0]);
    table.measure(1, NINE);
    table.measure(4, NINE);
  }

  private void measure(int models, double[] levels) {
    Scoring scoring =
        new Scoring(new ScoreSettings(ScoreSettings.leadsTo(HORIZON), 1, 24, 1_008, 336, 2));
    Contestant[] contestants = new Contestant[models];
    for (int i = 0; i < models; i++) {
      contestants[i] = new Contestant("model-" + i, "1.0.0", new int[] {0}, levels);
    }
    ForecastValues values = values();
    // All series are as old; one that is like the others saves making ten thousand of them.
    byte[] old = scoring.begin().bytes();
    for (int cell = 0; cell < CELLS_BEFORE; cell++) {
      old = step(scoring, contestants, values, cell, old);
    }
    System.out.printf(
        Locale.ROOT,
        "| %d | %d | %.2f | %.2f | %,d |%n",
        models,
        levels.length,
        onTheHeap(scoring, contestants, values, old),
        throughBytes(scoring, contestants, values, old),
        old.length);
  }

  private double onTheHeap(
      Scoring scoring, Contestant[] models, ForecastValues values, byte[] old) {
    SeriesScores[] series = new SeriesScores[SERIES];
    for (int i = 0; i < SERIES; i++) {
      series[i] = scoring.read(old);
    }
    double best = Double.POSITIVE_INFINITY;
    for (int round = 0; round < ROUNDS; round++) {
      long cell = (long) CELLS_BEFORE + round;
      long begin = threads.getCurrentThreadCpuTime();
      for (SeriesScores one : series) {
        close(one, cell);
        for (Contestant model : models) {
          one.forecast(new ScoredForecast(model, cell, 0, HORIZON, values));
        }
      }
      best = Math.min(best, micros(begin));
    }
    return best;
  }

  private double throughBytes(
      Scoring scoring, Contestant[] models, ForecastValues values, byte[] old) {
    byte[][] series = new byte[SERIES][];
    for (int i = 0; i < SERIES; i++) {
      series[i] = old.clone();
    }
    double best = Double.POSITIVE_INFINITY;
    for (int round = 0; round < ROUNDS; round++) {
      long begin = threads.getCurrentThreadCpuTime();
      for (int i = 0; i < SERIES; i++) {
        series[i] = step(scoring, models, values, CELLS_BEFORE + round, series[i]);
      }
      best = Math.min(best, micros(begin));
    }
    return best;
  }

  /** The time of the processor since, for each series. */
  private double micros(long beginNanos) {
    return (threads.getCurrentThreadCpuTime() - beginNanos) / 1e3 / SERIES;
  }

  private void close(SeriesScores scores, long cell) {
    if (!scores.close(cell, new double[] {(float) random.nextGaussian()})) {
      throw new IllegalStateException("must be open: cell=" + cell);
    }
  }

  private byte[] step(
      Scoring scoring, Contestant[] models, ForecastValues values, long cell, byte[] bytes) {
    SeriesScores scores = scoring.read(bytes);
    close(scores, cell);
    byte[] next = scores.bytes();
    for (Contestant model : models) {
      scores = scoring.read(next);
      scores.forecast(new ScoredForecast(model, cell, 0, HORIZON, values));
      next = scores.bytes();
    }
    return next;
  }

  private ForecastValues values() {
    float[] points = new float[HORIZON];
    for (int i = 0; i < HORIZON; i++) {
      points[i] = (float) random.nextGaussian();
    }
    return new ForecastValues() {
      @Override
      public double point(int step, int target) {
        return points[step];
      }

      @Override
      public double quantile(int step, int target, int level) {
        return (float) (points[step] + 0.1 * level);
      }
    };
  }
}
