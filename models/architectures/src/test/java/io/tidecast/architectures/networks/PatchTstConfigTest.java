package io.tidecast.architectures.networks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidecast.architectures.ArchitectureConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PatchTstConfigTest {
  private static final String SMALLEST = "{'enc_in':7,'seq_len':336,'pred_len':96}";

  private static PatchTstConfig read(String json) {
    try {
      return new PatchTst()
          .readConfig((ObjectNode) new ObjectMapper().readTree(json.replace('\'', '"')));
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void shouldDefaultToTheOfficialSettings() {
    PatchTstConfig config = read(SMALLEST);
    assertThat(config.dModel()).isEqualTo(16);
    assertThat(config.dropout()).isEqualTo(0.3);
    assertThat(config.patchCount()).isEqualTo(42);
    assertThat(config.patching()).contains(new ArchitectureConfig.Patching(16, 8, true));
  }

  @Test
  void shouldReadOfficialSpellingsAndPassOverOtherSettings() {
    PatchTstConfig config =
        read(
            "{'enc_in':3,'seq_len':100,'pred_len':37,'patch_len':12,'stride':5,'padding_patch':null,"
                + "'individual':1,'revin':0,'batch':2,'pe':'zeros','fc_dropout':0.2}");
    assertThat(config.individual()).isTrue();
    assertThat(config.revin()).isFalse();
    assertThat(config.patchCount()).isEqualTo((100 - 12) / 5 + 1);
    assertThat(config.patching()).contains(new ArchitectureConfig.Patching(12, 5, false));
  }

  @Test
  void shouldComeBackFromItsJson() {
    PatchTstConfig config = read(SMALLEST);
    ObjectNode json = new ObjectMapper().valueToTree(config);
    assertThat(new PatchTst().readConfig(json)).isEqualTo(config);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "{'seq_len':336,'pred_len':96} | enc_in",
        "{'enc_in':0,'seq_len':336,'pred_len':96} | enc_in must be at least 1: 0",
        "{'enc_in':1,'seq_len':8,'pred_len':96} | patch_len must be 1 to seq_len: 16",
        "{'enc_in':1,'seq_len':96,'pred_len':96,'n_heads':3} | n_heads must divide d_model: 3",
        "{'enc_in':1,'seq_len':96,'pred_len':96,'dropout':1} | dropout must be in [0, 1): 1.0",
        "{'enc_in':1,'seq_len':96,'pred_len':96,'padding_patch':'start'} | padding_patch must be",
        "{'enc_in':1,'seq_len':96,'pred_len':96,'decomposition':1,'kernel_size':4} | kernel_size must be odd: 4",
        "{'enc_in':1,'seq_len':96,'pred_len':96,'act':'tanh'} | tanh",
        "{'enc_in':1,'seq_len':96,'pred_len':96,'d_model':'wide'} | wide"
      })
  void shouldSayWhichHyperparameterIsWrong(String json, String message) {
    assertThatThrownBy(() -> read(json))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("patchtst hyperparameters: ")
        .hasMessageContaining(message);
  }

  @Test
  void shouldNameTheArchitecturesThereAre() {
    assertThat(Architectures.named("patchtst")).isInstanceOf(PatchTst.class);
    assertThatThrownBy(() -> Architectures.named("lstm"))
        .hasMessage(
            "architecture must be one of autoformer, informer, linear, patchtst, sundial, timexer: architecture=lstm");
  }
}
