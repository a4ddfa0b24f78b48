package io.tidecast.runtime.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ai.onnx.proto.OnnxMl;
import io.tidecast.graph.CheckedGraph;
import io.tidecast.runtime.manifest.ModelException;
import io.tidecast.runtime.testing.TestGraph;
import java.util.List;
import org.junit.jupiter.api.Test;

class OnnxDescriptionTest {

  @Test
  void shouldNameEveryTensorWithTypeAndShape() {
    List<String> axes = List.of("batch", "", "");
    TestGraph graph =
        new TestGraph(1)
            .input("x", -1, 4, 2)
            .input(OnnxMl.TensorProto.DataType.INT64, "marks", 1, 4)
            .output("y", -1, 4, 2);
    graph.result("y", "x");
    assertThat(OnnxDescription.of(new CheckedGraph(graph.bytes())))
        .isEqualTo(
            new OnnxDescription(
                List.of(
                    new OnnxDescription.Port("x", "float32", List.of(-1L, 4L, 2L), axes),
                    new OnnxDescription.Port("marks", "int64", List.of(1L, 4L))),
                List.of(new OnnxDescription.Port("y", "float32", List.of(-1L, 4L, 2L), axes))));
  }

  @Test
  void shouldRefuseWhatOnnxRuntimeCannotLoad() {
    TestGraph graph = new TestGraph(1).input("x", -1, 4, 2).output("y", -1, 4, 2);
    graph.result("y", graph.node("NoSuchOperator", "x"));
    CheckedGraph checked = new CheckedGraph(graph.bytes());
    assertThatExceptionOfType(ModelException.class)
        .isThrownBy(() -> OnnxDescription.of(checked))
        .withMessageStartingWith("ONNX Runtime refuses model.onnx: ");
  }
}
