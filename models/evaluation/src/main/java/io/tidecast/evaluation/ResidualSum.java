package io.tidecast.evaluation;

import io.tidecast.runtime.manifest.Residuals;
import io.tidecast.runtime.measures.Leads;
import io.tidecast.runtime.measures.SampleQuantile;
import io.tidecast.runtime.mixture.RecentCells;
import io.tidecast.runtime.mixture.StartingErrors;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Collects how far forecasts of one target were off, in units of the cells before them, until a
 * manifest says so. One thread.
 */
public final class ResidualSum {

  /** Those that a manifest has; whatever a job asks for is taken from between them. */
  private static final List<Double> LEVELS =
      List.of(.005, .01, .025, .05, .1, .2, .3, .4, .5, .6, .7, .8, .9, .95, .975, .99, .995);

  private static final MathContext DIGITS = new MathContext(4);
  private static final int ROUNDS = 50;

  private final Leads leads;
  private final int[] seasons;
  private final Values[] ratios;
  private final double[] growth;
  private final Values firstUnits = new Values();

  /**
   * @param seasons of the seasonal naives whose errors are the unit beside those of the last value,
   *     cells
   */
  public ResidualSum(Leads leads, int... seasons) {
    this.leads = leads;
    this.seasons = seasons.clone();
    this.ratios = new Values[leads.count()];
    Arrays.setAll(ratios, lead -> new Values());
    this.growth = new double[leads.count()];
  }

  /**
   * Adds a forecast, unless nothing has changed in the cells before it.
   *
   * @param cells before it
   * @param errors {@code [lead]}, what happened less what was forecast; NaN where that is not known
   */
  public void add(RecentCells cells, double[] errors) {
    double[] units = StartingErrors.units(cells, leads, seasons);
    if (units.length == 0 || Arrays.stream(units).anyMatch(unit -> unit == 0)) {
      return;
    }
    firstUnits.add(units[0]);
    for (int lead = 0; lead < units.length; lead++) {
      growth[lead] += Math.log(units[lead] / units[0]);
      if (!Double.isNaN(errors[lead])) {
        ratios[lead].add(errors[lead] / units[lead]);
      }
    }
  }

  /** How many forecasts count. */
  private int windows() {
    return firstUnits.count;
  }

  /** Whether there is something to say of every lead. */
  public boolean isKnown() {
    return Arrays.stream(ratios).allMatch(ofALead -> ofALead.meanAbsolute() > 0);
  }

  /**
   * What a manifest says of these forecasts.
   *
   * @param data file name of the data
   * @param seasons as it spells them
   * @param hasUnit whether the series have always this size
   * @param targets of the same leads
   */
  public static Residuals of(
      String data, List<String> seasons, boolean hasUnit, List<ResidualSum> targets) {
    ResidualSum first = targets.get(0);
    return new Residuals(
        data,
        first.windows(),
        seasons,
        IntStream.range(0, first.leads.count()).mapToObj(first.leads::step).toList(),
        LEVELS,
        targets.stream().map(sum -> sum.target(hasUnit)).toList());
  }

  private Residuals.Target target(boolean hasUnit) {
    List<Double> growths = new ArrayList<>();
    List<Double> errors = new ArrayList<>();
    List<List<Double>> quantiles = new ArrayList<>();
    for (int lead = 0; lead < ratios.length; lead++) {
      growths.add(rounded(Math.exp(growth[lead] / firstUnits.count)));
      errors.add(rounded(ratios[lead].meanAbsolute()));
      double[] sorted = ratios[lead].sorted();
      quantiles.add(
          LEVELS.stream().map(level -> rounded(SampleQuantile.of(sorted, level))).toList());
    }
    double unit = SampleQuantile.of(firstUnits.sorted(), .5);
    return new Residuals.Target(growths, errors, quantiles, hasUnit ? rounded(unit) : null);
  }

  private static double rounded(double value) {
    return new BigDecimal(value).round(DIGITS).doubleValue();
  }

  /** Numbers that have come. */
  private static final class Values {
    private double[] all = new double[64];
    private int count;

    void add(double value) {
      if (count == all.length) {
        all = Arrays.copyOf(all, 2 * count);
      }
      all[count++] = value;
    }

    double[] sorted() {
      double[] sorted = Arrays.copyOf(all, count);
      Arrays.sort(sorted);
      return sorted;
    }

    /** As calibration has it: one counts at most twice the mean. */
    double meanAbsolute() {
      double mean = Double.POSITIVE_INFINITY;
      for (int round = 0; round < ROUNDS; round++) {
        double sum = 0;
        for (int i = 0; i < count; i++) {
          sum += Math.min(Math.abs(all[i]), 2 * mean);
        }
        mean = sum / count;
      }
      return mean;
    }
  }
}
