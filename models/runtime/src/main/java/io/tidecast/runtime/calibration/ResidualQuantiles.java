package io.tidecast.runtime.calibration;

import io.tidecast.runtime.manifest.Checks;
import io.tidecast.runtime.measures.Leads;
import java.util.Arrays;

/**
 * How far a forecaster was off at each lead: what happened less what it said, in a unit that series
 * have in common. One thread may make it, any may read it.
 */
public final class ResidualQuantiles {
  private final Leads leads;
  private final double[] levels;
  private final double[] meanAbsolutes;
  private final double[] quantiles;

  /**
   * @param levels ascending; copied
   * @param meanAbsolutes {@code [lead]}, mean absolute errors; copied
   * @param quantiles {@code [lead][level]}, row-major, ascending within a lead; copied
   */
  public ResidualQuantiles(
      Leads leads, double[] levels, double[] meanAbsolutes, double[] quantiles) {
    Checks.require(
        meanAbsolutes.length == leads.count(),
        "must have one for each of " + leads.count() + " leads",
        "meanAbsolutes",
        meanAbsolutes.length);
    Checks.require(
        quantiles.length == leads.count() * levels.length,
        "must have one for each of " + leads.count() + " leads and " + levels.length + " levels",
        "quantiles",
        quantiles.length);
    this.leads = leads;
    this.levels = levels.clone();
    this.meanAbsolutes = meanAbsolutes.clone();
    this.quantiles = quantiles.clone();
  }

  /** Returns the mean absolute error at a lead. */
  public double meanAbsolute(int lead) {
    return meanAbsolutes[lead];
  }

  /** Returns the quantile of the errors at a lead. */
  public double quantile(int lead, int level) {
    return quantiles[lead * levels.length + level];
  }

  void requireFit(Leads wanted, double[] wantedLevels) {
    boolean fits = leads.count() == wanted.count() && Arrays.equals(levels, wantedLevels);
    for (int lead = 0; fits && lead < leads.count(); lead++) {
      fits = leads.step(lead) == wanted.step(lead);
    }
    Checks.require(
        fits,
        "must be of the same leads and levels",
        "levels",
        Arrays.toString(levels) + " to " + leads.horizon() + " steps");
  }
}
