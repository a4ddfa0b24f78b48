package io.tidecast.runtime;

import java.util.List;

/**
 * A tensor that the runtime feeds or reads.
 *
 * @param name in the graph
 * @param shape every axis as it is run, the batch as -1
 */
record OnnxPort(String name, TensorRole role, List<Long> shape) {

  /** The shape of a run. */
  long[] shape(int rows) {
    long[] run = new long[shape.size()];
    run[0] = rows;
    for (int axis = 1; axis < run.length; axis++) {
      run[axis] = shape.get(axis);
    }
    return run;
  }
}
