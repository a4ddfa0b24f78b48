package io.tidecast.cli.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidecast.architectures.ForeignGraph;
import io.tidecast.graph.CheckedGraph;
import io.tidecast.graph.GraphHeader;
import io.tidecast.runtime.bundle.GraphFile;
import io.tidecast.runtime.manifest.ModelManifest;
import io.tidecast.runtime.onnx.OnnxDescription;
import io.tidecast.runtime.onnx.OnnxDescription.Port;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Graphs that are given more than the series, by the names that others give their inputs. */
class ManifestDraftTest {

  private static final Port SERIES = port("x", 24, 3);

  @Test
  void shouldAskWhichOfTheChannelsAreForecast() {
    JsonNode draft = draft(1, port("futr_exog", 6, 2));

    assertThat(draft.at("/channels/targets/0").asText())
        .isEqualTo("FILL IN: the names of the 1 that is forecast, such as channel_3");
    assertThat(draft.get("futureCovariates").asText()).startsWith("FILL IN: ");
    assertThat(draft.at("/inputs/1/role").asText()).isEqualTo("future_covariates");
    assertThat(draft.at("/inputs/1/layout").asText()).isEqualTo("batch,horizon,covariate");
  }

  /** As Darts 0.41 writes a model with covariates: what is forecast comes first. */
  @Test
  void shouldKnowWhereDartsPutsWhatIsForecast() {
    JsonNode draft =
        draft(
            new OnnxDescription(
                List.of(port("x_past", 24, 3), port("x_future", 6, 2)),
                List.of(port("118", 6, 1, 1))));

    assertThat(texts(draft, "/channels/targets")).containsExactly("channel_1");
    assertThat(texts(draft, "/futureCovariates")).containsExactly("channel_2", "channel_3");
    assertThat(draft.at("/inputs/1/role").asText()).isEqualTo("future_covariates");
  }

  @Test
  void shouldAskWhichChannelsAreKnownAhead() {
    assertThat(draft(1, port("futr_exog", 6, 1)).get("futureCovariates").asText())
        .isEqualTo("FILL IN: a list of the channels that are known ahead, no targets");
    assertThat(draft(3).has("futureCovariates")).isFalse();
  }

  @Test
  void shouldAskWhichCalendarFeaturesAnInputHolds() {
    JsonNode draft =
        draft(3, port("past_time_features", 24, -1), port("future_time_features", 6, -1));

    assertThat(draft.at("/inputs/1/role").asText()).isEqualTo("context_time_features");
    assertThat(draft.at("/inputs/2/role").asText()).isEqualTo("future_time_features");
    assertThat(draft.get("timeFeatures").asText())
        .isEqualTo(
            "FILL IN: a list, in the order of the input, of [second_of_minute, minute_of_hour,"
                + " hour_of_day, day_of_week, day_of_month, day_of_year, week_of_year,"
                + " month_of_year]");
    assertThat(draft(3, port("x_mark_dec", 6, 4)).get("timeFeatures").asText())
        .startsWith("FILL IN: a list of 4, in the order of the input, of [second_of_minute, ");
    assertThat(draft(3).has("timeFeatures")).isFalse();
  }

  /** As Darts writes a model with covariates: each kind is an input of its own. */
  @Test
  void shouldNameCovariatesThatComeByInputsOfTheirOwn() {
    OnnxDescription graph =
        new OnnxDescription(
            List.of(
                port("past_target", 24, 1),
                port("past_covariates", 24, 2),
                port("historic_future_covariates", 24, 1),
                port("future_covariates", 6, 1),
                port("static_covariates", 1, 3)),
            List.of(port("prediction", 6, 1, 1)));
    JsonNode draft = draft(graph);

    assertThat(texts(draft, "/channels/names"))
        .containsExactly("channel_1", "past_1", "past_2", "known_1");
    assertThat(texts(draft, "/channels/targets")).containsExactly("channel_1");
    assertThat(texts(draft, "/pastCovariates")).containsExactly("past_1", "past_2");
    assertThat(texts(draft, "/futureCovariates")).containsExactly("known_1");
    assertThat(texts(draft, "/inputs/0/columns")).containsExactly("channel_1");
    assertThat(texts(draft, "/inputs/2/columns")).containsExactly("known_1");
    assertThat(draft.at("/inputs/2/role").asText()).isEqualTo("past_covariates");
    assertThat(draft.at("/inputs/4/role").asText()).isEqualTo("constant");
    assertThat(draft.at("/inputs/4/values/0").asText()).startsWith("FILL IN");
    assertThat(draft.at("/outputs/0/layout").asText()).isEqualTo("batch,horizon,1,channel");
  }

