package io.tidecast.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidecast.architectures.Inputs;
import io.tidecast.architectures.OnnxOps;
import io.tidecast.architectures.PatchTst;
import io.tidecast.architectures.PatchTstConfig;
import java.nio.FloatBuffer;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Torch and the emitted graph, with drawn weights and sizes that no official case has. */
class BackendsAgreeTest {
  private static final int BATCH = 3;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'patch_len':12,'stride':5",
        "'patch_len':12,'stride':5,'padding_patch':null,'individual':1",
        "'patch_len':100,'stride':7,'norm':'LayerNorm','act':'relu'",
        "'patch_len':7,'stride':11,'pre_norm':true,'res_attention':false,'n_heads':1",
        "'patch_len':16,'stride':16,'revin':0,'e_layers':1,'d_model':20,'n_heads':5",
        "'decomposition':1,'kernel_size':9,'affine':1,'subtract_last':1"
      })
  void shouldGiveTheSameForecasts(String hyperparameters)
      throws OrtException, JsonProcessingException {
    String json = "{'enc_in':5,'seq_len':100,'pred_len':37," + hyperparameters + "}";
    PatchTst network = new PatchTst();
    PatchTstConfig config =
        network.readConfig((ObjectNode) new ObjectMapper().readTree(json.replace('\'', '"')));
    float[] context = context();
    try (NDManager manager = Torch.newManager()) {
      TorchWeights weights = new TorchWeights(manager, 11);
      NDArray torch =
          network.forward(
              TorchOps.inference(manager, weights),
              config,
              new Inputs<>(manager.create(context, new Shape(BATCH, 100, 5))));
      assertThat(torch.getShape()).isEqualTo(new Shape(BATCH, 37, 5));
      OnnxOps ops = OnnxOps.of(weights.snapshot());
      OnnxOps.Value point =
          network.forward(ops, config, new Inputs<>(ops.input("context", -1, 100, 5)));
      ops.output("point", point, -1, 37, 5);
      assertThat(run(ops.toModel("odd", Map.of()), context))
          .containsExactly(torch.toFloatArray(), within(2e-5f));
    }
  }

  private static float[] context() {
    Random random = new Random(3);
    float[] context = new float[BATCH * 100 * 5];
    for (int i = 0; i < context.length; i++) {
      context[i] = (float) (Math.sin(i * 0.05) + 0.3 * random.nextGaussian() + i % 5);
    }
    return context;
  }

  private static float[] run(byte[] model, float[] context) throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession session = environment.createSession(model);
        OnnxTensor input =
            OnnxTensor.createTensor(
                environment, FloatBuffer.wrap(context), new long[] {BATCH, 100, 5});
        OrtSession.Result result = session.run(Map.of("context", input))) {
      FloatBuffer buffer = ((OnnxTensor) result.get(0)).getFloatBuffer();
      float[] values = new float[buffer.remaining()];
      buffer.get(values);
      return values;
    }
  }
}
