package io.tidecast.cli.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidecast.architectures.ForeignGraph;
import io.tidecast.graph.CheckedGraph;
import io.tidecast.graph.GraphHeader;
import io.tidecast.runtime.bundle.GraphFile;
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
  void shouldTakeTheChannelsBesideTheTargetsForThoseKnownAhead() {
    JsonNode draft = draft(1, port("futr_exog", 6, 2));

    assertThat(draft.at("/channels/targets")).hasSize(1);
    assertThat(draft.get("futureCovariates").toString()).isEqualTo("[\"channel_1\",\"channel_2\"]");
    assertThat(draft.at("/inputs/1/role").asText()).isEqualTo("future_covariates");
    assertThat(draft.at("/inputs/1/layout").asText()).isEqualTo("batch,horizon,covariate");
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
    GraphHeader header = new GraphHeader(17, Map.of(), "", List.of(), Optional.empty());
    OnnxDescription graph = new OnnxDescription(inputs, List.of(port("y", 6, targets)));
    GraphFile file = new GraphFile("", new CheckedGraph(ForeignGraph.linear(-1)), List.of());
    return ManifestDraft.of("m.onnx", file, header, graph).json();
  }
}