  /** As neuralforecast and the official scripts have them: known from the context on. */
  @Test
  void shouldFindInputsThatReachBackIntoTheContext() {
    JsonNode draft =
        draft(
            new OnnxDescription(
                List.of(
                    port("insample_y", 24, 1),
                    port("insample_mask", 24, 1),
                    port("futr_exog", 30, 2)),
                List.of(port("y_hat", 6, 1))));
    assertThat(draft.at("/inputs/1/role").asText()).isEqualTo("observed_mask");
    assertThat(draft.at("/inputs/2/layout").asText()).isEqualTo("batch,time+horizon,covariate");
    assertThat(ModelManifest.toFill(draft)).containsExactly("step");

    JsonNode official =
        draft(
            new OnnxDescription(
                List.of(
                    port("x_enc", 24, 3),
                    port("x_mark_enc", 24, 4),
                    port("x_dec", 18, 3),
                    port("x_mark_dec", 18, 4)),
                List.of(port("y", 6, 3))));
    assertThat(official.at("/inputs/2/role").asText()).isEqualTo("decoder_input");
    assertThat(official.at("/inputs/2/layout").asText()).isEqualTo("batch,time+horizon,channel");
    assertThat(official.at("/inputs/3/layout").asText()).isEqualTo("batch,time+horizon,feature");
    assertThat(ModelManifest.toFill(official))
        .containsExactly("step", "channels.mode", "timeFeatures");
  }

  /** A network of Keras may be given columns of its own, and tell each quantile by itself. */
  @Test
  void shouldReadLagsAndLevelsInNames() {
    JsonNode draft =
        draft(
            new OnnxDescription(
                List.of(port("lag_1", 1), port("lag_24", 1)),
                List.of(port("q10", 1), port("q50", 1), port("q90", 1))));
    assertThat(draft.get("contextLength").asInt()).isEqualTo(24);
    assertThat(texts(draft, "/inputs/1/columns")).containsExactly("lag_24");
    assertThat(draft.get("quantileLevels").toString()).isEqualTo("[0.1,0.5,0.9]");
    assertThat(draft.at("/outputs/2/levels").toString()).isEqualTo("[0.9]");
    assertThat(ModelManifest.toFill(draft)).containsExactly("step");
  }

  private static List<String> texts(JsonNode draft, String at) {
    List<String> texts = new ArrayList<>();
    draft.at(at).forEach(text -> texts.add(text.asText()));
    return texts;
  }

  private static Port port(String name, long... axes) {
    List<Long> shape = new ArrayList<>(List.of(-1L));
    for (long axis : axes) {
      shape.add(axis);
    }
    return new Port(name, "float32", shape);
  }

  private static JsonNode draft(int targets, Port... more) {
    List<Port> inputs = new ArrayList<>(List.of(SERIES));
    inputs.addAll(List.of(more));
    return draft(new OnnxDescription(inputs, List.of(port("y", 6, targets))));
  }

  private static JsonNode draft(OnnxDescription graph) {
    GraphHeader header = new GraphHeader(17, Map.of(), "", List.of(), Optional.empty());
    GraphFile file = new GraphFile("", new CheckedGraph(ForeignGraph.linear(-1)), List.of());
    return ManifestDraft.of("m.onnx", file, header, graph).json();
  }
}
