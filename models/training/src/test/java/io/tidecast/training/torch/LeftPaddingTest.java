package io.tidecast.training.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidecast.architectures.Inputs;
import io.tidecast.architectures.Role;
import io.tidecast.architectures.Tensor;
import io.tidecast.architectures.networks.Sundial;
import io.tidecast.architectures.networks.SundialConfig;
import io.tidecast.architectures.onnx.OnnxOps;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A context that begins with NaN against the network that is made for the shorter one. */
class LeftPaddingTest {
  private static final int LONGEST = 100;

  /** Whole patches of 16 and not, less than one patch, a single cell, nothing missing. */
  private static final int[] LENGTHS = {100, 37, 96, 1, 64, 99, 16, 17, 15};

  private static final int HORIZON = 37;
  private static final int SAMPLES = 3;
  private static final String ONE_PIECE = "[40]";
  private static final String ROLLOUT = "[16]";

  private final Sundial sundial = new Sundial();
  private final NDManager manager = Torch.newManager();
  private final TorchWeights weights = new TorchWeights(manager, 11);
  private final Random random = new Random(3);

  @AfterEach
  void close() {
    manager.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {ONE_PIECE, ROLLOUT})
  void shouldForecastAsOfTheShorterContext(String pieces)
      throws JsonProcessingException, OrtException {
    SundialConfig config = config(LONGEST, pieces);
    int draws = noisePerRow(config);
    float[] contexts = new float[LENGTHS.length * LONGEST];
    float[] noise = gaussian(LENGTHS.length * draws);
    for (int i = 0; i < contexts.length; i++) {
      int step = i % LONGEST;
      boolean known = step >= LONGEST - LENGTHS[i / LONGEST];
      contexts[i] = known ? (float) (7 + Math.sin(i * 0.3) + random.nextGaussian()) : Float.NaN;
    }
    draw(config);

    float[] torch = torch(config, contexts, noise);
    float[] onnx = onnx(config, contexts, noise);

    int size = SAMPLES * HORIZON;
    for (int row = 0; row < LENGTHS.length; row++) {
      int end = (row + 1) * LONGEST;
      float[] expected =
          torch(
              config(LENGTHS[row], pieces),
              Arrays.copyOfRange(contexts, end - LENGTHS[row], end),
              Arrays.copyOfRange(noise, row * draws, (row + 1) * draws));
      assertThat(Arrays.copyOfRange(torch, row * size, (row + 1) * size))
          .as("torch, %d cells", LENGTHS[row])
          .containsExactly(expected, within(1e-5f));
      assertThat(Arrays.copyOfRange(onnx, row * size, (row + 1) * size))
          .as("ONNX Runtime, %d cells", LENGTHS[row])
          .containsExactly(expected, within(1e-5f));
    }
  }

  @Test
  void shouldGiveNoNumberWhereNothingIsKnown() throws JsonProcessingException, OrtException {
    SundialConfig config = config(LONGEST, ROLLOUT);
    float[] nothing = new float[LONGEST];
    Arrays.fill(nothing, Float.NaN);
    float[] noise = gaussian(noisePerRow(config));
    draw(config);
    assertThat(torch(config, nothing, noise)).containsOnly(Float.NaN);
    assertThat(onnx(config, nothing, noise)).containsOnly(Float.NaN);
  }

  @Test
  void shouldLearnFromShorterContexts() throws JsonProcessingException {
    SundialConfig config = config(LONGEST, ONE_PIECE);
    draw(config);
    float[] context = gaussian(LONGEST);
    Arrays.fill(context, 0, 70, Float.NaN);
    Map<Role, NDArray> given = new EnumMap<>(Role.class);
    given.put(Role.CONTEXT, manager.create(context, new Shape(1, LONGEST, 1)));
    sundial
        .draws(config, 1, random)
        .forEach((role, x) -> given.put(role, manager.create(x.floats(), new Shape(x.shape()))));
    int horizon = sundial.trainingHorizon(config);
    NDArray future = manager.create(gaussian(horizon), new Shape(1, horizon, 1));
    try (GradientCollector collector = manager.getEngine().newGradientCollector()) {
      TorchOps ops = TorchOps.training(manager, weights, new DropoutMasks(1));
      var compared = sundial.compare(ops, config, new Inputs<>(given), future);
      collector.backward(compared.said().sub(compared.wanted()).square().mean());
    }
    weights
        .trainable()
        .forEach(
            (name, weight) -> {
              for (float value : weight.getGradient().toFloatArray()) {
                assertThat(value).as(name).isFinite();
              }
            });
  }

  private SundialConfig config(int contextLength, String pieces) throws JsonProcessingException {
    String json =
        """
        {"seq_len": %d, "pred_len": %d, "output_token_lens": %s, "num_samples": %d,
         "hidden_size": 16, "intermediate_size": 24, "num_attention_heads": 2,
         "num_hidden_layers": 3, "num_sampling_steps": 3}
        """;
    return sundial.readConfig(
        (ObjectNode)
            new ObjectMapper().readTree(json.formatted(contextLength, HORIZON, pieces, SAMPLES)));
  }

  private int noisePerRow(SundialConfig config) {
    int size = 1;
    for (long length : sundial.inputs(config).get(1).shape()) {
      size *= (int) Math.max(1, length);
    }
    return size;
  }

  private float[] gaussian(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  /** None is zero then, as some weights are before they are trained. */
  private void draw(SundialConfig config) {
    torch(config, gaussian(LONGEST), gaussian(noisePerRow(config)));
    Map<String, Tensor> drawn = weights.snapshot();
    for (Tensor tensor : drawn.values()) {
      for (int i = 0; i < tensor.floats().length; i++) {
        tensor.floats()[i] += (float) (0.1 * random.nextGaussian());
      }
    }
    weights.restore(drawn);
  }

  private long[] shape(SundialConfig config, int input, int batch) {
    return sundial.inputs(config).get(input).shape().stream()
        .mapToLong(length -> length < 0 ? batch : length)
        .toArray();
  }

  private float[] torch(SundialConfig config, float[] contexts, float[] noise) {
    int batch = contexts.length / config.seqLen();
    Inputs<NDArray> inputs =
        new Inputs<>(
            Map.of(
                Role.CONTEXT,
                manager.create(contexts, new Shape(shape(config, 0, batch))),
                Role.NOISE,
                manager.create(noise, new Shape(shape(config, 1, batch)))));
    return sundial.forward(TorchOps.inference(manager, weights), config, inputs).toFloatArray();
  }

  private float[] onnx(SundialConfig config, float[] contexts, float[] noise) throws OrtException {
    OnnxOps ops = OnnxOps.of(weights.snapshot());
    Inputs<OnnxOps.Value> inputs = ops.inputs(sundial.inputs(config));
    ops.output(sundial.output(config), sundial.forward(ops, config, inputs));
    int batch = contexts.length / config.seqLen();
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    Map<String, OnnxTensor> given = new HashMap<>();
    try (OrtSession session = environment.createSession(ops.toModel("padded", Map.of()))) {
      given.put(
          "context",
          OnnxTensor.createTensor(
              environment, FloatBuffer.wrap(contexts), shape(config, 0, batch)));
      given.put(
          "noise",
          OnnxTensor.createTensor(environment, FloatBuffer.wrap(noise), shape(config, 1, batch)));
      try (OrtSession.Result result = session.run(given)) {
        FloatBuffer buffer = ((OnnxTensor) result.get(0)).getFloatBuffer();
        float[] values = new float[buffer.remaining()];
        buffer.get(values);
        return values;
      }
    } finally {
      given.values().forEach(OnnxTensor::close);
    }
  }
}
