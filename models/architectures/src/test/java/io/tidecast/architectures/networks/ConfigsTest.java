package io.tidecast.architectures.networks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidecast.architectures.Architecture;
import io.tidecast.architectures.ArchitectureConfig;
import io.tidecast.architectures.Hyperparameters;
import io.tidecast.architectures.Inputs;
import io.tidecast.architectures.LeavesNoTrace;
import io.tidecast.architectures.Port;
import io.tidecast.architectures.Role;
import io.tidecast.architectures.onnx.OnnxOps;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
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

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "patchtst | 'n_head':2 | patchtst hyperparameters: unknown: n_head; did you mean n_heads?",
        "patchtst | 'hidden_size':2,'d_modle':8 | patchtst hyperparameters: unknown: hidden_size; did you mean kernel_size? unknown: d_modle; did you mean d_model?",
        "timexer | 'usenorm':0 | timexer hyperparameters: unknown: usenorm; did you mean use_norm?",
        "sundial | 'max_new_tokens':24 | sundial hyperparameters: must be given once: pred_len and max_new_tokens are the same",
        "patchtst | 'n_heads':2.5 | patchtst hyperparameters: "
      })
  void shouldTakeNoNameForAnother(String name, String hyperparameters, String message) {
    ObjectNode config = json(SMALLEST);
    config.setAll(json("{" + hyperparameters + "}"));
    assertThatThrownBy(() -> Architectures.named(name).readConfig(config))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(message);
  }

  @ParameterizedTest
  @MethodSource("architectures")
  void shouldPassOverWhatOfficialConfigurationsSayBeside(Architecture<?> architecture) {
    ObjectNode official = json(SMALLEST);
    official.setAll(
        json(
            "{'task_name':'long_term_forecast','is_training':1,'model_id':'ETTh1_96_24',"
                + "'data':'ETTh1','root_path':'./dataset/','data_path':'ETTh1.csv','target':'OT',"
                + "'checkpoints':'./checkpoints/','num_workers':10,'itr':1,'train_epochs':10,"
                + "'batch_size':32,'patience':3,'learning_rate':0.0001,'des':'Exp','loss':'MSE',"
                + "'lradj':'type1','use_amp':false,'use_gpu':true,'gpu':0,'devices':'0,1',"
                + "'fc_dropout':0.3,'output_attention':false,'do_predict':false,'d_conv':4}"));
    assertThat(architecture.readConfig(official))
        .isEqualTo(architecture.readConfig(json(SMALLEST)));
  }

  @Test
  void shouldNameTheDefaultsThatWeightsDoNotTell() {
    ObjectNode json = json(SMALLEST);
    json.setAll(json("{'n_heads':2,'act':'relu','norm':'LayerNorm','kernel_size':25,'d_model':8}"));
    Hyperparameters<PatchTstConfig> read = Hyperparameters.read(new PatchTst(), json);
    assertThat(read.defaults()).contains("e_layers=3", "padding_patch=end", "revin=true");
    assertThat(read.defaults()).noneMatch(text -> text.matches("(n_heads|d_model|enc_in)=.*"));
    assertThat(read.untracedDefaults())
        .containsExactly(
            "stride=8",
            "revin=true",
            "subtract_last=false",
            "res_attention=true",
            "pre_norm=false");
    assertThat(Hyperparameters.read(new Sundial(), json(SMALLEST)).defaults())
        .contains("output_token_lens=[720]")
        .noneMatch(text -> text.contains("max_new_tokens"));
  }

  /**
   * Another value of a hyperparameter, the same names and shapes of weights: it must be marked, and
   * nothing else.
   */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "patchtst | {'e_layers':2,'d_model':8,'n_heads':2,'stride':9,'d_ff':8}",
        "timexer | {'enc_in':1,'d_model':8,'n_heads':2,'d_ff':8}",
        "autoformer | {'d_model':8,'n_heads':2,'d_ff':8,'factor':2}",
        "informer | {'d_model':8,'n_heads':2,'d_ff':8}",
        "sundial | {'hidden_size':8,'num_attention_heads':2,'intermediate_size':8,'num_hidden_layers':2,'output_token_lens':[32]}"
      })
  void shouldMarkWhatLeavesNoTrace(String name, String base) {
    Architecture<?> architecture = Architectures.named(name);
    ObjectNode config = json(SMALLEST);
    config.setAll(json(base));
    Set<String> untraced = new TreeSet<>();
    ObjectNode whole = new ObjectMapper().valueToTree(architecture.readConfig(config));
    json(architecture.defaults())
        .fieldNames()
        .forEachRemaining(
            hyperparameter -> {
              if (hasTwin(architecture, whole, hyperparameter)) {
                untraced.add(hyperparameter);
              }
            });
    // While training only; enc_in is asked for with the channels.
    untraced.removeIf(hyperparameter -> hyperparameter.contains("dropout"));
    Set<String> marked = new TreeSet<>();
    for (RecordComponent component : architecture.configType().getRecordComponents()) {
      if (component.isAnnotationPresent(LeavesNoTrace.class)) {
        marked.add(
            PropertyNamingStrategies.SnakeCaseStrategy.INSTANCE.translate(component.getName()));
      }
    }
    assertThat(marked).isEqualTo(untraced);
  }

  /** Tells whether the network has the same parameters with another value. */
  private static boolean hasTwin(Architecture<?> architecture, ObjectNode config, String name) {
    Map<String, String> shapes = shapes(architecture, config);
    for (Object other : others(config.get(name))) {
      ObjectNode changed = config.deepCopy();
      changed.set(name, new ObjectMapper().valueToTree(other));
      try {
        if (shapes(architecture, changed).equals(shapes)) {
          return true;
        }
      } catch (IllegalArgumentException e) {
        // No value for it.
      }
    }
    return false;
  }

  private static List<Object> others(JsonNode value) {
    if (value.isBoolean()) {
      return List.of(!value.booleanValue());
    } else if (value.isInt()) {
      int n = value.intValue();
      return Stream.of(n - 1, n + 1, n - 2, n + 2, 2 * n, n / 2)
          .filter(other -> other != n)
          .<Object>map(other -> other)
          .toList();
    } else if (value.isDouble()) {
      return List.of(value.doubleValue() / 2);
    } else if (value.isTextual()) {
      List<Object> words =
          new ArrayList<>(
              List.of("M", "MS", "S", "h", "d", "b", "t", "w", "m", "s", "gelu", "relu", "prob"));
      words.addAll(List.of("full", "BatchNorm", "LayerNorm", "end", "none", "euler"));
      words.addAll(List.of("initial_noise", "timeF", "silu"));
      words.remove(value.textValue());
      return words;
    }
    return List.of();
  }

  private static <C extends ArchitectureConfig> Map<String, String> shapes(
      Architecture<C> architecture, ObjectNode config) {
    Map<String, String> shapes = new LinkedHashMap<>();
    OnnxOps.parametersOf(architecture, architecture.readConfig(config))
        .shapes()
        .forEach((name, shape) -> shapes.put(name, Arrays.toString(shape)));
    return shapes;
  }

  @Test
  void shouldSayWhichInputIsMissing() {
    assertThatThrownBy(() -> new Inputs<>("x").get(Role.CONTEXT_TIME_FEATURES))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("inputs must hold context_time_features, found [CONTEXT]");
  }
}
