package io.tidecast.benchmarks.inference;

import java.util.stream.DoubleStream;

/** The middle of several measurements, which one that was disturbed does not move. */
public final class Median {

  private Median() {}

  /** Returns the median; of an even number of values the mean of the two in the middle. */
  public static double of(DoubleStream values) {
    double[] sorted = values.sorted().toArray();
    if (sorted.length == 0) {
      throw new IllegalArgumentException("must have a value");
    }
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
