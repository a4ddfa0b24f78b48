package io.tidecast.runtime.scores;

import io.tidecast.runtime.manifest.Checks;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Makes the scores of series, all under the same settings. One thread. */
public final class Scoring {

  /** Models come and go; those of all series together are few at any time. */
  private static final int MOST_PLANS = 256;

  private final ScoreSettings settings;
  private final int together;
  private final List<ModelPlan> plans = new ArrayList<>();
  private final ModelPlan naive;
  private final Taken taken = new Taken();
  private final @Nullable LossSheet losses;
  private final List<SeriesScores> behind = new ArrayList<>();
  private final double forgettingOne;
  private final SettledCell settled;
  private @Nullable Scoring aside;

  /** Makes the scores of series under these settings; what a cell says is added at once. */
  public Scoring(ScoreSettings settings) {
    this(settings, 1);
  }

  /**
   * Makes the scores of series under these settings.
   *
   * <p>What is kept of a series is not in the processor's caches when there are many others: most
   * of what a cell costs is to fetch it. So settled cells can be left until there are some, and be
   * added together. Scores are those of cells that are added at once, and bytes are read by either;
   * {@linkplain #forEachTally tallies} and {@linkplain Taken counts} are behind until {@link
   * #catchUp}, which also lets go of the series that it knows of.
   *
   * @param together how many settled cells of a series are added at a time; 1 adds each at once
   */
  public Scoring(ScoreSettings settings, int together) {
    this(settings, together, null);
  }

  /**
   * Makes the scores of series, and tells of each settled cell at once what its forecasts were off
   * by.
   *
   * @param metric by which they are compared
   * @param watch is told while a series is given a forecast or a cell
   */
  public Scoring(ScoreSettings settings, LossMetric metric, LossWatch watch) {
    this(settings, 1, new LossSheet(settings, metric, watch));
  }

  private Scoring(ScoreSettings settings, int together, @Nullable LossSheet losses) {
    Checks.positive("together", together);
    this.settings = settings;
    this.together = together;
    this.losses = losses;
    this.forgettingOne = settings.forgetting(1);
    this.settled = new SettledCell(settings);
    this.naive = new ModelPlan(this, new Contestant("", "", new int[1], new double[0]));
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

  /** Adds the settled cells of all series that still wait to be added. */
  public void catchUp() {
    for (SeriesScores series : behind) {
      series.catchUp();
    }
    behind.clear();
  }

  /** Cells of a series wait to be added. */
  void isBehind(SeriesScores series) {
    behind.add(series);
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
    ModelPlan plan = new ModelPlan(this, by);
    if (plans.size() == MOST_PLANS) {
      plans.remove(0);
    }
    plans.add(plan);
    return plan;
  }

  /** The cell whose turn it is, of the series whose turn it is. */
  SettledCell settled() {
    return settled;
  }

  /** How many of the settled cells of a series may wait to be added. */
  int mayWait() {
    return together - 1;
  }

  /** Another one under the same settings, for what nobody is to be told of. */
  Scoring aside() {
    if (aside == null) {
      aside = newAside();
    }
    return aside;
  }

  /** The same for who is not of this thread. */
  Scoring newAside() {
    return new Scoring(settings, together);
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

  /**
   * Whether a series was kept under the same settings, so that it does not begin anew.
   *
   * @param bytes that can be {@linkplain #read read}
   */
  public boolean goesOnWith(byte[] bytes) {
    return SeriesScores.areOf(settings, bytes);
  }
}
