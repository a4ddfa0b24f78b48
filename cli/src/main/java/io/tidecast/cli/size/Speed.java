package io.tidecast.cli.size;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How fast the models of a job are, and what they take of the memory.
 *
 * @param forecastMicros of processor time that a forecast takes with all that the job does for it
 * @param forecastsPerGpu of the models alone, a second; null where they run on processors
 * @param nativeBytes of memory off the heap that a session of each model takes, with full batches;
 *     null where no model was run, or nobody tells
 * @param isMeasured whether the model was measured here, and what the job does besides is a figure
 * @param sentence where the figures come from
 */
record Speed(
    double forecastMicros,
    @Nullable Double forecastsPerGpu,
    @Nullable Long nativeBytes,
    boolean isMeasured,
    String sentence) {

  private static final double MICROS = 1e6;

  /** As somebody has measured it. */
  static Speed given(double forecastsPerCore) {
    return new Speed(
        MICROS / forecastsPerCore,
        null,
        null,
        false,
        String.format(
            Locale.ROOT,
            "A core makes %,.0f forecasts a second, with all that the job does for them (--forecasts-per-core).",
            forecastsPerCore));
  }
}
