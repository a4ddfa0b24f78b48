package io.tidecast.benchmarks.online;

import io.tidecast.runtime.measures.Leads;
import io.tidecast.runtime.mixture.MixedSeries;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Locale;
import java.util.Random;

/** Measures what mixing and calibrating one forecast takes, and what is kept of a series for it. */
public final class MixingCost {
  /** Tells processor time, which other processes do not lengthen as they do that of a clock. */
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private static final int SERIES = 10_000;
  private static final int MEMBERS = 4;
  private static final int WARM_UP = 20;
  private static final int ROUNDS = 20;
  private static final double NANOS_A_MICRO = 1_000;
  private static final double[] LEVELS = {.05, .25, .75, .95};

  private MixingCost() {}

  /** Prints a line for each horizon. */
  public static void main(String[] arguments) {
    for (int horizon : new int[] {48, 96}) {
      measure(Leads.upTo(horizon));
    }
  }

  private static void measure(Leads leads) {
    Random random = new Random(1);
    int horizon = leads.horizon();
    MixedSeries[] all = new MixedSeries[SERIES];
    for (int i = 0; i < SERIES; i++) {
      all[i] = new MixedSeries(leads, MEMBERS, LEVELS);
    }
    float[][][] said = new float[256][MEMBERS][horizon];
    for (float[][] members : said) {
      for (float[] member : members) {
        for (int step = 0; step < horizon; step++) {
          member[step] = (float) random.nextGaussian();
        }
      }
    }
    float[] mixed = new float[horizon];
    float[] quantiles = new float[horizon * LEVELS.length];
    long closing = 0;
    long forecasting = 0;
    double sum = 0;
    for (int cell = 0; cell < WARM_UP + ROUNDS; cell++) {
      long start = THREADS.getCurrentThreadCpuTime();
      for (int i = 0; i < SERIES; i++) {
        all[i].close(cell, said[(cell * 31 + i) & 255][0][0]);
      }
      long between = THREADS.getCurrentThreadCpuTime();
      for (int i = 0; i < SERIES; i++) {
        all[i].forecast(said[(cell + i) & 255], mixed, quantiles);
        sum += mixed[0];
      }
      long end = THREADS.getCurrentThreadCpuTime();
      if (cell >= WARM_UP) {
        closing += between - start;
        forecasting += end - between;
      }
    }
    double forecasts = (double) ROUNDS * SERIES * NANOS_A_MICRO;
    System.out.printf(
        Locale.ROOT,
        "figure horizon-%d %.2f us of processor time a forecast: %.2f for the cell that closes at"
            + " %d leads, %.2f for the forecast; %d bytes a series, %d of them pending (%s)%n",
        horizon,
        (closing + forecasting) / forecasts,
        closing / forecasts,
        leads.count(),
        forecasting / forecasts,
        all[0].bytes(),
        all[0].bytes() - all[0].weights().bytes() - all[0].calibration().bytes() - Long.BYTES,
        Double.isNaN(sum) ? "not finite" : "finite");
  }
}
