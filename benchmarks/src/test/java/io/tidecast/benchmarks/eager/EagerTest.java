package io.tidecast.benchmarks.eager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidecast.architectures.ArchitectureConfig;
import io.tidecast.benchmarks.inference.ForecasterPath;
import io.tidecast.benchmarks.inference.Turns;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("zoo")
class EagerTest {
  private static final int BATCH = 3;
  private static final Turns.Length SHORTEST = new Turns.Length(2, 1, 1);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "patchtst-uk-demand",
        "timexer-uk-demand",
        "sundial-uk-demand",
        "informer-uk-demand",
        "autoformer-uk-demand",
        "timexer-etth1"
      })
  void shouldComputeOpByOpWhatTheJobServesHoweverOften(String name) throws Exception {
    compare(Networks.named(name));
  }

  private static <C extends ArchitectureConfig> void compare(Network<C> network) {
    try (EagerTorch<C> torch = new EagerTorch<>(network, BATCH);
        ForecasterPath ours = new ForecasterPath(network.bundle(), 1, BATCH)) {
      assertThat(Agreement.require(network, BATCH, torch, ours)).isLessThan(1e-3);
      float[] first = torch.output();

      Turns turns = Turns.of(torch, ours, BATCH, SHORTEST);

      assertThat(turns.ratio()).isPositive();
      // What was freed on the way was nothing that a later pass reads.
      assertThat(torch.output()).containsExactly(first);
    }
  }

  @Test
  void shouldNameTheNetworksThereAre() {
    assertThatThrownBy(() -> Networks.named("lstm"))
        .hasMessageContaining("network must be one of patchtst-uk-demand")
        .hasMessageContaining("network=lstm");
  }
}
