package io.tidecast.flink.model;

import static java.util.Objects.requireNonNull;

/**
 * A version of a model that is open in one subtask, for whoever has to know where a forecast's
 * signature leads.
 *
 * @param slot that it is open for
 * @param version with everything known of it
 */
public record OpenVersion(String slot, ModelEvent.Version version) {

  public OpenVersion {
    requireNonNull(slot, "slot is null");
    requireNonNull(version, "version is null");
  }
}
