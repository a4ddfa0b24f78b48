package io.tidecast.runtime.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.Map;

/** The tensors of runs of some rows, by their names, over buffers that outlive them. */
final class OnnxTensors implements AutoCloseable {

  private final OrtEnvironment environment;
  private final int rows;
  private final Map<String, OnnxTensor> inputs = new HashMap<>();
  private final Map<String, OnnxTensor> outputs = new HashMap<>();

  OnnxTensors(OrtEnvironment environment, int rows) {
    this.environment = environment;
    this.rows = rows;
  }

  void input(OnnxPort port, FloatBuffer buffer) throws OrtException {
    inputs.put(port.name(), tensor(port, buffer));
  }

  void output(OnnxPort port, FloatBuffer buffer) throws OrtException {
    outputs.put(port.name(), tensor(port, buffer));
  }

  private OnnxTensor tensor(OnnxPort port, FloatBuffer buffer) throws OrtException {
    long[] shape = port.shape(rows);
    long count = 1;
    for (long size : shape) {
      count *= size;
    }
    FloatBuffer cells = buffer.slice(0, Math.toIntExact(count));
    return OnnxTensor.createTensor(environment, cells, shape);
  }

  Map<String, OnnxTensor> inputs() {
    return inputs;
  }

  Map<String, OnnxTensor> outputs() {
    return outputs;
  }

  @Override
  public void close() {
    inputs.values().forEach(OnnxTensor::close);
    outputs.values().forEach(OnnxTensor::close);
  }
}
