package io.tidecast.flink.record;

import static java.util.Objects.requireNonNull;

/**
 * What of one record is no observation, and was never meant to be one. It is counted, and is no
 * dead letter.
 *
 * @param count of the record's observations to be; 1 where the record as a whole is none
 */
public record PassedOver(Reason reason, int count) {

  /** Says why something was passed over. */
  public enum Reason {
    /** It is not what {@code mapping.where} asks for. */
    NOT_ASKED_FOR,
    /** The record has no value, which in a compacted topic says that something was deleted. */
    TOMBSTONE,
    /** It says that something was deleted, and what there is after that is nothing. */
    DELETED,
    /** There is nothing in what {@code mapping.each} goes over. */
    NO_ELEMENTS,
    /** The mapping reads other elements of the same array, by their numbers. */
    NOT_IN_THE_MAPPING
  }

  public PassedOver {
    requireNonNull(reason, "reason is null");
  }
}
