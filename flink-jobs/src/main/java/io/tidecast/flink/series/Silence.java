package io.tidecast.flink.series;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import java.time.Duration;

/**
 * What it means that a series says nothing.
 *
 * @param max how long a series that is filled is forecast on after its newest observation
 */
public record Silence(Kind kind, Duration max) implements Serializable {

  /** Whether cells without an observation are forecast from. */
  public enum Kind {
    /** They are gaps, and a silent series is not forecast. */
    SKIP,
    /** They say something: they close with the watermark, and have the value of the fill. */
    FILL
  }

  /** Cells without an observation are gaps. */
  public static final Silence SKIPPED = new Silence(Kind.SKIP, Duration.ofDays(366));

  public Silence {
    requireNonNull(kind, "kind is null");
    requireNonNull(max, "max is null");
    if (max.isNegative() || max.isZero()) {
      throw new IllegalArgumentException("must be positive: max=" + max);
    }
  }

  /** Whether silent cells have values. */
  public boolean isFilled() {
    return kind == Kind.FILL;
  }
}
