package io.tidecast.runtime.mixture;

import io.tidecast.runtime.calibration.Calibration;
import io.tidecast.runtime.calibration.ModelResiduals;
import io.tidecast.runtime.calibration.ResidualQuantiles;
import io.tidecast.runtime.measures.Leads;
import io.tidecast.runtime.measures.SampleQuantile;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a calibration begins with before any forecast has been answered: how far off the best of the
 * naive forecasters would have been at each lead, in the cells that are known.
 *
 * <p>At leads of which those cells are too few to tell, errors are those that the manifest of the
 * model has. Its unit is the mean absolute error of the best naive forecaster, so it is as large as
 * the series is unquiet. Where the manifest has none, errors grow from lead to lead as those of a
 * random walk.
 */
public final class StartingErrors {

  /** From so few errors nothing is taken. */
  private static final int LEAST = 8;

  /**
   * So many errors, so many for each step of the lead, and a season of them, tell more than the
   * manifest does: those that overlap say no more than those that do not.
   */
  private static final int ENOUGH = 16;

  private static final int ENOUGH_A_STEP = 4;

  private final RecentCells cells;
  private final int memory;
  private final int[] seasons;

  /**
   * @param memory how many of the newest are looked at
   * @param seasons of the seasonal naives beside the last value, cells; not copied
   */
  private StartingErrors(RecentCells cells, int memory, int... seasons) {
    this.cells = cells;
    this.memory = memory;
    this.seasons = seasons;
  }

  /** In units that say the same of every series, whatever else cells are kept for. */
  private static StartingErrors inUnits(RecentCells cells, int... seasons) {
    return new StartingErrors(cells, MixturePlan.memoryOf(seasons), seasons);
  }

  /**
   * The unit of a series at each lead, {@code [lead]}: the mean absolute error of the best naive
   * forecaster in the newest cells; as errors of a random walk grow at leads that are longer than
   * those tell of.
   *
   * @param seasons of the seasonal naives beside the last value, cells
   * @return empty if there are too few cells, or nothing in them has ever changed
   */
  public static double[] units(RecentCells cells, Leads leads, int... seasons) {
    StartingErrors naive = inUnits(cells, seasons);
    double[] units = new double[leads.count()];
    for (int lead = 0; lead < units.length; lead++) {
      double[] errors = naive.enough(leads.step(lead));
      if (lead == 0 && (errors.length == 0 || meanAbsolute(errors) == 0)) {
        return new double[0];
      }
      units[lead] =
          errors.length > 0
              ? meanAbsolute(errors)
              : units[lead - 1] * Math.sqrt(leads.step(lead) / (double) leads.step(lead - 1));
    }
    return units;
  }

  /**
   * Starts a calibration.
   *
   * @param known of the model whose forecasts are calibrated; null where nothing is
   * @return false if there are too few cells, and nothing was done
   */
  static boolean start(
      Calibration calibration,
      MixturePlan plan,
      RecentCells cells,
      @Nullable ModelResiduals known) {
    StartingErrors own = new StartingErrors(cells, plan.memory(), plan.seasons());
    double[] nearest = own.best(calibration.leads().step(0));
    if (nearest.length > 0 && meanAbsolute(nearest) == 0) {
      // Nothing has ever changed: quantiles are the points until something does.
      return true;
    }
    ResidualQuantiles errors = null;
    if (known != null && (nearest.length > 0 || known.unit().isPresent())) {
      errors = own.orOf(known, calibration.leads(), plan.levels());
    } else if (nearest.length > 0) {
      errors = own.orOfARandomWalk(calibration.leads(), plan.levels());
    }
    if (errors != null) {
      calibration.start(errors, 1);
    }
    return errors != null;
  }

  private ResidualQuantiles orOf(ModelResiduals known, Leads leads, double[] levels) {
    StartingErrors inUnits = inUnits(cells, known.seasons());
    ResidualQuantiles ofTheModel = known.at(leads, levels);
    double[] scales = new double[leads.count()];
    double[] quantiles = new double[leads.count() * levels.length];
    double unit = known.unit().orElse(0);
    for (int lead = 0; lead < leads.count(); lead++) {
      double[] naive = lead == 0 ? inUnits.best(leads.step(0)) : inUnits.enough(leads.step(lead));
      if (naive.length > 0) {
        unit = meanAbsolute(naive);
      } else if (lead > 0) {
        unit *= known.growth(leads.step(lead)) / known.growth(leads.step(lead - 1));
      }
      double[] errors = enough(leads.step(lead));
      if (errors.length > 0) {
        put(errors, levels, lead, scales, quantiles);
        continue;
      }
      scales[lead] = unit * ofTheModel.meanAbsolute(lead);
      for (int i = 0; i < levels.length; i++) {
        quantiles[lead * levels.length + i] = unit * ofTheModel.quantile(lead, i);
      }
    }
    return new ResidualQuantiles(leads, levels, scales, quantiles);
  }

  private ResidualQuantiles orOfARandomWalk(Leads leads, double[] levels) {
    double[] scales = new double[leads.count()];
    double[] quantiles = new double[leads.count() * levels.length];
    for (int lead = 0; lead < leads.count(); lead++) {
      double[] errors = best(leads.step(lead));
      if (errors.length > 0) {
        put(errors, levels, lead, scales, quantiles);
        continue;
      }
      double factor = Math.sqrt(leads.step(lead) / (double) leads.step(lead - 1));
      scales[lead] = scales[lead - 1] * factor;
      for (int i = 0; i < levels.length; i++) {
        quantiles[lead * levels.length + i] = quantiles[(lead - 1) * levels.length + i] * factor;
      }
    }
    return new ResidualQuantiles(leads, levels, scales, quantiles);
  }

  private static void put(
      double[] errors, double[] levels, int lead, double[] scales, double[] quantiles) {
    scales[lead] = meanAbsolute(errors);
    Arrays.sort(errors);
    for (int i = 0; i < levels.length; i++) {
      quantiles[lead * levels.length + i] = SampleQuantile.of(errors, levels[i]);
    }
  }

  /** The errors of the forecaster with the least; empty where there are too few of any. */
  private double[] best(int lead) {
    return best(lead, false);
  }

  /** The same of forecasters of which there are enough to tell. */
  private double[] enough(int lead) {
    return best(lead, true);
  }

  private double[] best(int lead, boolean enough) {
    long least = enough ? Math.max(ENOUGH, (long) ENOUGH_A_STEP * lead) : LEAST;
    double[] best = errors(lead, least);
    for (int season : seasons) {
      long distance = (lead + season - 1L) / season * season;
      double[] errors = errors(distance, enough ? Math.max(distance, least) : least);
      if (errors.length > 0 && (best.length == 0 || meanAbsolute(errors) < meanAbsolute(best))) {
        best = errors;
      }
    }
    return best;
  }

  /** What each cell is off from the one so many before it; empty where those are too few. */
  private double[] errors(long distance, long least) {
    double[] errors = new double[memory];
    int count = 0;
    long oldest = cells.newest() - memory + 1;
    for (long cell = oldest + distance; cell <= cells.newest(); cell++) {
      double error = cells.value(cell) - cells.value(cell - distance);
      if (!Double.isNaN(error)) {
        errors[count++] = error;
      }
    }
    return count < least ? new double[0] : Arrays.copyOf(errors, count);
  }

  private static double meanAbsolute(double[] errors) {
    double sum = 0;
    for (double error : errors) {
      sum += Math.abs(error);
    }
    return sum / errors.length;
  }
}
