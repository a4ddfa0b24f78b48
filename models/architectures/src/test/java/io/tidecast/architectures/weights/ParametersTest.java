package io.tidecast.architectures.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidecast.architectures.Architecture;
import io.tidecast.architectures.ArchitectureConfig;
import io.tidecast.architectures.ParityCase;
import io.tidecast.architectures.Tensor;
import io.tidecast.architectures.WeightsException;
import io.tidecast.architectures.networks.PatchTst;
import io.tidecast.architectures.networks.PatchTstConfig;
import io.tidecast.architectures.onnx.OnnxOps;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ParametersTest {

  static Stream<ParityCase> cases() {
    return ParityCase.all().stream();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void shouldTakeWhatTheOfficialCodeSaves(ParityCase parity) {
    Parameters parameters = parameters(parity.architecture(), parity);
    Map<String, Tensor> weights = parameters.from(parity.weights());
    assertThat(parity.weights()).containsAllEntriesOf(weights);
    assertThat(parameters.from(weights)).as("bookkeeping may be gone").isEqualTo(weights);
    assertThat(weights.keySet())
        .noneMatch(name -> name.endsWith("num_batches_tracked") || name.endsWith(".pe"));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void shouldSeeThroughTheNamesOfWrappers(ParityCase parity) {
    Parameters parameters = parameters(parity.architecture(), parity);
    Map<String, Tensor> weights = parameters.from(parity.weights());
    for (String prefix : new String[] {"module.", "model.", "module.model.", "net._orig_mod."}) {
      assertThat(parameters.from(prefixed(prefix, parity.weights()))).isEqualTo(weights);
    }
  }

  @Test
  void shouldTakeABackboneWithoutItsPrefix() {
    Parameters parameters = small();
    Map<String, Tensor> weights = parameters.from(smallWeights());
    Map<String, Tensor> backbone = new LinkedHashMap<>();
    weights.forEach((name, tensor) -> backbone.put(name.substring("model.".length()), tensor));
    assertThat(parameters.from(backbone)).isEqualTo(weights);
    assertThat(parameters.from(prefixed("module.", backbone))).isEqualTo(weights);
  }

  @Test
  void shouldNameEverythingThatDoesNotFitAtOnce() {
    Map<String, Tensor> weights = smallWeights();
    weights.remove("model.backbone.W_pos");
    weights.remove("model.head.linear.bias");
    weights.put("model.backbone.W_P.bias", Tensor.of(new float[3], 3));
    weights.put("model.backbone.W_P.weight", Tensor.of(new long[16], 4, 4));
    weights.put("model.backbone.extra", Tensor.of(new float[2], 1, 2));
    weights.put(
        "model.backbone.encoder.layers.0.self_attn.sdp_attn.scale",
        Tensor.of(new float[] {Float.NaN}));
    weights.put(
        "model.backbone.encoder.layers.1.self_attn.sdp_attn.scale", Tensor.of(new long[] {1}));
    assertThatThrownBy(() -> small().from(weights))
        .isInstanceOf(WeightsException.class)
        .hasMessage(
            """
            the checkpoint does not fit its hyperparameters, 7 problems:
              - misshapen: model.backbone.W_P.weight must be F32 [4, 4], found I64 [4, 4]
              - misshapen: model.backbone.W_P.bias must be F32 [4], found F32 [3]
              - missing: model.backbone.W_pos F32 [4, 4]
              - missing: model.head.linear.bias F32 [5]
              - surplus: model.backbone.extra F32 [1, 2]
              - another constant: model.backbone.encoder.layers.0.self_attn.sdp_attn.scale[0] must be\
             0.5, found NaN
              - misshapen: model.backbone.encoder.layers.1.self_attn.sdp_attn.scale must hold at least\
             1 F32 values, found I64 []""");
  }

  @Test
  void shouldRefuseAnotherTableOfPositions() {
    ParityCase parity = parity("timexer-m");
    Map<String, Tensor> weights = new LinkedHashMap<>(parity.weights());
    String name = "en_embedding.position_embedding.pe";
    Tensor learned = Tensor.of(weights.get(name).floats().clone(), weights.get(name).shape());
    learned.floats()[5] += 0.01f;
    weights.put(name, learned);
    assertThatThrownBy(() -> parameters(parity.architecture(), parity).from(weights))
        .hasMessageContaining("1 problem:")
        .hasMessageContaining("another constant: " + name + "[5]");
  }

  @ParameterizedTest
  @CsvSource({"sample_enc0, 3", "sample_enc1, 4"})
  void shouldTakeATableOfTheRightLengthAlone(String table, int length) {
    ParityCase parity = parity("informer");
    Map<String, Tensor> weights = new LinkedHashMap<>(parity.weights());
    weights.replaceAll(
        (name, tensor) -> name.startsWith(table) ? Tensor.of(new long[length], length) : tensor);
    assertThatThrownBy(() -> parameters(parity.architecture(), parity).from(weights))
        .hasMessageContaining("misshapen: " + table)
        .hasMessageContaining("found I64 [" + length + "]");
  }

  @Test
  void shouldNameAllOfAnEmptyCheckpoint() {
    assertThatThrownBy(() -> small().from(Map.of()))
        .hasMessageContaining("missing: model.backbone.W_pos")
        .hasMessageContaining("missing: model.head.linear.bias");
  }

  private static Map<String, Tensor> prefixed(String prefix, Map<String, Tensor> weights) {
    Map<String, Tensor> prefixed = new LinkedHashMap<>();
    weights.forEach((name, tensor) -> prefixed.put(prefix + name, tensor));
    return prefixed;
  }

  private static ParityCase parity(String name) {
    return ParityCase.all().stream().filter(c -> c.name().equals(name)).findFirst().orElseThrow();
  }

  private static <C extends ArchitectureConfig> Parameters parameters(
      Architecture<C> architecture, ParityCase parity) {
    return OnnxOps.parametersOf(architecture, architecture.readConfig(parity.hyperparameters()));
  }

  /** Two layers of width 4, one head of scale 0.5. */
  private static PatchTstConfig smallConfig() {
    return new PatchTst()
        .readConfig(
            new ObjectMapper()
                .createObjectNode()
                .put("enc_in", 1)
                .put("seq_len", 16)
                .put("pred_len", 5)
                .put("patch_len", 4)
                .put("stride", 4)
                .put("padding_patch", "none")
                .put("d_model", 4)
                .put("n_heads", 1)
                .put("d_ff", 4)
                .put("e_layers", 2));
  }

  private static Parameters small() {
    return OnnxOps.parametersOf(new PatchTst(), smallConfig());
  }

  /** Zeros wherever the network asks. */
  private static Map<String, Tensor> smallWeights() {
    Map<String, Tensor> weights = new LinkedHashMap<>();
    small()
        .shapes()
        .forEach(
            (name, shape) ->
                weights.put(name, Tensor.of(new float[(int) Tensor.elements(shape)], shape)));
    return weights;
  }
}
