package io.tidecast.architectures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidecast.architectures.networks.Architectures;
import io.tidecast.architectures.networks.PatchTst;
import io.tidecast.architectures.networks.PatchTstConfig;
import io.tidecast.architectures.onnx.OnnxOps;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HuggingFaceTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String SAME =
      """
      {"architectures": ["PatchTSTForPrediction"], "model_type": "patchtst",
       "transformers_version": "4.57.0", "num_input_channels": 2, "context_length": 32,
       "patch_length": 8, "patch_stride": 8, "prediction_length": 6, "num_hidden_layers": 1,
       "num_attention_heads": 2, "d_model": 4, "ffn_dim": 8, "pre_norm": false,
       "pooling_type": null, "scaling": "std"}
      """;

  private static ObjectNode json(String text) throws IOException {
    return (ObjectNode) JSON.readTree(text);
  }

  private static ObjectNode official(String text) throws IOException {
    return HuggingFace.hyperparameters(json(text)).orElseThrow();
  }

  /** Every tensor of the library's module, by the names and shapes of its code. */
  private static Map<String, Tensor> checkpoint() {
    Map<String, long[]> shapes = new LinkedHashMap<>();
    shapes.put("model.encoder.embedder.input_embedding.weight", new long[] {4, 8});
    shapes.put("model.encoder.embedder.input_embedding.bias", new long[] {4});
    shapes.put("model.encoder.positional_encoder.position_enc", new long[] {4, 4});
    String layer = "model.encoder.layers.0.";
    for (String part : new String[] {"q_proj", "k_proj", "v_proj", "out_proj"}) {
      shapes.put(layer + "self_attn." + part + ".weight", new long[] {4, 4});
      shapes.put(layer + "self_attn." + part + ".bias", new long[] {4});
    }
    for (String norm : new String[] {"norm_sublayer1", "norm_sublayer3"}) {
      for (String part : new String[] {"weight", "bias", "running_mean", "running_var"}) {
        shapes.put(layer + norm + ".batchnorm." + part, new long[] {4});
      }
    }
    shapes.put(layer + "ff.0.weight", new long[] {8, 4});
    shapes.put(layer + "ff.0.bias", new long[] {8});
    shapes.put(layer + "ff.3.weight", new long[] {4, 8});
    shapes.put(layer + "ff.3.bias", new long[] {4});
    shapes.put("head.projection.weight", new long[] {6, 16});
    shapes.put("head.projection.bias", new long[] {6});
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    shapes.forEach(
        (name, shape) ->
            tensors.put(name, Tensor.of(new float[(int) Tensor.elements(shape)], shape)));
    tensors.put(layer + "norm_sublayer1.batchnorm.num_batches_tracked", Tensor.of(new long[] {3}));
    return tensors;
  }

  @Test
  void shouldFindEveryTensorOfTheNetworkThatIsTheSame() throws IOException {
    PatchTst network = (PatchTst) Architectures.named("patchtst");
    Hyperparameters<PatchTstConfig> read = Hyperparameters.read(network, official(SAME));

    Map<String, Tensor> weights =
        OnnxOps.parametersOf(network, read.config()).from(HuggingFace.official(checkpoint()));

    assertThat(read.defaults()).allMatch(name -> name.contains("dropout"));
    assertThat(weights).containsKeys("model.backbone.W_P.weight", "model.head.linear.bias");
    assertThat(read.config().nHeads()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "pre_norm": false | "pre_norm": true | pre_norm=true, official false
          "pre_norm": false, | | pre_norm=true, official false
          "pooling_type": null | "pooling_type": "mean" | pooling_type=mean, official null
          "scaling": "std" | "scaling": "mean" | scaling=mean, official std or null
          "context_length": 32 | "context_length": 36 | leave 4 oldest out
          "scaling": "std" | "loss": "nll" | loss=nll, official mse
          "scaling": "std" | "use_cls_token": true | use_cls_token=true, official false
          """)
  void shouldNameWhatMakesAnotherNetwork(String from, String to, String message) {
    String other = SAME.replace(from, to == null ? "" : to);
    assertThat(other).isNotEqualTo(SAME);
    assertThatThrownBy(() -> official(other))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message)
        .hasMessageEndingWith("see ./tidecast model inspect");
  }

  @Test
  void shouldNameNetworksThatAreCalledAsOfficialOnes() throws IOException {
    for (String type : new String[] {"informer", "autoformer"}) {
      ObjectNode config = json(SAME).put("model_type", type);
      assertThatThrownBy(() -> HuggingFace.hyperparameters(config))
          .hasMessageStartingWith(type + " of transformers is not the official network");
    }
    assertThat(HuggingFace.hyperparameters(json("{\"n_heads\": 2}"))).isEmpty();
    assertThat(HuggingFace.hyperparameters(json(SAME).put("model_type", "sundial"))).isEmpty();
  }
}
