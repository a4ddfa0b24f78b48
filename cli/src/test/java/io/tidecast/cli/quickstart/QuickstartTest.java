package io.tidecast.cli.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidecast.runtime.manifest.ModelException;
import io.tidecast.runtime.manifest.ModelManifest;
import org.junit.jupiter.api.Test;

class QuickstartTest {
  @Test
  void shouldReplayFourWeeksOnceTheContextIsFull() {
    Quickstart quickstart = new Quickstart(manifest(336, "PT30M", "[\"demand_mw\"]"));

    assertThat(quickstart.observations()).isEqualTo(4 * 336);
    assertThat(quickstart.forecasts()).isEqualTo(3 * 336 + 1);
  }

  @Test
  void shouldTakeAModelOfAnyStep() {
    assertThat(new Quickstart(manifest(1296, "any", "[\"x\"]")).forecasts()).isEqualTo(49);
  }

  @Test
  void shouldRefuseAModelOfAnotherSeries() {
    assertThatThrownBy(() -> new Quickstart(manifest(336, "PT1H", "[\"x\"]")))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("have the step PT30M: found PT1H");
    assertThatThrownBy(() -> new Quickstart(manifest(336, "PT30M", "[\"x\",\"y\"]")))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("have one channel: found [x, y]");
    assertThatThrownBy(() -> new Quickstart(manifest(1297, "PT30M", "[\"x\"]")))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("contextLength 1297 + predictionLength 48");
  }

  private static ModelManifest manifest(int contextLength, String step, String channels) {
    return ModelManifest.parse(
        """
        {"manifestVersion": 1, "id": "m", "version": "1", "architecture": "a",
         "architectureConfig": {}, "contextLength": %1$d, "predictionLength": 48, "step": "%2$s",
         "channels": {"mode": "independent", "names": %3$s, "targets": %3$s},
         "inputs": [{"name": "context", "role": "context", "layout": "batch,time,channel",
                     "type": "float32", "shape": [-1, %1$d, 1]}],
         "outputs": [{"name": "point", "role": "point", "layout": "batch,horizon,channel",
                      "type": "float32", "shape": [-1, 48, 1]}],
         "opset": 23, "sha256": "%4$s", "licence": "Apache-2.0"}
        """
            .formatted(contextLength, step, channels, "0".repeat(64)));
  }
}
