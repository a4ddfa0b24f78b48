package io.tidecast.flink.model;

import static java.util.Objects.requireNonNull;

/**
 * A version of a model that is open in one subtask, for whoever has to know where a forecast's
 * signature leads.
 *
 * @param slot that it is open for
 * @param version with everything known of it
 * @param stays false once it is given no more tasks and is to be closed
 */
public record OpenVersion(String slot, ModelEvent.Version version, boolean stays) {

  public OpenVersion {
    requireNonNull(slot, "slot is null");
    requireNonNull(version, "version is null");
  }

  /** One that stays. */
  public OpenVersion(String slot, ModelEvent.Version version) {
    this(slot, version, true);
  }
}
