package io.tidecast.runtime.anomalies;

import io.tidecast.runtime.manifest.Checks;
import java.io.Serializable;

/**
 * How many of the newest values must lie outside on one side before the newest is an anomaly.
 *
 * @param outside how many; 1 to {@code among}
 * @param among of how many values; missing ones are passed over
 */
public record RunRule(int outside, int among) implements Serializable {

  /** The longest run. */
  public static final int MOST = 64;

  /** Every value outside is an anomaly. */
  public static final RunRule EACH = new RunRule(1, 1);

  public RunRule {
    Checks.require(among >= 1 && among <= MOST, "must be within 1 to " + MOST, "among", among);
    Checks.require(
        outside >= 1 && outside <= among, "must be within 1 to " + among, "outside", outside);
  }
}
