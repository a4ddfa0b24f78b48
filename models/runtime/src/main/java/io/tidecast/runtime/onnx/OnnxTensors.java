package io.tidecast.runtime.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.Map;

/** The tensors of one side of one run by their names, over buffers that outlive them. */
final class OnnxTensors implements AutoCloseable {

  private final OrtEnvironment environment;
  private final int rows;
  private final Map<String, OnnxTensor> byName = new HashMap<>();

  OnnxTensors(OrtEnvironment environment, int rows) {
    this.environment = environment;
    this.rows = rows;
  }

  void add(OnnxPort port, FloatBuffer buffer) throws OrtException {
    long[] shape = port.shape(rows);
    long count = 1;
    for (long size : shape) {
      count *= size;
    }
    FloatBuffer cells = buffer.slice(0, Math.toIntExact(count));
    byName.put(port.name(), OnnxTensor.createTensor(environment, cells, shape));
  }

  Map<String, OnnxTensor> byName() {
    return byName;
  }

  @Override
  public void close() {
    byName.values().forEach(OnnxTensor::close);
  }
}
