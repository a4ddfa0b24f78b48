package io.tidecast.architectures.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.google.protobuf.InvalidProtocolBufferException;
import io.tidecast.architectures.Init;
import io.tidecast.architectures.Ops;
import io.tidecast.architectures.Tensor;
import io.tidecast.architectures.WeightsException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OnnxOpsTest {

  @Test
  void shouldKeepOnlyWhatReachesAnOutput() throws InvalidProtocolBufferException {
    OnnxOps ops =
        OnnxOps.of(
            Map.of("w", Tensor.of(new float[] {1, 2}, 2), "unused", Tensor.of(new float[] {3}, 1)));
    OnnxOps.Value x = ops.input("x", -1, 3, 2);
    ops.relu(ops.parameter("unused", Init.ZEROS, 1));
    OnnxOps.Value z = ops.add(x, ops.parameter("w", Init.ZEROS, 2));
    Ops.Attention<OnnxOps.Value> attention = ops.attention(z, z, z, 1, 1, null);
    ops.output("y", attention.output(), -1, 3, 2);
    ModelProto model = ModelProto.parseFrom(ops.toModel("test", Map.of("key", "value")));
    assertThat(model.getGraph().getNodeList())
        .extracting(NodeProto::getOpType)
        .containsExactly("Add", "Attention", "Identity");
    assertThat(model.getGraph().getNode(1).getOutputCount())
        .as("scores that nobody reads are not asked for")
        .isEqualTo(1);
    assertThat(model.getGraph().getInitializerList())
        .extracting(TensorProto::getName)
        .containsExactly("w");
    assertThat(model.getOpsetImport(0).getVersion()).isEqualTo(OnnxOps.OPSET);
    assertThat(model.getMetadataProps(0).getKey()).isEqualTo("key");
  }

  @Test
  void shouldRefuseWeightsThatDoNotFit() {
    OnnxOps ops =
        OnnxOps.of(
            Map.of(
                "narrow", Tensor.of(new float[] {1}, 1), "whole", Tensor.of(new long[] {1, 2}, 2)));
    assertThatThrownBy(() -> ops.parameter("missing", Init.ZEROS, 2))
        .isInstanceOf(WeightsException.class)
        .hasMessage("weights must hold missing [2]");
    assertThatThrownBy(() -> ops.parameter("narrow", Init.ZEROS, 2))
        .isInstanceOf(WeightsException.class)
        .hasMessage("weight narrow must be F32 [2], found F32 [1]");
    assertThatThrownBy(() -> ops.parameter("whole", Init.ZEROS, 2))
        .hasMessage("weight whole must be F32 [2], found I64 [2]");
  }

  @Test
  void shouldStoreEqualConstantsOnce() throws InvalidProtocolBufferException {
    OnnxOps ops = OnnxOps.of(Map.of());
    OnnxOps.Value x = ops.input("x", -1, 2);
    x = ops.mul(ops.add(x, ops.constant(new float[] {1, 2}, 2)), ops.constant(2));
    x = ops.mul(ops.add(x, ops.constant(new float[] {1, 2}, 2)), ops.constant(3));
    ops.output("y", x, -1, 2);
    assertThat(ModelProto.parseFrom(ops.toModel("test", Map.of())).getGraph().getInitializerList())
        .hasSize(3);
  }

  @Test
  void shouldTakeTablesFromTheWeightsWhereTheyAre() {
    OnnxOps ops =
        OnnxOps.of(
            Map.of(
                "known", Tensor.of(new long[] {3, 4}, 1, 2), "float", Tensor.of(new float[2], 2)));
    long[] drawn = {1, 2};
    assertThat(ops.table("known", drawn)).containsExactly(3, 4);
    assertThat(ops.table("unknown", drawn)).containsExactly(1, 2);
    assertThatThrownBy(() -> ops.table("float", drawn))
        .isInstanceOf(WeightsException.class)
        .hasMessage("weight float must be I64 of 2, found F32 [2]");
  }

  @Test
  void shouldRefuseTwoOutputsOfOneName() {
    OnnxOps ops = OnnxOps.of(Map.of());
    OnnxOps.Value x = ops.input("x", -1);
    ops.output("y", x, -1);
    assertThatThrownBy(() -> ops.output("y", x, -1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("name=y");
  }

  @Test
  void shouldStateTheShapesOfResults() throws InvalidProtocolBufferException {
    OnnxOps ops = OnnxOps.of(Map.of());
    OnnxOps.Value x = ops.reshape(ops.input("x", -1, 3, 2), -1, 2);
    ops.output("y", ops.reshape(ops.relu(x), -1, 3, 2), -1, 3, 2);
    GraphProto graph = ModelProto.parseFrom(ops.toModel("test", Map.of())).getGraph();
    assertThat(graph.getValueInfoList()).hasSize(3);
    for (ValueInfoProto value : graph.getValueInfoList().subList(0, 2)) {
      TensorShapeProto shape = value.getType().getTensorType().getShape();
      assertThat(shape.getDim(0).getDimParam()).isEqualTo("batch*3");
      assertThat(shape.getDim(1).getDimValue()).isEqualTo(2);
    }
  }

  @Test
  void shouldRefuseAnOutputOfAnotherShape() {
    OnnxOps ops = OnnxOps.of(Map.of());
    OnnxOps.Value x = ops.input("x", -1, 2);
    assertThatThrownBy(() -> ops.output("y", x, -1, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("an output must have the shape that is stated: y=[-1, 3], found [batch, 2]");
  }

  @Test
  void shouldTakeTheNormOfASumAndOfWhatIsNoneTwice() throws InvalidProtocolBufferException {
    OnnxOps ops = OnnxOps.of(Map.of());
    OnnxOps.Value x = ops.input("x", -1, 3, 2);
    OnnxOps.Value one = ops.constant(new float[] {1, 1}, 2);
    OnnxOps.Value ofSum = ops.layerNorm(ops.add(ops.relu(x), ops.gelu(x)), one, one, 0.5);
    OnnxOps.Value read = ops.add(ofSum, ops.relu(ofSum));
    OnnxOps.Value ofReadTwice = ops.layerNorm(read, one, one, 0.5);
    ops.output("y", ops.mul(read, ofReadTwice), -1, 3, 2);
    List<NodeProto> nodes =
        ModelProto.parseFrom(ops.toModel("test", Map.of())).getGraph().getNodeList();
    assertThat(nodes)
        .extracting(NodeProto::getOpType)
        .containsExactly(
            "Relu",
            "Gelu",
            "Add",
            "LayerNormalization",
            "Relu",
            "Add",
            "Add",
            "LayerNormalization",
            "Mul",
            "Identity");
    assertThat(nodes.get(6).getInputList()).containsExactly(read.name(), read.name());
    assertThat(nodes.get(3).getAttribute(1).getF()).isEqualTo(0.5f);
    assertThat(nodes.get(7).getAttribute(1).getF()).isEqualTo(2f);
  }

  @Test
  void shouldCastAValueForAllThatReadItAndWeightsBeforeTheGraphIsWritten()
      throws InvalidProtocolBufferException {
    OnnxOps ops = OnnxOps.half(Map.of("w", Tensor.of(new float[] {1, 2, 3, 4}, 2, 2)));
    OnnxOps.Value x = ops.input("x", -1, 2);
    OnnxOps.Value w = ops.parameter("w", Init.ZEROS, 2, 2);
    OnnxOps.Value y = ops.add(ops.linear(x, w, null), ops.relu(ops.linear(x, w, null)));
    OnnxOps.Value scaled = ops.mul(ops.precise(y), ops.constant(5_000));
    ops.output("y", ops.add(scaled, x), -1, 2);
    GraphProto graph = ModelProto.parseFrom(ops.toModel("test", Map.of())).getGraph();
    assertThat(graph.getNodeList())
        .extracting(NodeProto::getOpType)
        .containsExactly(
            "Cast",
            "Transpose",
            "MatMul",
            "Transpose",
            "MatMul",
            "Relu",
            "Add",
            "Cast",
            "Mul",
            "Add",
            "Identity");
    assertThat(graph.getInitializerList())
        .extracting(TensorProto::getName, TensorProto::getDataType)
        .contains(tuple("w.half", TensorProto.DataType.FLOAT16.getNumber()))
        .hasSize(2);
    assertThat(graph.getInput(0).getType().getTensorType().getElemType())
        .isEqualTo(TensorProto.DataType.FLOAT.getNumber());
  }

  @Test
  void shouldRefuseWeightsThatHalfPrecisionHasNoNumberFor() {
    OnnxOps ops = OnnxOps.half(Map.of("w", Tensor.of(new float[] {1, -70_000}, 2, 1)));
    OnnxOps.Value x = ops.input("x", -1, 1);
    assertThatThrownBy(() -> ops.linear(x, ops.parameter("w", Init.ZEROS, 2, 1), null))
        .isInstanceOf(WeightsException.class)
        .hasMessage("weights must be within -65504..65504 in half precision: w has -70000.0");
  }

  /** Some mean of what it must not see, as in single precision, and not infinity less infinity. */
  @Test
  void shouldStayFiniteWhereEveryScoreIsHidden() throws OrtException {
    OnnxOps ops = OnnxOps.half(Map.of());
    OnnxOps.Value x = ops.input("x", -1, 2, 2);
    OnnxOps.Value hidden = ops.constant(new float[] {-1e30f, -1e30f, 0, -1e30f}, 2, 2);
    ops.output("y", ops.attention(x, x, x, 1, 1, hidden).output(), -1, 2, 2);
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    float[][][] given = {{{1, 2}, {3, 6}}};
    try (OrtSession session = environment.createSession(ops.toModel("test", Map.of()));
        OnnxTensor tensor = OnnxTensor.createTensor(environment, given);
        OrtSession.Result result = session.run(Map.of("x", tensor))) {
      float[][] found = ((float[][][]) result.get(0).getValue())[0];
      assertThat(found[0][0]).isBetween(1f, 3f);
      assertThat(found[0][1]).isEqualTo(2 * found[0][0]);
      assertThat(found[1]).containsExactly(1, 2);
    }
  }
}
