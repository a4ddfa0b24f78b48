package io.tidecast.training.torch;

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
import io.tidecast.architectures.Architecture;
import io.tidecast.architectures.ArchitectureConfig;
import io.tidecast.architectures.Inputs;
import io.tidecast.architectures.Port;
import io.tidecast.architectures.Role;
import io.tidecast.architectures.Tensor;
import io.tidecast.architectures.networks.Architectures;
import io.tidecast.architectures.onnx.OnnxOps;
import io.tidecast.training.testing.SmallConfigs;
import java.nio.FloatBuffer;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Torch and the emitted graph, with drawn weights and sizes that no official case has. */
@Tag("parity")
class BackendsAgreeTest {
  private static final int BATCH = 3;
  private static final String SMALL =
      "'enc_in':5,'dec_in':5,'c_out':5,'hidden_size':16,'intermediate_size':24,"
          + "'num_attention_heads':2,'num_hidden_layers':2,'num_sampling_steps':3,"
          + "'output_token_lens':[40],'num_samples':4,";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "patchtst | 'patch_len':12,'stride':5",
        "patchtst | 'patch_len':12,'stride':5,'padding_patch':null,'individual':1",
        "patchtst | 'patch_len':100,'stride':7,'norm':'LayerNorm','act':'relu'",
        "patchtst | 'patch_len':7,'stride':11,'pre_norm':true,'res_attention':false,'n_heads':1",
        "patchtst | 'patch_len':16,'stride':16,'revin':0,'e_layers':1,'d_model':20,'n_heads':5",
        "patchtst | 'decomposition':1,'kernel_size':9,'affine':1,'subtract_last':1",
        "informer | 'd_model':20,'n_heads':3,'d_ff':24,'e_layers':4,'factor':1,'freq':'w'",
        "informer | 'd_model':16,'d_ff':24,'label_len':100,'distil':0,'mix':0,'c_out':2",
        "informer | 'd_model':16,'d_ff':24,'label_len':5,'attn':'full','mix':0,'padding':1",
        "linear | 'freq':'t'",
        "linear | 'individual':true,'freq':'m'",
        "linear | 'calendar':false,'individual':true",
        "sundial | 'hidden_size':20,'num_attention_heads':5,'output_token_lens':[40]",
        "sundial | 'input_token_len':12,'output_token_lens':[7,12],'num_samples':3",
        "sundial | 'input_token_len':50,'num_samples':1,'num_sampling_steps':1",
        "sundial | 'num_sampling_steps':4,'path':'euler'",
        "timexer | 'd_model':20,'n_heads':3,'d_ff':24,'e_layers':2,'patch_len':7,'freq':'t'",
        "timexer | 'd_model':16,'d_ff':24,'features':'MS','use_norm':0,'activation':'relu'",
        "timexer | 'd_model':16,'d_ff':24,'features':'S','enc_in':1,'patch_len':100,'freq':'d'",
        "autoformer | 'd_model':20,'n_heads':3,'d_ff':24,'factor':1,'d_layers':3,'freq':'m'",
        "autoformer | 'd_model':16,'d_ff':24,'label_len':100,'moving_avg':31,'activation':'relu'",
        "autoformer | 'd_model':16,'d_ff':24,'label_len':5,'moving_avg':1,'e_layers':1"
      })
  void shouldGiveTheSameForecasts(String architecture, String hyperparameters)
      throws OrtException, JsonProcessingException {
    String json = "{'seq_len':100,'pred_len':37," + SMALL + hyperparameters + "}";
    ObjectNode config = (ObjectNode) new ObjectMapper().readTree(json.replace('\'', '"'));
    check(Architectures.named(architecture), config);
  }

  private static <C extends ArchitectureConfig> void check(
      Architecture<C> network, ObjectNode hyperparameters) throws OrtException {
    C config = SmallConfigs.of(network, hyperparameters);
    Random random = new Random(3);
    Map<String, OnnxTensor> onnxInputs = new HashMap<>();
    try (NDManager manager = Torch.newManager()) {
      OrtEnvironment environment = OrtEnvironment.getEnvironment();
      Map<Role, NDArray> torchInputs = new EnumMap<>(Role.class);
      for (Port port : network.inputs(config)) {
        float[] values = series(random, port);
        torchInputs.put(port.role(), manager.create(values, new Shape(shape(port, BATCH))));
        onnxInputs.put(
            port.role().wireName(),
            OnnxTensor.createTensor(environment, FloatBuffer.wrap(values), shape(port, BATCH)));
      }
      TorchWeights weights = new TorchWeights(manager, 11);
      // The first pass draws the weights; then none is zero, as some are before they are trained.
      network.forward(TorchOps.inference(manager, weights), config, new Inputs<>(torchInputs));
      weights.restore(moved(random, weights.snapshot()));
      NDArray torch =
          network.forward(TorchOps.inference(manager, weights), config, new Inputs<>(torchInputs));
      assertThat(torch.getShape().getShape()).containsExactly(shape(network.output(config), BATCH));

      OnnxOps ops = OnnxOps.of(weights.snapshot());
      Map<Role, OnnxOps.Value> inputs = new EnumMap<>(Role.class);
      for (Port port : network.inputs(config)) {
        inputs.put(port.role(), ops.input(port.role().wireName(), shape(port, -1)));
      }
      OnnxOps.Value forecast = network.forward(ops, config, new Inputs<>(inputs));
      ops.output("forecast", forecast, shape(network.output(config), -1));
      assertThat(run(ops.toModel("odd", Map.of()), onnxInputs))
          .containsExactly(torch.toFloatArray(), within(2e-5f));
    } finally {
      onnxInputs.values().forEach(OnnxTensor::close);
    }
  }

  private static Map<String, Tensor> moved(Random random, Map<String, Tensor> weights) {
    weights.values().stream()
        .filter(Tensor::isFloat)
        .map(Tensor::floats)
        .forEach(
            values -> {
              for (int i = 0; i < values.length; i++) {
                values[i] += 0.1f * (random.nextFloat() - 0.5f);
              }
            });
    return weights;
  }

  private static long[] shape(Port port, int batch) {
    return port.shape().stream().mapToLong(length -> length < 0 ? batch : length).toArray();
  }

  private static float[] series(Random random, Port port) {
    float[] values = new float[(int) new Shape(shape(port, BATCH)).size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (Math.sin(i * 0.05) + 0.3 * random.nextGaussian() + i % 5);
    }
    return values;
  }

  private static float[] run(byte[] model, Map<String, OnnxTensor> inputs) throws OrtException {
    try (OrtSession session = OrtEnvironment.getEnvironment().createSession(model);
        OrtSession.Result result = session.run(inputs)) {
      FloatBuffer buffer = ((OnnxTensor) result.get(0)).getFloatBuffer();
      float[] values = new float[buffer.remaining()];
      buffer.get(values);
      return values;
    }
  }
}
