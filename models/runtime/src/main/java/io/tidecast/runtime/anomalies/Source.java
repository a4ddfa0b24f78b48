package io.tidecast.runtime.anomalies;

import static java.util.Objects.requireNonNull;

/**
 * The forecast that expected a value.
 *
 * @param origin number of the last cell of its context
 * @param model id of who made it
 * @param version of the model
 */
public record Source(long origin, String model, String version) {

  public Source {
    requireNonNull(model, "model is null");
    requireNonNull(version, "version is null");
  }
}
