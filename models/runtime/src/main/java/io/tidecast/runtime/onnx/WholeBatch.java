package io.tidecast.runtime.onnx;

import static java.util.Objects.requireNonNull;

import ai.onnxruntime.OrtException;
import io.tidecast.runtime.manifest.TensorRole;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Memory for a graph that takes a fixed number of windows a run, no more and no less. Windows are
 * copied into it, so many at a time; the last of them fills what is left. One thread at a time.
 */
final class WholeBatch implements AutoCloseable {

  /** As that of batches is, so that kernels sum in the same order. */
  private static final int ALIGNMENT = 64;

  private final OnnxSignature signature;
  private final int size;
  private final Map<TensorRole, FloatBuffer> buffers = new EnumMap<>(TensorRole.class);
  private final OnnxTensors tensors;

  WholeBatch(OnnxSignature signature, int size) throws OrtException {
    this.signature = signature;
    this.size = size;
    this.tensors = new OnnxTensors(OnnxEnvironment.get(), size);
    try {
      for (OnnxPort input : signature.inputs()) {
        tensors.input(input, made(input));
      }
      for (OnnxPort output : signature.outputs()) {
        tensors.output(output, made(output));
      }
    } catch (OrtException | RuntimeException e) {
      tensors.close();
      throw e;
    }
  }

  private FloatBuffer made(OnnxPort port) {
    int count = Math.multiplyExact(size, port.rowSize());
    FloatBuffer buffer =
        ByteBuffer.allocateDirect(
                Math.addExact(Math.multiplyExact(count, Float.BYTES), 2 * ALIGNMENT))
            .alignedSlice(ALIGNMENT)
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer()
            .slice(0, count);
    buffers.put(port.role(), buffer);
    return buffer;
  }

  /** The number of windows of a run. */
  int size() {
    return size;
  }

  OnnxTensors tensors() {
    return tensors;
  }

  private static FloatBuffer buffer(Map<TensorRole, FloatBuffer> buffers, OnnxPort port) {
    return requireNonNull(buffers.get(port.role()), "a port has a buffer");
  }

  /**
   * Takes windows in.
   *
   * @param from where those of each input lie
   * @param start the first of them
   * @param count of all that lie there
   */
  void fill(Map<TensorRole, FloatBuffer> from, int start, int count) {
    List<OnnxPort> inputs = signature.inputs();
    for (int i = 0; i < inputs.size(); i++) {
      OnnxPort port = inputs.get(i);
      int width = port.rowSize();
      FloatBuffer source = buffer(from, port);
      FloatBuffer to = buffer(buffers, port);
      for (int row = 0; row < size; row++) {
        to.put(row * width, source, Math.min(start + row, count - 1) * width, width);
      }
    }
  }

  /** Gives the forecasts of the windows that were taken in; see {@link #fill}. */
  void empty(Map<TensorRole, FloatBuffer> to, int start, int count) {
    List<OnnxPort> outputs = signature.outputs();
    int rows = Math.min(size, count - start);
    for (int i = 0; i < outputs.size(); i++) {
      OnnxPort port = outputs.get(i);
      int width = port.rowSize();
      buffer(to, port).put(start * width, buffer(buffers, port), 0, rows * width);
    }
  }

  @Override
  public void close() {
    tensors.close();
  }
}
