package io.tidecast.benchmarks.inference;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Counts windows, since the batches of two sizes don't compare. */
@AuxCounters
@State(Scope.Thread)
public class WindowCounter {

  /** Windows forecast so far. */
  public long windows;
}
