package io.tidecast.training.torch;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidecast.architectures.Architecture;
import io.tidecast.architectures.ArchitectureConfig;
import io.tidecast.architectures.Inputs;
import io.tidecast.architectures.Port;
import io.tidecast.architectures.Role;
import io.tidecast.architectures.Tensor;
import io.tidecast.architectures.networks.Architectures;
import io.tidecast.training.testing.SmallConfigs;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** That every weight of every architecture can be learned. */
class GradientsTest {
  private static final int BATCH = 4;
  private static final String SMALL =
      """
      {"enc_in": 3, "dec_in": 3, "c_out": 3, "seq_len": 40, "pred_len": 12, "label_len": 20,
       "d_model": 16, "d_ff": 24, "n_heads": 2, "patch_len": 8, "dropout": 0.1,
       "hidden_size": 16, "intermediate_size": 24, "num_attention_heads": 2,
       "num_hidden_layers": 2, "num_sampling_steps": 2, "input_token_len": 6,
       "output_token_lens": [12], "num_samples": 2}
      """;

  static Stream<Architecture<?>> architectures() {
    return Architectures.all().stream();
  }

  @ParameterizedTest
  @MethodSource("architectures")
  void shouldReachEveryWeight(Architecture<?> architecture) throws JsonProcessingException {
    check(architecture, (ObjectNode) new ObjectMapper().readTree(SMALL));
  }

  private static <C extends ArchitectureConfig> void check(
      Architecture<C> network, ObjectNode hyperparameters) {
    C config = SmallConfigs.of(network, hyperparameters);
    try (NDManager manager = Torch.newManager()) {
      Random random = new Random(5);
      Map<Role, NDArray> given = new EnumMap<>(Role.class);
      for (Port port : network.inputs(config)) {
        long[] shape = port.shape().stream().mapToLong(n -> n < 0 ? BATCH : n).toArray();
        float[] values = gaussian(random, (int) Tensor.elements(shape));
        given.put(port.role(), manager.create(values, new Shape(shape)));
      }
      TorchWeights weights = new TorchWeights(manager, 11);
      network.forward(TorchOps.inference(manager, weights), config, new Inputs<>(given));
      // Weights that are zero before training would keep gradients from those below.
      Map<String, Tensor> drawn = weights.snapshot();
      drawn.forEach((name, tensor) -> move(random, name, tensor));
      weights.restore(drawn);
      try (GradientCollector collector = manager.getEngine().newGradientCollector()) {
        TorchOps ops = TorchOps.training(manager, weights, new DropoutMasks(1));
        collector.backward(network.forward(ops, config, new Inputs<>(given)).square().mean());
      }
      weights.trainable().forEach(GradientsTest::checkGradient);
    }
  }

  private static float[] gaussian(Random random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static void move(Random random, String name, Tensor tensor) {
    if (name.endsWith(".weight")) {
      for (int i = 0; i < tensor.floats().length; i++) {
        tensor.floats()[i] += (float) (0.1 * random.nextGaussian());
      }
    }
  }

  /** Biases of keys, for one, can't change a softmax; so only weights must have one. */
  private static void checkGradient(String name, NDArray parameter) {
    double sum = 0;
    for (float value : parameter.getGradient().toFloatArray()) {
      assertThat(value).as(name).isFinite();
      sum += Math.abs(value);
    }
    if (name.endsWith(".weight")) {
      assertThat(sum).as(name).isPositive();
    }
  }

  /** What the way back needs is still there when the garbage collector has been by. */
  @Test
  void shouldOutliveTheGarbageCollector() {
    float[] values = gaussian(new Random(7), 2 * 6 * 4);
    float[] undisturbed = gradientOfQueries(values, () -> {});
    float[] disturbed = gradientOfQueries(values, GradientsTest::collectGarbage);
    assertThat(undisturbed).isNotEqualTo(new float[values.length]);
    assertThat(disturbed).isEqualTo(undisturbed);
  }

  private static float[] gradientOfQueries(float[] values, Runnable between) {
    try (NDManager manager = Torch.newManager()) {
      NDArray query = manager.create(values, new Shape(2, 6, 4));
      query.setRequiresGradient(true);
      NDArray key = manager.create(values, new Shape(2, 6, 4));
      try (GradientCollector collector = manager.getEngine().newGradientCollector()) {
        TorchOps ops = TorchOps.inference(manager, new TorchWeights(manager, 1));
        NDArray loss = ops.attention(query, key, key, 2, 0.7, null).output().square().mean();
        between.run();
        collector.backward(loss);
      }
      return query.getGradient().toFloatArray();
    }
  }

  /** Frees native memory that nobody holds, and writes over it. */
  private static void collectGarbage() {
    for (int round = 0; round < 3; round++) {
      System.gc();
      for (int i = 0; i < 400; i++) {
        ByteBuffer other = ByteBuffer.allocateDirect(Float.BYTES << (i % 8));
        while (other.hasRemaining()) {
          other.putFloat(1e6f);
        }
      }
    }
  }
}
