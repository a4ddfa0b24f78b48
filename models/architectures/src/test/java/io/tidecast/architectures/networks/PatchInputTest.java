package io.tidecast.architectures.networks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidecast.architectures.Inputs;
import io.tidecast.architectures.PastInput;
import io.tidecast.architectures.Tensor;
import io.tidecast.architectures.onnx.OnnxOps;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** PatchTST over patches that are cut before the graph against the same over whole contexts. */
class PatchInputTest {
  private static final OrtEnvironment ENVIRONMENT = OrtEnvironment.getEnvironment();
  private static final int BATCH = 3;

  private final PatchTst patchTst = new PatchTst();
  private final Random random = new Random(9);

  /** Patches that tile the context, reach over it, leave a rest to the last one; odd sizes. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "'seq_len': 96, 'patch_len': 16, 'stride': 8",
        "'seq_len': 336, 'patch_len': 48, 'stride': 24",
        "'seq_len': 37, 'patch_len': 12, 'stride': 5",
        "'seq_len': 37, 'patch_len': 17, 'stride': 3, 'affine': true",
        "'seq_len': 40, 'patch_len': 8, 'stride': 8",
        "'seq_len': 43, 'patch_len': 8, 'stride': 8, 'subtract_last': true",
        "'seq_len': 40, 'patch_len': 8, 'stride': 8, 'padding_patch': null",
        "'seq_len': 41, 'patch_len': 13, 'stride': 7, 'padding_patch': null, 'individual': true",
        "'seq_len': 41, 'patch_len': 13, 'stride': 7, 'padding_patch': null, 'subtract_last': true",
        "'seq_len': 41, 'patch_len': 41, 'stride': 9, 'affine': true, 'individual': true",
        "'seq_len': 40, 'patch_len': 5, 'stride': 7, 'revin': false"
      })
  void shouldForecastWhatItForecastsFromTheContext(String geometry)
      throws JsonProcessingException, OrtException {
    PatchTstConfig config = config(geometry);
    Map<String, Tensor> weights = weights(config);
    float[] contexts = new float[BATCH * config.seqLen() * config.encIn()];
    for (int i = 0; i < contexts.length; i++) {
      contexts[i] = (float) (i % config.encIn() * 3 + Math.sin(i * 0.1) + random.nextGaussian());
    }
    float[] expected =
        run(
            config,
            weights,
            PastInput.CONTEXT,
            Tensor.of(contexts, BATCH, config.seqLen(), config.encIn()));

    float[] found = run(config, weights, PastInput.PATCHES, patches(config, contexts));

    assertThat(found).containsExactly(expected, within(1e-5f));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "'seq_len': 40, 'patch_len': 5, 'stride': 7 | patches must leave no value of the context"
            + " out, by which patchtst normalises them: 5 long, one every 7, of a context of 40",
        "'seq_len': 39, 'patch_len': 12, 'stride': 5, 'padding_patch': null | patches must leave no"
            + " value of the context out, by which patchtst normalises them: 12 long, one every 5,"
            + " of a context of 39"
      })
  void shouldRefusePatchesThatLackSomeOfTheContext(String geometry, String message)
      throws JsonProcessingException {
    PatchTstConfig config = config(geometry);
    assertThatThrownBy(() -> PastInput.PATCHES.ports(patchTst, config))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @Test
  void shouldRefusePatchesWhereMovingAveragesNeedTheContext() throws JsonProcessingException {
    PatchTstConfig config = config("'seq_len': 96, 'patch_len': 16, 'decomposition': true");
    assertThatThrownBy(() -> PastInput.PATCHES.ports(patchTst, config))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("moving averages");
  }

  private PatchTstConfig config(String geometry) throws JsonProcessingException {
    String json = "{'enc_in': 3, 'pred_len': 11, 'e_layers': 2, " + geometry + "}";
    return patchTst.readConfig((ObjectNode) new ObjectMapper().readTree(json.replace('\'', '"')));
  }

  /** Variances are positive, the rest is of the size that layers keep. */
  private Map<String, Tensor> weights(PatchTstConfig config) {
    Map<String, Tensor> weights = new LinkedHashMap<>();
    OnnxOps.parametersOf(patchTst, config)
        .shapes()
        .forEach(
            (name, shape) -> {
              float[] values = new float[(int) Tensor.elements(shape)];
              boolean positive = name.endsWith("running_var") || name.endsWith("affine_weight");
              for (int i = 0; i < values.length; i++) {
                values[i] =
                    positive ? 0.5f + random.nextFloat() : (float) (0.2 * random.nextGaussian());
              }
              weights.put(name, Tensor.of(values, shape));
            });
    return weights;
  }

  private static Tensor patches(PatchTstConfig config, float[] contexts) {
    int rows = BATCH * config.encIn();
    int size = config.patchCount() * config.patchLen();
    float[] patches = new float[rows * size];
    for (int i = 0; i < patches.length; i++) {
      int row = i / size;
      int start = i % size / config.patchLen() * config.stride();
      int time = Math.min(config.seqLen() - 1, start + i % config.patchLen());
      int at = row / config.encIn() * config.seqLen() + time;
      patches[i] = contexts[at * config.encIn() + row % config.encIn()];
    }
    return Tensor.of(patches, rows, config.patchCount(), config.patchLen());
  }

  private float[] run(
      PatchTstConfig config, Map<String, Tensor> weights, PastInput input, Tensor given)
      throws OrtException {
    OnnxOps ops = OnnxOps.of(weights);
    Inputs<OnnxOps.Value> inputs = ops.inputs(input.ports(patchTst, config));
    ops.output(patchTst.output(config), patchTst.forward(ops, config, inputs));
    try (OrtSession session = ENVIRONMENT.createSession(ops.toModel("patches", Map.of()));
        OnnxTensor tensor =
            OnnxTensor.createTensor(ENVIRONMENT, FloatBuffer.wrap(given.floats()), given.shape());
        OrtSession.Result result =
            session.run(Map.of(session.getInputNames().iterator().next(), tensor))) {
      FloatBuffer buffer = ((OnnxTensor) result.get(0)).getFloatBuffer();
      float[] values = new float[buffer.remaining()];
      buffer.get(values);
      return values;
    }
  }
}
