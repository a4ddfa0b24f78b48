package io.tidecast.runtime.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import io.tidecast.runtime.onnx.OnnxDescription.Port;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.LongStream;

/**
 * Finds the sizes that outputs have by running the graph. A file may leave them open, as exporters
 * of PyTorch do where an output is put together from parts, or say another one, as skl2onnx does of
 * a forest with several targets. An axis that follows the number of windows stays open.
 */
final class OutputTrial {

  /** Two numbers of windows, which no other axis is likely to follow. */
  private static final int[] WINDOWS = {2, 3};

  /** Graphs that are larger than any forecaster, or never end, are described as they declare. */
  private static final long LIMIT_SECONDS = 5;

  private OutputTrial() {}

  /**
   * Describes a graph with what its outputs have been.
   *
   * @return the same where an input leaves more open than the windows, or a run fails
   */
  static OnnxDescription seen(OrtSession session, OnnxDescription declared) {
    if (declared.inputs().stream().anyMatch(port -> open(port) > 1)) {
      return declared;
    }
    try {
      return seen(session, declared, WINDOWS[0], WINDOWS[1]);
    } catch (OrtException several) {
      try {
        // A size that an exporter has written into the nodes leaves no other way.
        return seen(session, declared, 1, 1);
      } catch (OrtException e) {
        // What is wrong with it is told by whoever runs it as a model.
        return declared;
      }
    }
  }

  private static OnnxDescription seen(
      OrtSession session, OnnxDescription declared, int windows, int others) throws OrtException {
    Map<String, List<Long>> few = run(session, declared.inputs(), windows);
    Map<String, List<Long>> more = run(session, declared.inputs(), others);
    return new OnnxDescription(
        declared.inputs(), declared.outputs().stream().map(port -> seen(port, few, more)).toList());
  }

  private static long open(Port port) {
    return port.shape().stream().filter(size -> size == -1).count();
  }

  private static Port seen(Port port, Map<String, List<Long>> few, Map<String, List<Long>> more) {
    List<Long> one = few.getOrDefault(port.name(), List.of());
    List<Long> other = more.getOrDefault(port.name(), List.of());
    if (one.size() != port.shape().size() || other.size() != one.size()) {
      return port;
    }
    List<Long> shape = new ArrayList<>(port.shape());
    for (int axis = 0; axis < shape.size(); axis++) {
      if (one.get(axis).equals(other.get(axis))) {
        shape.set(axis, one.get(axis));
      }
    }
    return new Port(port.name(), port.type(), shape, port.axes());
  }

  private static Map<String, List<Long>> run(OrtSession session, List<Port> inputs, int windows)
      throws OrtException {
    Map<String, OnnxTensor> given = new HashMap<>();
    try {
      for (Port input : inputs) {
        Optional<OnnxTensor> tensor = tensor(input, windows);
        if (tensor.isEmpty()) {
          return Map.of();
        }
        given.put(input.name(), tensor.get());
      }
      return shapes(session, given);
    } finally {
      given.values().forEach(OnnxTensor::close);
    }
  }

  private static Map<String, List<Long>> shapes(OrtSession session, Map<String, OnnxTensor> given)
      throws OrtException {
    try (OrtSession.RunOptions options = new OrtSession.RunOptions()) {
      CompletableFuture<Void> end =
          CompletableFuture.runAsync(
              () -> end(options),
              CompletableFuture.delayedExecutor(LIMIT_SECONDS, TimeUnit.SECONDS));
      Map<String, List<Long>> shapes = new HashMap<>();
      try (OrtSession.Result result = session.run(given, options)) {
        for (Map.Entry<String, OnnxValue> output : result) {
          if (output.getValue().getInfo() instanceof TensorInfo info) {
            List<Long> shape = new ArrayList<>();
            for (long size : info.getShape()) {
              shape.add(size);
            }
            shapes.put(output.getKey(), shape);
          }
        }
      } finally {
        end.cancel(false);
      }
      return shapes;
    }
  }

  private static void end(OrtSession.RunOptions options) {
    try {
      options.setTerminate(true);
    } catch (OrtException | IllegalStateException e) {
      // It has ended by itself at that very moment.
    }
  }

  /** Ones, which a mask, a calendar and a series may all have; empty for another type. */
  private static Optional<OnnxTensor> tensor(Port input, int windows) throws OrtException {
    OnnxJavaType type = OnnxDescription.type(input.type());
    byte[] one = one(type);
    if (one.length == 0) {
      return Optional.empty();
    }
    long[] shape = input.shape().stream().mapToLong(size -> size == -1 ? windows : size).toArray();
    long count = LongStream.of(shape).reduce(1, Math::multiplyExact);
    ByteBuffer bytes =
        ByteBuffer.allocateDirect(Math.toIntExact(Math.multiplyExact(count, one.length)))
            .order(ByteOrder.nativeOrder());
    while (bytes.hasRemaining()) {
      bytes.put(one);
    }
    return Optional.of(OnnxTensor.createTensor(OnnxEnvironment.get(), bytes.rewind(), shape, type));
  }

  private static byte[] one(OnnxJavaType type) {
    return switch (type) {
      case FLOAT -> bytes(Float.BYTES, one -> one.putFloat(1));
      case DOUBLE -> bytes(Double.BYTES, one -> one.putDouble(1));
      case INT64 -> bytes(Long.BYTES, one -> one.putLong(1));
      case INT32 -> bytes(Integer.BYTES, one -> one.putInt(1));
      case BOOL -> new byte[] {1};
      default -> new byte[0];
    };
  }

  private static byte[] bytes(int size, Consumer<ByteBuffer> put) {
    ByteBuffer one = ByteBuffer.allocate(size).order(ByteOrder.nativeOrder());
    put.accept(one);
    return one.array();
  }
}
