package io.tidecast.runtime.scores;

import java.util.HashMap;
import java.util.Map;

/** Makes the scores of series, all under the same settings. One thread. */
public final class Scoring {

  private final ScoreSettings settings;
  private final Map<Long, WaitingPlan> plans = new HashMap<>();
  private final Taken taken = new Taken();

  public Scoring(ScoreSettings settings) {
    this.settings = settings;
  }

  /** The settings. */
  public ScoreSettings settings() {
    return settings;
  }

  /** What became of what its series were given. */
  public Taken taken() {
    return taken;
  }

  WaitingPlan plan(Contestant by) {
    long shape = (long) by.numbers() << Integer.SIZE | by.channels().length;
    return plans.computeIfAbsent(
        shape, any -> new WaitingPlan(settings, by.numbers(), by.channels().length));
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
