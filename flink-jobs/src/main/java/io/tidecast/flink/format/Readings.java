package io.tidecast.flink.format;

import io.tidecast.flink.format.field.RefusedException;
import io.tidecast.flink.record.Measurement;
import io.tidecast.flink.record.PassedOver;

/** Takes what a reader makes of one record, one outcome after the other. */
public interface Readings {

  /** Takes an observation that was found in the record. */
  void found(Measurement measurement);

  /** Takes why one of several observations is none. The others are not touched by it. */
  void refused(RefusedException why);

  /**
   * Takes why there is nothing to read in the record, or in some of its elements.
   *
   * @param count of elements; 1 for the record as a whole
   */
  void passedOver(PassedOver.Reason reason, int count);
}
