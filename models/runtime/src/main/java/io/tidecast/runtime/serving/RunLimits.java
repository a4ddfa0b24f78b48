package io.tidecast.runtime.serving;

import io.tidecast.runtime.manifest.Checks;
import java.io.Serializable;
import java.time.Duration;

/**
 * How long a model may take, and what becomes of one that takes longer.
 *
 * @param runTimeout after which a run is ended; a window by itself has a quarter of it, and less
 *     once it is known how long one takes
 * @param onTimeouts what becomes of the model after {@code giveUpAfter}
 * @param giveUpAfter batches one after the other from which the model gave no forecast for lack of
 *     time
 */
public record RunLimits(Duration runTimeout, OnTimeouts onTimeouts, int giveUpAfter)
    implements Serializable {

  /** A run of 10 s; a model that has answered none of 5 batches in time is given up for a while. */
  public static final RunLimits DEFAULT =
      new RunLimits(Duration.ofSeconds(10), OnTimeouts.GIVE_UP, 5);

  public RunLimits {
    Checks.positive("runTimeout", runTimeout);
    Checks.present("onTimeouts", onTimeouts);
    Checks.positive("giveUpAfter", giveUpAfter);
  }
}
