package io.tidecast.flink.series;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import java.time.Duration;

/**
 * How far behind observations may be, and what becomes of those of cells that are over.
 *
 * @param maxOutOfOrderness how far an observation may lie behind the latest of its partition
 * @param allowed how long after its end a closed cell still takes observations
 * @param reissue whether forecasts from contexts that changed are made again
 * @param reissueOrigins how many of the newest
 */
public record Lateness(
    Duration maxOutOfOrderness, Duration allowed, boolean reissue, int reissueOrigins)
    implements Serializable {

  /** Everything comes in its order and nothing late. */
  public static final Lateness NONE = new Lateness(Duration.ZERO, Duration.ZERO, false, 1);

  public Lateness {
    requireNonNull(maxOutOfOrderness, "maxOutOfOrderness is null");
    requireNonNull(allowed, "allowed is null");
    if (maxOutOfOrderness.isNegative() || allowed.isNegative()) {
      throw new IllegalArgumentException(
          "must not be negative: maxOutOfOrderness=%s, allowed=%s"
              .formatted(maxOutOfOrderness, allowed));
    }
    if (reissueOrigins < 1) {
      throw new IllegalArgumentException("must be at least 1: reissueOrigins=" + reissueOrigins);
    }
  }

  /** How many of the newest forecasts of a series can be made again. */
  public int origins() {
    return reissue ? reissueOrigins : 0;
  }
}
