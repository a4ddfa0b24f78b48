package io.tidecast.runtime.calibration;

import io.tidecast.runtime.manifest.Residuals;
import io.tidecast.runtime.measures.Leads;
import io.tidecast.runtime.measures.Seasons;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * What the manifest of a model says of its errors at one target, for series of one step: every data
 * set on which it was measured counts alike. Any thread may use it.
 */
public final class ModelResiduals implements Serializable {
  private static final long serialVersionUID = 1L;

  private final List<Residuals> measured;
  private final int target;
  private final int[] seasons;

  /** What was asked for last, which is mostly what will be. */
  private transient volatile @Nullable Fitted fitted;

  private record Fitted(Leads leads, double[] levels, ResidualQuantiles quantiles) {}

  private ModelResiduals(List<Residuals> measured, int target, int[] seasons) {
    this.measured = List.copyOf(measured);
    this.target = target;
    this.seasons = seasons;
  }

  /**
   * Finds what a manifest says in units that a series has: of as many seasonal naives as it knows.
   *
   * @param all that the manifest has
   * @param target in the order of the model's points
   * @param step of the series
   * @param seasons of the naive forecasters that the series knows, cells
   * @return null if it says nothing in such units
   */
  public static @Nullable ModelResiduals of(
      List<Residuals> all, int target, Duration step, List<Integer> seasons) {
    List<Integer> most = List.of();
    for (Residuals one : all) {
      List<Integer> units = cells(one, step);
      if (target < one.targets().size()
          && seasons.containsAll(units)
          && units.size() > most.size()) {
        most = units;
      }
    }
    List<Integer> units = most;
    List<Residuals> fitting =
        all.stream()
            .filter(one -> target < one.targets().size() && cells(one, step).equals(units))
            .toList();
    return fitting.isEmpty()
        ? null
        : new ModelResiduals(fitting, target, units.stream().mapToInt(Integer::intValue).toArray());
  }

  /** Seasons that are no whole number of steps are none. */
  private static List<Integer> cells(Residuals one, Duration step) {
    return one.seasons().stream()
        .map(season -> Seasons.steps(Duration.parse(season), step))
        .filter(cells -> cells > 1)
        .distinct()
        .sorted()
        .toList();
  }

  /** The seasons of the naive forecasters whose best has the unit, cells, ascending. */
  public int[] seasons() {
    return seasons.clone();
  }

  /** The unit at the first lead, in units of the series; empty for series of any size. */
  public OptionalDouble unit() {
    return measured.stream()
        .map(one -> one.targets().get(target).unit())
        .filter(unit -> unit != null)
        .mapToDouble(Double::doubleValue)
        .average();
  }

  /** How much greater the unit is at a number of steps than a step ahead. */
  public double growth(int step) {
    double logs = 0;
    for (Residuals one : measured) {
      List<Integer> leads = one.leads();
      int last = leads.get(leads.size() - 1);
      double growth = at(leads, one.targets().get(target).growth(), step);
      // Beyond the horizon, as a random walk.
      logs += Math.log(growth * Math.sqrt(Math.max(1, step / (double) last)));
    }
    return Math.exp(logs / measured.size());
  }

  /** Returns the errors at some leads, in the unit at each of them. */
  public ResidualQuantiles at(Leads leads, double[] levels) {
    Fitted known = fitted;
    if (known == null || known.leads != leads || known.levels != levels) {
      known = new Fitted(leads, levels, fit(leads, levels));
      fitted = known;
    }
    return known.quantiles;
  }

  private ResidualQuantiles fit(Leads leads, double[] levels) {
    double[] errors = new double[leads.count()];
    double[] quantiles = new double[leads.count() * levels.length];
    for (Residuals one : measured) {
      Residuals.Target ofTheTarget = one.targets().get(target);
      double[] scores = one.levels().stream().mapToDouble(NormalQuantile::of).toArray();
      for (int lead = 0; lead < leads.count(); lead++) {
        int step = leads.step(lead);
        errors[lead] += at(one.leads(), ofTheTarget.errors(), step) / measured.size();
        double[] known = new double[scores.length];
        for (int i = 0; i < known.length; i++) {
          int level = i;
          List<Double> byLead =
              ofTheTarget.quantiles().stream().map(ofALead -> ofALead.get(level)).toList();
          known[i] = at(one.leads(), byLead, step);
        }
        for (int i = 0; i < levels.length; i++) {
          quantiles[lead * levels.length + i] +=
              quantile(scores, known, NormalQuantile.of(levels[i])) / measured.size();
        }
      }
    }
    return new ResidualQuantiles(leads, levels, errors, quantiles);
  }

  /** Between two leads as much nearer to one as the steps are; beyond them as the outermost. */
  private static double at(List<Integer> leads, List<Double> values, int step) {
    int after = 0;
    while (after < leads.size() && leads.get(after) < step) {
      after++;
    }
    if (after == leads.size()) {
      return values.get(after - 1);
    }
    if (after == 0) {
      return values.get(0);
    }
    double share =
        (step - leads.get(after - 1)) / (double) (leads.get(after) - leads.get(after - 1));
    return share * values.get(after) + (1 - share) * values.get(after - 1);
  }

  /** Between two levels as the normal distribution has them; beyond them as much wider as it is. */
  private static double quantile(double[] scores, double[] known, double score) {
    int last = scores.length - 1;
    if (score <= scores[0] || score >= scores[last]) {
      int edge = score <= scores[0] ? 0 : last;
      double wider = scores[edge] == 0 ? 1 : Math.max(1, score / scores[edge]);
      return known[edge] * wider;
    }
    int after = 1;
    while (scores[after] < score) {
      after++;
    }
    double share = (score - scores[after - 1]) / (scores[after] - scores[after - 1]);
    return share * known[after] + (1 - share) * known[after - 1];
  }
}
