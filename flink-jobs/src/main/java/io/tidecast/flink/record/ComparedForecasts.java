package io.tidecast.flink.record;

import static java.util.Objects.requireNonNull;

import io.tidecast.runtime.promotion.Bout;

/**
 * What two models were off by in their forecasts of one cell, added up over the series of a
 * subtask.
 *
 * @param slot that the primary of the two has
 */
public record ComparedForecasts(String slot, Bout bout) {

  public ComparedForecasts {
    requireNonNull(slot, "slot is null");
    requireNonNull(bout, "bout is null");
  }
}
