package io.tidecast.runtime.anomalies;

/**
 * Counts what became of the values that anomalies were looked for in, over any number of series.
 * One thread.
 */
public final class Tally {

  private long judged;
  private long unexpected;
  private long early;

  /** Has counted nothing. */
  public Tally() {}

  void judged() {
    judged++;
  }

  void unexpected() {
    unexpected++;
  }

  void early() {
    early++;
  }

  /** How many values were held against an interval. */
  public long judgedValues() {
    return judged;
  }

  /** How many values there was no forecast of. */
  public long unexpectedValues() {
    return unexpected;
  }

  /** How many values came while too few errors were known for an interval. */
  public long earlyValues() {
    return early;
  }
}
