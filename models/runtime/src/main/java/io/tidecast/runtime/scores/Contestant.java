package io.tidecast.runtime.scores;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;

/**
 * A forecaster whose forecasts are scored: a model, or the baseline. Its arrays are never changed.
 *
 * @param model id
 * @param version of the model
 * @param channels number of the channel of each target, in the order of its forecasts
 * @param levels of its quantiles, ascending; empty where it gives points alone
 */
public record Contestant(String model, String version, int[] channels, double[] levels) {

  public Contestant {
    requireNonNull(model, "model is null");
    requireNonNull(version, "version is null");
    requireNonNull(channels, "channels is null");
    requireNonNull(levels, "levels is null");
    if (channels.length == 0) {
      throw new IllegalArgumentException("must not be empty: channels");
    }
  }

  /** Tells whether it is the same model with the same targets and levels. */
  boolean is(Contestant other) {
    return isNamed(other)
        && Arrays.equals(channels, other.channels)
        && Arrays.equals(levels, other.levels);
  }

  /** Tells whether it is the same version of the same model, whatever it forecasts. */
  boolean isNamed(Contestant other) {
    return model.equals(other.model) && version.equals(other.version);
  }

  /** The numbers that each cell of its forecasts has: a point and its quantiles for each target. */
  int numbers() {
    return channels.length * (1 + levels.length);
  }
}
