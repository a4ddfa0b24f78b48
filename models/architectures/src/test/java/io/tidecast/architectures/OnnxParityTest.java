package io.tidecast.architectures;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OnnxParityTest {

  static Stream<ParityCase> patchTst() {
    return ParityCase.all("patchtst").stream();
  }

  @ParameterizedTest
  @MethodSource("patchTst")
  void shouldMatchTheOfficialCodeIntermediatesIncluded(ParityCase parity) throws OrtException {
    byte[] model = emit(parity, parity.architecture());
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    Tensor context = parity.io().get("x_enc");
    try (OrtSession session = environment.createSession(model);
        OnnxTensor input =
            OnnxTensor.createTensor(
                environment, FloatBuffer.wrap(context.floats()), context.shape());
        OrtSession.Result result = session.run(Map.of("context", input))) {
      assertThat(session.getOutputNames()).containsAll(parity.intermediates());
      parity.assertMatches("y", floats(result, "point"));
      for (String name : parity.intermediates()) {
        parity.assertMatches(name, floats(result, name));
      }
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
    OnnxOps.Value context = ops.input("context", -1, config.seqLen(), config.encIn());
    OnnxOps.Value point = architecture.forward(ops, config, new Inputs<>(context));
    ops.output("point", point, -1, config.predLen(), config.encIn());
    return ops.toModel(parity.name(), Map.of());
  }
}
