package io.tidecast.architectures;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OnnxParityTest {
  private static final String OUTPUT = "forecast";

  static Stream<ParityCase> cases() {
    return ParityCase.all().stream();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void shouldMatchTheOfficialCodeIntermediatesIncluded(ParityCase parity) throws OrtException {
    byte[] model = emit(parity, parity.architecture());
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
    try (OrtSession session = environment.createSession(model)) {
      for (Map.Entry<Role, Tensor> input : parity.inputs().entrySet()) {
        String name = input.getKey().wireName();
        if (session.getInputNames().contains(name)) {
          FloatBuffer values = FloatBuffer.wrap(input.getValue().floats());
          inputs.put(name, OnnxTensor.createTensor(environment, values, input.getValue().shape()));
        }
      }
      try (OrtSession.Result result = session.run(inputs)) {
        check(parity, session, result);
      }
    } finally {
      inputs.values().forEach(OnnxTensor::close);
    }
  }

  private static void check(ParityCase parity, OrtSession session, OrtSession.Result result) {
    assertThat(session.getOutputNames()).containsAll(parity.intermediates());
    parity.assertMatches("y", floats(result, OUTPUT));
    for (String name : parity.intermediates()) {
      parity.assertMatches(name, floats(result, name));
    }
  }

  private static float[] floats(OrtSession.Result result, String name) {
    FloatBuffer buffer = ((OnnxTensor) result.get(name).orElseThrow()).getFloatBuffer();
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
