package io.tidecast.benchmarks.online;

/** A way to find how wide an interval around a point must be, told of one outcome after another. */
interface IntervalRule {

  /** Returns half the width of the interval to give out now, units of the series. */
  double half();

  /**
   * Learns an outcome.
   *
   * @param score how far it was from its point
   * @param issued half the width that had been given out then
   */
  void learn(double score, double issued);
}
