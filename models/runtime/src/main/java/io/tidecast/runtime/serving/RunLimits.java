package io.tidecast.runtime.serving;

import io.tidecast.runtime.manifest.Checks;
import java.io.Serializable;
import java.time.Duration;

/**
 * How long a model may take, and when it is given up.
 *
 * @param runTimeout after which a run is ended; a window by itself has a quarter of it, and less
 *     once it is known how long one takes
 * @param giveUpAfter batches one after the other from which the model gave no forecast; {@link
 *     #NEVER} for a model that is always asked
 */
public record RunLimits(Duration runTimeout, int giveUpAfter) implements Serializable {

  /** So a model is never given up. */
  public static final int NEVER = 0;

  /** A run of 10 s; a model that gave no forecast from 5 batches is given up for a while. */
  public static final RunLimits DEFAULT = new RunLimits(Duration.ofSeconds(10), 5);

  public RunLimits {
    Checks.positive("runTimeout", runTimeout);
    Checks.require(giveUpAfter >= 0, "must not be negative", "giveUpAfter", giveUpAfter);
  }
}
