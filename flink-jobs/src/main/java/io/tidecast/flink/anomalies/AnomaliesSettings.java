package io.tidecast.flink.anomalies;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import io.tidecast.runtime.anomalies.AnomalySettings.Interval;
import io.tidecast.runtime.anomalies.AnomalySettings.Rule;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * What a job says of anomalies.
 *
 * @param topic that they are written to; null where none are looked for
 * @param interval which values are expected
 * @param rule which of the others are told
 * @param shiftCells after how many cells the level has shifted; 0 for never
 * @param longestLead how many cells ahead a forecast is used at most; null for its horizon
 */
public record AnomaliesSettings(
    @Nullable String topic,
    Interval interval,
    Rule rule,
    int shiftCells,
    @Nullable Integer longestLead)
    implements Serializable {

  /** The interval holds this share of values unless the job says otherwise. */
  public static final double DEFAULT_LEVEL = 0.998;

  /** It is of so many errors unless the job says otherwise. */
  public static final int DEFAULT_WINDOW = 2000;

  /** A shift takes so many cells unless the job says otherwise. */
  public static final int DEFAULT_SHIFT_CELLS = 12;

  /** No anomalies are looked for. */
  public static final AnomaliesSettings OFF =
      new AnomaliesSettings(
          null, new Interval(DEFAULT_LEVEL, DEFAULT_WINDOW), Rule.EACH, DEFAULT_SHIFT_CELLS, null);

  public AnomaliesSettings {
    requireNonNull(interval, "interval is null");
    requireNonNull(rule, "rule is null");
  }

  /** Whether anomalies are looked for. */
  public boolean isOn() {
    return topic != null;
  }

  /** How many cells of a forecast of a horizon are used. */
  int leadsTo(int horizon) {
    return Math.min(horizon, requireNonNullElse(longestLead, horizon));
  }
}
