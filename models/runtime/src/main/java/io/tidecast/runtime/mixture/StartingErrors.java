package io.tidecast.runtime.mixture;

import io.tidecast.runtime.calibration.Calibration;
import io.tidecast.runtime.calibration.ResidualQuantiles;
import io.tidecast.runtime.measures.Leads;
import java.util.Arrays;

/**
 * What a calibration begins with before any forecast has been answered: how far off the best of the
 * naive forecasters would have been at each lead, in the cells that are known. A mixture is mostly
 * better than that, so its first intervals are rather too wide.
 */
final class StartingErrors {

  /** From so few errors no quantile is taken. */
  private static final int LEAST = 8;

  private StartingErrors() {}

  /**
   * Starts a calibration.
   *
   * @return false if there are too few cells, and nothing was done
   */
  static boolean start(Calibration calibration, MixturePlan plan, RecentCells cells) {
    Leads leads = calibration.leads();
    double[] levels = plan.levels();
    double[] scales = new double[leads.count()];
    double[] quantiles = new double[leads.count() * levels.length];
    for (int lead = 0; lead < leads.count(); lead++) {
      double[] errors = best(plan, cells, leads.step(lead));
      if (errors.length == 0 && lead == 0) {
        return false;
      }
      if (lead == 0 && meanAbsolute(errors) == 0) {
        // Nothing has ever changed: quantiles are the points until something does.
        return true;
      }
      if (errors.length > 0) {
        scales[lead] = meanAbsolute(errors);
        Arrays.sort(errors);
        for (int i = 0; i < levels.length; i++) {
          quantiles[lead * levels.length + i] = quantile(errors, levels[i]);
        }
      } else {
        // As errors of a random walk grow.
        double factor = Math.sqrt(leads.step(lead) / (double) leads.step(lead - 1));
        scales[lead] = scales[lead - 1] * factor;
        for (int i = 0; i < levels.length; i++) {
          quantiles[lead * levels.length + i] = quantiles[(lead - 1) * levels.length + i] * factor;
        }
      }
    }
    calibration.start(new ResidualQuantiles(leads, levels, scales, quantiles), 1);
    return true;
  }

  /** The errors of the forecaster with the least; empty where there are too few of any. */
  private static double[] best(MixturePlan plan, RecentCells cells, int lead) {
    double[] best = errors(cells, plan.memory(), lead);
    for (Naive naive : plan.naives()) {
      if (naive.kind() == Naive.Kind.SEASON) {
        int seasons = (lead + naive.cells() - 1) / naive.cells();
        double[] errors = errors(cells, plan.memory(), (long) seasons * naive.cells());
        if (errors.length > 0 && (best.length == 0 || meanAbsolute(errors) < meanAbsolute(best))) {
          best = errors;
        }
      }
    }
    return best;
  }

  /** What each cell is off from the one so many before it. */
  private static double[] errors(RecentCells cells, int memory, long distance) {
    double[] errors = new double[memory];
    int count = 0;
    long oldest = cells.newest() - memory + 1;
    for (long cell = oldest + distance; cell <= cells.newest(); cell++) {
      double error = cells.value(cell) - cells.value(cell - distance);
      if (!Double.isNaN(error)) {
        errors[count++] = error;
      }
    }
    return count < LEAST ? new double[0] : Arrays.copyOf(errors, count);
  }

  private static double meanAbsolute(double[] errors) {
    double sum = 0;
    for (double error : errors) {
      sum += Math.abs(error);
    }
    return sum / errors.length;
  }

  /** The error that a next one lies below with this probability, if it is one of the same kind. */
  private static double quantile(double[] sorted, double level) {
    double at = level * (sorted.length + 1) - 1;
    int below = (int) Math.floor(at);
    if (below < 0) {
      return sorted[0];
    }
    if (below >= sorted.length - 1) {
      return sorted[sorted.length - 1];
    }
    double share = at - below;
    return (1 - share) * sorted[below] + share * sorted[below + 1];
  }
}
