package io.tidecast.architectures.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.google.protobuf.InvalidProtocolBufferException;
import io.tidecast.architectures.Architecture;
import io.tidecast.architectures.ArchitectureConfig;
import io.tidecast.architectures.Inputs;
import io.tidecast.architectures.ParityCase;
import io.tidecast.architectures.Port;
import io.tidecast.architectures.Role;
import io.tidecast.architectures.Tensor;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("parity")
class OnnxParityTest {
  private static final String OUTPUT = "forecast";
  private static final OrtEnvironment ENVIRONMENT = OrtEnvironment.getEnvironment();

  /** Of another size of batch, a product may add in another order. */
  private static final float ROUNDING = 1e-5f;

  static Stream<ParityCase> cases() {
    return ParityCase.all().stream();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void shouldMatchTheOfficialCodeIntermediatesIncluded(ParityCase parity) throws OrtException {
    byte[] model = emit(parity, parity.architecture());
    try (OrtSession session = ENVIRONMENT.createSession(model)) {
      assertThat(session.getOutputNames()).containsAll(parity.intermediates());
      Map<String, float[]> found = run(session, parity.inputs());
      parity.assertMatches("y", found.get(OUTPUT));
      parity.intermediates().forEach(name -> parity.assertMatches(name, found.get(name)));
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void shouldForecastEachWindowAsIfItWereAlone(ParityCase parity) throws OrtException {
    byte[] model = emit(parity, parity.architecture());
    try (OrtSession session = ENVIRONMENT.createSession(model)) {
      float[] together = run(session, parity.inputs()).get(OUTPUT);
      int batch = (int) parity.inputs().get(Role.CONTEXT).shape()[0];
      int size = together.length / batch;
      for (int row = 0; row < batch; row++) {
        Map<Role, Tensor> single = new EnumMap<>(Role.class);
        for (Map.Entry<Role, Tensor> input : parity.inputs().entrySet()) {
          single.put(input.getKey(), row(input.getValue(), row));
        }
        float[] expected = Arrays.copyOfRange(together, row * size, (row + 1) * size);
        assertThat(run(session, single).get(OUTPUT)).containsExactly(expected, within(ROUNDING));
      }
    }
  }

  /** What ONNX Runtime is told of the shapes it builds upon. */
  @ParameterizedTest
  @MethodSource("cases")
  void shouldStateTheShapeThatEveryResultHas(ParityCase parity)
      throws OrtException, InvalidProtocolBufferException {
    ModelProto.Builder model =
        ModelProto.parseFrom(emit(parity, parity.architecture())).toBuilder();
    List<ValueInfoProto> stated = model.getGraph().getValueInfoList();
    assertThat(stated).hasSizeGreaterThan(20);
    model.getGraphBuilder().addAllOutput(stated);
    long batch = parity.inputs().get(Role.CONTEXT).shape()[0];
    try (OrtSession session = ENVIRONMENT.createSession(model.build().toByteArray())) {
      Map<String, long[]> found = shapes(session, parity.inputs());
      for (ValueInfoProto value : stated) {
        assertThat(found.get(value.getName()))
            .as(value.getName())
            .containsExactly(
                value.getType().getTensorType().getShape().getDimList().stream()
                    .mapToLong(length -> length(length, batch))
                    .toArray());
      }
    }
  }

  private static long length(TensorShapeProto.Dimension length, long batch) {
    if (!length.hasDimParam()) {
      return length.getDimValue();
    }
    assertThat(length.getDimParam()).startsWith("batch").doesNotContain("/");
    String factor = length.getDimParam().replace("batch", "").replace("*", "");
    return factor.isEmpty() ? batch : batch * Long.parseLong(factor);
  }

  private static Tensor row(Tensor batch, int row) {
    long[] shape = batch.shape().clone();
    int size = batch.floats().length / (int) shape[0];
    shape[0] = 1;
    return Tensor.of(Arrays.copyOfRange(batch.floats(), row * size, (row + 1) * size), shape);
  }

  private static Map<String, float[]> run(OrtSession session, Map<Role, Tensor> inputs)
      throws OrtException {
    return results(session, inputs, OnnxParityTest::floats);
  }

  private static Map<String, long[]> shapes(OrtSession session, Map<Role, Tensor> inputs)
      throws OrtException {
    return results(session, inputs, tensor -> tensor.getInfo().getShape());
  }

  private static <R> Map<String, R> results(
      OrtSession session, Map<Role, Tensor> inputs, Function<OnnxTensor, R> of)
      throws OrtException {
    Map<String, OnnxTensor> tensors = new LinkedHashMap<>();
    try {
      for (Map.Entry<Role, Tensor> input : inputs.entrySet()) {
        String name = input.getKey().wireName();
        if (session.getInputNames().contains(name)) {
          FloatBuffer values = FloatBuffer.wrap(input.getValue().floats());
          tensors.put(name, OnnxTensor.createTensor(ENVIRONMENT, values, input.getValue().shape()));
        }
      }
      try (OrtSession.Result result = session.run(tensors)) {
        Map<String, R> found = new LinkedHashMap<>();
        result.forEach(
            output -> found.put(output.getKey(), of.apply((OnnxTensor) output.getValue())));
        return found;
      }
    } finally {
      tensors.values().forEach(OnnxTensor::close);
    }
  }

  private static float[] floats(OnnxTensor tensor) {
    FloatBuffer buffer = tensor.getFloatBuffer();
    float[] values = new float[buffer.remaining()];
    buffer.get(values);
    return values;
  }

  private static <C extends ArchitectureConfig> byte[] emit(
      ParityCase parity, Architecture<C> architecture) {
    C config = architecture.readConfig(parity.hyperparameters());
    OnnxOps ops = OnnxOps.tapped(parity.weights());
    Map<Role, OnnxOps.Value> inputs = new EnumMap<>(Role.class);
    for (Port port : architecture.inputs(config)) {
      inputs.put(port.role(), ops.input(port.role().wireName(), shape(port)));
    }
    OnnxOps.Value y = architecture.forward(ops, config, new Inputs<>(inputs));
    ops.output(OUTPUT, y, shape(architecture.output(config)));
    return ops.toModel(parity.name(), Map.of());
  }

  private static long[] shape(Port port) {
    return port.shape().stream().mapToLong(Long::longValue).toArray();
  }
}
