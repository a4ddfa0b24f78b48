package io.tidecast.flink.record;

import org.jspecify.annotations.Nullable;

/**
 * One outcome of parsing a record, which may have several. One of accepted, rejection and passed
 * over is not null.
 *
 * @param first whether it is the first outcome of its record
 */
public record ParsedMeasurement(
    @Nullable Measurement accepted,
    @Nullable Rejection rejection,
    @Nullable PassedOver passedOver,
    boolean first)
    implements StepOutcome<Measurement> {

  /** The first outcome of a record, or the only one. */
  public ParsedMeasurement(@Nullable Measurement accepted, @Nullable Rejection rejection) {
    this(accepted, rejection, null, true);
  }
}
