package io.tidecast.runtime.onnx;

import io.tidecast.runtime.manifest.TensorRole;
import java.util.List;

/**
 * A tensor that the runtime feeds or reads.
 *
 * @param name in the graph
 * @param shape every axis as it is run, the first one as -1
 * @param rows along the first axis for each window
 */
record OnnxPort(String name, TensorRole role, List<Long> shape, long rows) {

  /** Returns the shape of a run of that many windows. */
  long[] shape(int windows) {
    long[] run = new long[shape.size()];
    run[0] = windows * rows;
    for (int axis = 1; axis < run.length; axis++) {
      run[axis] = shape.get(axis);
    }
    return run;
  }

  /** The number of values of one window. */
  int rowSize() {
    long size = rows;
    for (long axis : shape.subList(1, shape.size())) {
      size = Math.multiplyExact(size, axis);
    }
    return Math.toIntExact(size);
  }
}
