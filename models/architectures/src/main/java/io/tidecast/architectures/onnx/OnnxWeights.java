package io.tidecast.architectures.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.InvalidProtocolBufferException;
import io.tidecast.architectures.Tensor;
import io.tidecast.architectures.WeightsException;
import io.tidecast.architectures.weights.Parameters;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a graph that {@link OnnxOps} recorded as the checkpoint that it is too. */
public final class OnnxWeights {

  private OnnxWeights() {}

  /**
   * The weights of a graph under their official names.
   *
   * @param parameters what the network asks of its weights
   * @throws WeightsException if the graph lacks one of them, or holds it in another form
   */
  public static Map<String, Tensor> read(byte[] onnx, Parameters parameters) {
    Map<String, TensorProto> found = new LinkedHashMap<>();
    try {
      for (TensorProto tensor : ModelProto.parseFrom(onnx).getGraph().getInitializerList()) {
        found.put(tensor.getName(), tensor);
      }
    } catch (InvalidProtocolBufferException e) {
      throw new WeightsException("weights must be in an ONNX graph", e);
    }
    Map<String, Tensor> weights = new LinkedHashMap<>();
    for (Map.Entry<String, long[]> parameter : parameters.shapes().entrySet()) {
      String name = parameter.getKey();
      TensorProto tensor = found.get(name);
      weights.put(name, floats(name, parameter.getValue(), tensor));
    }
    return weights;
  }

  private static Tensor floats(String name, long[] shape, @Nullable TensorProto tensor) {
    float[] values = new float[Math.toIntExact(Tensor.elements(shape))];
    if (tensor == null
        || tensor.getDataType() != TensorProto.DataType.FLOAT.getNumber()
        || !Arrays.equals(shape, tensor.getDimsList().stream().mapToLong(Long::longValue).toArray())
        || tensor.getRawData().size() != values.length * Float.BYTES) {
      throw new WeightsException(
          "the graph must hold the weight "
              + name
              + " F32 "
              + Arrays.toString(shape)
              + " as it is written here, found "
              + (tensor == null
                  ? "none of that name"
                  : TensorProto.DataType.forNumber(tensor.getDataType())
                      + " "
                      + tensor.getDimsList()));
    }
    tensor
        .getRawData()
        .asReadOnlyByteBuffer()
        .order(ByteOrder.LITTLE_ENDIAN)
        .asFloatBuffer()
        .get(values);
    return Tensor.of(values, shape);
  }
}
