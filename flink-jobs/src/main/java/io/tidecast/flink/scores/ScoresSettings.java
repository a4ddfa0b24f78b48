package io.tidecast.flink.scores;

import io.tidecast.runtime.scores.ScoreSettings;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a job says of scores.
 *
 * @param topic that they are written to; null where forecasts are not scored
 * @param leads in cells, ascending; null for 1, 2, 4, 8 and so on up to the horizon
 * @param windowCells of the sliding scores
 * @param halfLifeCells of the weighted scores
 * @param season of the seasonal naive that forecasts are compared with; null for that of the
 *     baseline
 * @param everyCells how many cells close from one record of a score to the next; null for as many
 *     as the horizon
 */
public record ScoresSettings(
    @Nullable String topic,
    @Nullable List<Integer> leads,
    int windowCells,
    int halfLifeCells,
    @Nullable Duration season,
    @Nullable Integer everyCells)
    implements Serializable {

  /** The sliding scores are of so many cells unless the job says otherwise. */
  public static final int DEFAULT_WINDOW = 1000;

  /** Weights halve in so many cells unless the job says otherwise. */
  public static final int DEFAULT_HALF_LIFE = 200;

  /** Forecasts are not scored. */
  public static final ScoresSettings OFF =
      new ScoresSettings(null, null, DEFAULT_WINDOW, DEFAULT_HALF_LIFE, null, null);

  public ScoresSettings {
    leads = leads == null ? null : List.copyOf(leads);
  }

  /** Whether forecasts are scored. */
  public boolean isOn() {
    return topic != null;
  }

  /** The leads of forecasts of so many cells. */
  List<Integer> leadsTo(int horizon) {
    return leads == null
        ? ScoreSettings.leadsTo(Math.min(horizon, ScoreSettings.LONGEST_LEAD))
        : leads;
  }
}
