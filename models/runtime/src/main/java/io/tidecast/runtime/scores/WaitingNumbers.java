package io.tidecast.runtime.scores;

import io.tidecast.runtime.memory.MemoryLines;

/** Numbers that are kept as floats as long as floats say all of them. One thread. */
final class WaitingNumbers {

  private static final float[] NO_FLOATS = {};
  private static final double[] NO_DOUBLES = {};

  private float[] floats;

  /** In place of the floats, once a number has needed it. */
  private double[] doubles;

  WaitingNumbers(int room) {
    this(new float[room], NO_DOUBLES);
  }

  private WaitingNumbers(float[] floats, double[] doubles) {
    this.floats = floats;
    this.doubles = doubles;
  }

  WaitingNumbers copy() {
    return new WaitingNumbers(floats.clone(), doubles.clone());
  }

  /** As {@link SeriesScores#fetch} does. */
  double fetch() {
    return MemoryLines.fetch(floats) + MemoryLines.fetch(doubles);
  }

  /** Whether floats say all of them. */
  boolean isNarrow() {
    return doubles.length == 0;
  }

  void put(int at, double value) {
    if (isNarrow() && ((float) value == value || Double.isNaN(value))) {
      floats[at] = (float) value;
      return;
    }
    if (isNarrow()) {
      doubles = new double[floats.length];
      for (int i = 0; i < floats.length; i++) {
        doubles[i] = floats[i];
      }
      floats = NO_FLOATS;
    }
    doubles[at] = value;
  }

  void read(int from, double[] into, int at, int count) {
    for (int i = 0; i < count; i++) {
      into[at + i] = isNarrow() ? floats[from + i] : doubles[from + i];
    }
  }
}
