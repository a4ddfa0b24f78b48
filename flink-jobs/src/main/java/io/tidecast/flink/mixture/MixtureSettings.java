package io.tidecast.flink.mixture;

import java.io.Serializable;
import java.util.List;

/**
 * What a job says of mixing and calibrating forecasts.
 *
 * @param mixes whether forecasts of several forecasters become one
 * @param naives that are members beside the models
 * @param showMembers whether the forecasts of members are written
 * @param levels of the quantiles, ascending; empty where the job says none
 */
public record MixtureSettings(
    boolean mixes, List<NaiveMember> naives, boolean showMembers, List<Double> levels)
    implements Serializable {

  /** Forecasts go out as models make them. */
  public static final MixtureSettings OFF = new MixtureSettings(false, List.of(), false, List.of());

  /** Of mixtures whose job and model name none. */
  static final List<Double> USUAL_LEVELS = List.of(.05, .25, .5, .75, .95);

  private static final double ROUNDING = 1e-9;

  public MixtureSettings {
    naives = List.copyOf(naives);
    levels = List.copyOf(levels);
  }

  /** Whether forecasts are changed before they go out. */
  public boolean isOn() {
    return mixes || !levels.isEmpty();
  }

  /**
   * The levels that forecasts go out with: those of the job; or those of its model, as far as each
   * has its partner; or usual ones.
   *
   * @param ofTheModel ascending
   */
  public List<Double> levelsBeside(List<Double> ofTheModel) {
    if (!isOn()) {
      return ofTheModel;
    }
    if (!levels.isEmpty()) {
      return levels;
    }
    List<Double> paired = ofTheModel.stream().filter(one -> hasPartner(one, ofTheModel)).toList();
    return paired.isEmpty() ? USUAL_LEVELS : paired;
  }

  /** Whether the level is among some that lies as far from 1 as another from 0. */
  public static boolean hasPartner(double level, List<Double> levels) {
    return levels.stream().anyMatch(other -> Math.abs(level + other - 1) < ROUNDING);
  }
}
