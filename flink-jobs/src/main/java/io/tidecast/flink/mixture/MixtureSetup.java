package io.tidecast.flink.mixture;

import static java.util.Objects.requireNonNull;

import io.tidecast.flink.hindsight.HindsightSetup;
import io.tidecast.flink.series.SeriesSettings;
import io.tidecast.runtime.grid.GridStep;
import io.tidecast.runtime.mixture.MixturePlan;
import io.tidecast.runtime.mixture.Naive;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;

/**
 * What the operator goes by that mixes and calibrates forecasts.
 *
 * @param plan of the arithmetic
 * @param mixes whether members are mixed; if not, whatever is forecast is calibrated alone
 * @param slots names of the models beside the primary that are members, in the order of the plan
 * @param channels numbers of those that are forecast, ascending; the others are not kept
 * @param showsMembers whether the forecasts of members go on
 * @param scoredLeads at which leads members and mixture go on to be scored, ascending; empty for
 *     none
 * @param hindsight what forecasts and cells are brought together by
 * @param known of the models' errors, by which intervals of new series begin; it tells no mixture
 *     from others
 */
public record MixtureSetup(
    MixturePlan plan,
    boolean mixes,
    List<String> slots,
    int[] channels,
    boolean showsMembers,
    int[] scoredLeads,
    HindsightSetup hindsight,
    KnownErrors known)
    implements Serializable {

  /** Corrections of older cells change nothing any more. */
  private static final int MOST_OLDER_CELLS = 1_024;

  private static final long BYTES_A_SERIES = 600;

  public MixtureSetup {
    requireNonNull(plan, "plan is null");
    requireNonNull(hindsight, "hindsight is null");
    requireNonNull(known, "known is null");
    slots = List.copyOf(slots);
    channels = channels.clone();
    scoredLeads = scoredLeads.clone();
  }

  /** The same where nothing is known of the models' errors. */
  public MixtureSetup(
      MixturePlan plan,
      boolean mixes,
      List<String> slots,
      int[] channels,
      boolean showsMembers,
      int[] scoredLeads,
      HindsightSetup hindsight) {
    this(plan, mixes, slots, channels, showsMembers, scoredLeads, hindsight, KnownErrors.NONE);
  }

  /**
   * What is mixed.
   *
   * @param slots names of the models with the role member, in the order of the job file
   * @param levels of the quantiles
   * @param names of what a series observes; empty where they have none
   * @param channels numbers of those that a model of the job forecasts, ascending
   * @param contextCells that a window of the default model has
   * @param scoredLeads at which leads forecasts are scored, ascending; empty where they are not
   * @param known of the models' errors
   * @param windows that are under way to a model at most
   */
  public record Of(
      List<String> slots,
      List<Double> levels,
      List<String> names,
      int[] channels,
      int contextCells,
      int[] scoredLeads,
      KnownErrors known,
      int windows) {}

  /** The setup for the forecasts of a job. */
  public static MixtureSetup of(MixtureSettings mixture, SeriesSettings series, Of what) {
    GridStep step = series.step();
    List<Naive> naives =
        mixture.naives().stream().map(one -> one.on(step.length(), what.contextCells)).toList();
    long older =
        Math.max(
            step.cellsWithin(series.lateness().allowed()),
            series.lateness().reissue() ? series.lateness().reissueOrigins() : 0);
    return new MixtureSetup(
        new MixturePlan(
            1 + what.slots.size(),
            naives,
            what.levels.stream().mapToDouble(Double::doubleValue).toArray(),
            (int) Math.min(MOST_OLDER_CELLS, older)),
        mixture.mixes(),
        what.slots,
        what.channels,
        mixture.mixes() && mixture.showMembers(),
        what.scoredLeads,
        HindsightSetup.of(series, what.names, what.windows),
        what.known);
  }

  /**
   * About what a series takes on the heap, bytes.
   *
   * @param horizon of its forecasts
   */
  public long bytesOfASeries(int horizon) {
    return BYTES_A_SERIES
        + channels.length * plan.bytesOfATarget(horizon)
        + (long) Long.BYTES * plan.models();
  }

  /** Tells other mixtures from this one, the same in every process. */
  int id() {
    int hash = plan.naives().stream().map(one -> one.id() + one.cells()).toList().hashCode();
    hash = 31 * hash + slots.hashCode();
    hash = 31 * hash + Arrays.hashCode(channels);
    hash = 31 * hash + Arrays.hashCode(plan.levels());
    hash = 31 * hash + plan.olderOrigins();
    return 31 * hash + (mixes ? 1 : 0);
  }
}
