package io.tidecast.evaluation;

import io.tidecast.evaluation.data.SplitSeries;
import io.tidecast.evaluation.data.SplitSet;
import io.tidecast.runtime.measures.NaiveScale;
import io.tidecast.runtime.measures.Seasons;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The seasons that a forecaster is compared by. */
public final class ComparedSeasons {

  private final SplitSet data;
  private final List<Integer> given;
  private final int ofMase;

  /**
   * @param given steps of each season, that of MASE first; empty for those of the step
   */
  public ComparedSeasons(SplitSet data, List<Integer> given) {
    this.data = data;
    this.given = List.copyOf(given);
    int rows = data.all().stream().mapToInt(one -> one.split().train()).max().orElseThrow();
    if (given.isEmpty()) {
      this.ofMase = NaiveScale.season(data.any().series().grid(), rows);
    } else {
      this.ofMase = given.get(0) < rows ? given.get(0) : 1;
    }
  }

  /**
   * The steps of the season of MASE: the first that was asked for, else the shortest natural one of
   * the step, such as a day of hours or a year of months, where the training rows hold more than
   * one; else 1.
   */
  public int ofMase() {
    return ofMase;
  }

  /** What the naive of that season is off by in a series; {@code [channel]}, in its units. */
  public double[] naiveErrors(SplitSeries one) {
    int rows = one.split().train();
    return NaiveScale.of(
        one.series().values(),
        rows,
        Math.min(ofMase, Math.max(1, rows - 1)),
        one.scaler().deviation());
  }

  /** Names the seasons that are longer than a step. */
  public Map<String, Integer> named() {
    if (given.isEmpty()) {
      return Seasons.of(data.any().series().grid());
    }
    Map<String, Integer> asked = new LinkedHashMap<>();
    given.stream()
        .filter(steps -> steps != 1)
        .forEach(steps -> asked.put("seasonal naive of " + steps, steps));
    return asked;
  }
}
