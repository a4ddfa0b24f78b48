package io.tidecast.runtime.time;

/**
 * Says why something is no time. Its message ends the sentence "must be". It has no stack trace,
 * for there is one for every bad record.
 */
public final class TimeException extends Exception {

  private static final long serialVersionUID = 1L;

  private final boolean outOfRange;

  private TimeException(String expected, boolean outOfRange) {
    super(expected, null, false, false);
    this.outOfRange = outOfRange;
  }

  /**
   * @param expected ends the sentence "must be"
   */
  static TimeException expected(String expected) {
    return new TimeException(expected, false);
  }

  static TimeException outOfRange(String hint) {
    return new TimeException("a time that a long of milliseconds holds" + hint, true);
  }

  /** Says whether it is a time, but one that cannot be counted in milliseconds. */
  public boolean isOutOfRange() {
    return outOfRange;
  }

  /** Returns what was expected, as it ends the sentence "must be". */
  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
