package io.tidecast.runtime.mixture;

import io.tidecast.runtime.calibration.Calibration;
import io.tidecast.runtime.calibration.ModelResiduals;
import io.tidecast.runtime.manifest.Checks;
import io.tidecast.runtime.manifest.Residuals;
import io.tidecast.runtime.measures.Leads;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What series that are mixed have in common. Members are counted from 0: first the models, whose
 * answers are given, then the naive forecasters, which need the cells alone.
 *
 * @param models number of models
 * @param naives beside them
 * @param levels of the quantiles, ascending, each with its partner {@code 1 - level}; not copied,
 *     never changed
 * @param olderOrigins how many cells behind the newest an origin may be from which is forecast
 *     again
 */
public record MixturePlan(int models, List<Naive> naives, double[] levels, int olderOrigins)
    implements Serializable {

  /** By horizon and levels, of which a process has few. */
  private static final Map<Reach, Common> COMMON = new ConcurrentHashMap<>();

  /** Errors are looked up in so many cells at least, before any forecast has been answered. */
  private static final int LEAST_MEMORY = 64;

  /** Objects and headers of arrays, and what is computed with. */
  private static final int OBJECT_BYTES = 2_500;

  public MixturePlan {
    naives = List.copyOf(naives);
    Checks.positive("members", models + naives.size());
    Checks.require(olderOrigins >= 0, "must not be negative", "olderOrigins", olderOrigins);
    Checks.require(levels.length > 0, "must not be empty", "levels", "[]");
  }

  /** How many forecasters are mixed. */
  public int members() {
    return models + naives.size();
  }

  /** How many cells naive forecasters look back. */
  int memory() {
    return Math.max(LEAST_MEMORY, naives.stream().mapToInt(Naive::cells).max().orElse(1));
  }

  /** The seasons that naive members repeat, cells. */
  public int[] seasons() {
    return naives.stream()
        .filter(naive -> naive.kind() == Naive.Kind.SEASON)
        .mapToInt(Naive::cells)
        .toArray();
  }

  /**
   * What a manifest says of the errors of a model, in units of these naive members.
   *
   * @param residuals of the manifest
   * @param targets of the model
   * @param step of the series
   * @return {@code [target]}; empty where it says nothing of one of them
   */
  public List<ModelResiduals> known(List<Residuals> residuals, int targets, Duration step) {
    List<Integer> seasons = Arrays.stream(seasons()).boxed().toList();
    List<ModelResiduals> known = new ArrayList<>();
    for (int target = 0; target < targets; target++) {
      ModelResiduals ofTheTarget = ModelResiduals.of(residuals, target, step, seasons);
      if (ofTheTarget == null) {
        return List.of();
      }
      known.add(ofTheTarget);
    }
    return known;
  }

  /** In how many cells errors of naive forecasters are looked up. */
  static int memoryOf(int... seasons) {
    return Math.max(LEAST_MEMORY, Arrays.stream(seasons).max().orElse(1));
  }

  /** How many cells of a series are kept. */
  int keptCells() {
    return Math.addExact(memory(), olderOrigins);
  }

  /** A series whose forecasts are mixed, of which nothing is known yet. */
  public TargetMixture begin() {
    return new TargetMixture(this);
  }

  /** What a forecast reaches to. */
  private record Reach(int horizon, List<Double> levels) {}

  /** What all series have whose forecasts reach so far. */
  private record Common(Leads leads, Calibration.Plan quantiles) {

    static Common of(Reach reach) {
      Leads leads = Leads.upTo(reach.horizon);
      double[] levels = reach.levels.stream().mapToDouble(Double::doubleValue).toArray();
      return new Common(leads, new Calibration.Plan(leads, levels));
    }
  }

  /** One whose forecasts reach so far, of which nothing is known yet. */
  MixedSeries series(int horizon) {
    List<Double> all = new ArrayList<>(levels.length);
    for (double level : levels) {
      all.add(level);
    }
    Common common = COMMON.computeIfAbsent(new Reach(horizon, all), Common::of);
    return new MixedSeries(common.leads, members(), common.quantiles);
  }

  /**
   * About what one target of a series takes, bytes.
   *
   * @param horizon of its forecasts
   */
  public long bytesOfATarget(int horizon) {
    return OBJECT_BYTES + series(horizon).bytes() + (long) keptCells() * Float.BYTES;
  }
}
