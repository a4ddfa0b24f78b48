package io.tidecast.architectures.networks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidecast.architectures.Architecture;
import io.tidecast.architectures.ArchitectureConfig;
import io.tidecast.architectures.Inputs;
import io.tidecast.architectures.Port;
import io.tidecast.architectures.Role;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ConfigsTest {
  private static final String SMALLEST = "{'enc_in':7,'seq_len':96,'pred_len':24}";

  static Stream<Architecture<?>> architectures() {
    return Architectures.all().stream();
  }

  private static ObjectNode json(String json) {
    try {
      return (ObjectNode) new ObjectMapper().readTree(json.replace('\'', '"'));
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @MethodSource("architectures")
  void shouldNeedNothingButSizesAndComeBackFromItsJson(Architecture<?> architecture) {
    shouldComeBack(architecture);
  }

  private static <C extends ArchitectureConfig> void shouldComeBack(Architecture<C> architecture) {
    C config = architecture.readConfig(json(SMALLEST));
    assertThat(config.seqLen()).isEqualTo(96);
    assertThat(config.predLen()).isEqualTo(24);
    ObjectNode json = new ObjectMapper().valueToTree(config);
    assertThat(architecture.readConfig(json)).isEqualTo(config);
    assertThat(architecture.inputs(config).get(0))
        .isEqualTo(Port.of(Role.CONTEXT, -1, 96, config.encIn()));
  }

  @Test
  void shouldCountEncoderStepsThatDistillingLeaves() {
    InformerConfig config = new Informer().readConfig(json(SMALLEST));
    assertThat(List.of(config.encoderLength(0), config.encoderLength(1), config.encoderLength(6)))
        .containsExactly(96, 48, 2);
  }

  @Test
  void shouldCountThePiecesOfALongPrediction() {
    SundialConfig config =
        new Sundial()
            .readConfig(json("{'seq_len':96,'max_new_tokens':100,'output_token_lens':[24,48]}"));
    assertThat(config.pieces()).isEqualTo(3);
    assertThat(new Sundial().inputs(config).get(1)).isEqualTo(Port.of(Role.NOISE, -1, 3, 20, 48));
    assertThat(new Sundial().output(config)).isEqualTo(Port.of(Role.SAMPLES, -1, 20, 100));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "timexer | 'features':'X' | X",
        "timexer | 'features':'S' | enc_in must be 1 with features S: 7",
        "timexer | 'patch_len':97 | patch_len must be 1 to seq_len: 97",
        "timexer | 'n_heads':257 | n_heads must be 1 to d_model: 257",
        "timexer | 'freq':'y' | freq must be one of s t h d b w m: y",
        "timexer | 'dropout':1 | dropout must be in [0, 1): 1.0",
        "autoformer | 'c_out':3 | c_out must be enc_in: 3",
        "autoformer | 'dec_in':3 | dec_in must be enc_in: 3",
        "autoformer | 'label_len':97 | label_len must be 1 to seq_len: 97",
        "autoformer | 'moving_avg':24 | moving_avg must be odd: 24",
        "autoformer | 'factor':22 | factor must keep 1 to seq_len delays: 22",
        "autoformer | 'factor':18 | factor must keep 1 to label_len + pred_len delays: 18",
        "autoformer | 'embed':'fixed' | embed must be timeF: fixed",
        "informer | 'attn':'sparse' | sparse",
        "informer | 'e_layers':8 | e_layers must leave more than one step to attend to: 8",
        "informer | 'padding':2 | padding must be 0 or 1: 2",
        "sundial | 'output_token_lens':[] | output_token_lens must be lengths of at least 1: []",
        "sundial | 'output_token_lens':[20] | max_new_tokens must be at most the last of",
        "sundial | 'num_attention_heads':256 | num_attention_heads must divide hidden_size",
        "sundial | 'hidden_act':'relu' | hidden_act must be silu: relu",
        "sundial | 'num_sampling_steps':0 | num_sampling_steps must be at least 1: 0"
      })
  void shouldSayWhichHyperparameterIsWrong(String name, String hyperparameter, String message) {
    ObjectNode config = json(SMALLEST);
    config.setAll(json("{" + hyperparameter + "}"));
    assertThatThrownBy(() -> Architectures.named(name).readConfig(config))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(name + " hyperparameters: ")
        .hasMessageContaining(message);
  }

  @Test
  void shouldSayWhichInputIsMissing() {
    assertThatThrownBy(() -> new Inputs<>("x").get(Role.CONTEXT_TIME_FEATURES))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("inputs must hold context_time_features, found [CONTEXT]");
  }
}
