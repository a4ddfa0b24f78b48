package io.tidecast.runtime.scores;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Makes the scores of series, all under the same settings. One thread. */
public final class Scoring {

  /** Models come and go; those of all series together are few at any time. */
  private static final int MOST_PLANS = 256;

  private final ScoreSettings settings;
  private final List<ModelPlan> plans = new ArrayList<>();
  private final ModelPlan naive;
  private final Taken taken = new Taken();
  private final @Nullable LossSheet losses;
  private final double forgettingOne;
  private final double[] units;
  private @Nullable Scoring aside;

  /** Makes the scores of series under these settings. */
  public Scoring(ScoreSettings settings) {
    this(settings, null);
  }

  /**
   * Makes the scores of series, and tells of each settled cell what its forecasts were off by.
   *
   * @param metric by which they are compared
   * @param watch is told while a series is given a forecast or a cell
   */
  public Scoring(ScoreSettings settings, LossMetric metric, LossWatch watch) {
    this(settings, new LossSheet(settings, metric, watch));
  }

  private Scoring(ScoreSettings settings, @Nullable LossSheet losses) {
    this.settings = settings;
    this.losses = losses;
    this.forgettingOne = settings.forgetting(1);
    this.units = new double[settings.channels()];
    this.naive = new ModelPlan(settings, new Contestant("", "", new int[1], new double[0]));
  }

  /** The settings. */
  public ScoreSettings settings() {
    return settings;
  }

  /** What became of what its series were given. */
  public Taken taken() {
    return taken;
  }

  /** What the forecasts of each contestant came to, of those that its series have had of late. */
  public void forEachTally(Consumer<Tally> action) {
    for (ModelPlan plan : plans) {
      action.accept(plan.tally);
    }
  }

  /** By how much an error counts less after some cells have closed since its own. */
  double forgetting(long cells) {
    return cells == 1 ? forgettingOne : settings.forgetting(cells);
  }

  /** What all series have in common for a contestant. */
  ModelPlan plan(Contestant by) {
    for (ModelPlan plan : plans) {
      if (plan.by.is(by)) {
        return plan;
      }
    }
    ModelPlan plan = new ModelPlan(settings, by);
    if (plans.size() == MOST_PLANS) {
      plans.remove(0);
    }
    plans.add(plan);
    return plan;
  }

  /** Room for the size of an error of each channel, of the series whose turn it is. */
  double[] units() {
    return units;
  }

  /** Another one under the same settings, for what nobody is to be told of. */
  Scoring aside() {
    if (aside == null) {
      aside = new Scoring(settings);
    }
    return aside;
  }

  /** Where losses are collected; null where nobody asks for them. */
  @Nullable LossSheet losses() {
    return losses;
  }

  /** The same for the seasonal naive one season ahead. */
  ModelPlan naive() {
    return naive;
  }

  /** A series that nothing is known of. */
  public SeriesScores begin() {
    return new SeriesScores(this);
  }

  /**
   * A series that was kept. One that was kept under other settings begins anew.
   *
   * @throws IllegalStateException if the bytes are none of a series, or of a later version
   */
  public SeriesScores read(byte[] bytes) {
    return SeriesScores.read(this, bytes);
  }
}
