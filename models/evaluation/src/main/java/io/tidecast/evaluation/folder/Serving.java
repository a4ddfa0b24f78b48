package io.tidecast.evaluation.folder;

import io.tidecast.architectures.Architecture;
import io.tidecast.architectures.ArchitectureConfig;
import io.tidecast.architectures.PastInput;
import io.tidecast.architectures.Role;
import org.jspecify.annotations.Nullable;

/**
 * How a network is served.
 *
 * @param input what the graph is given of the past; it is trained on whole contexts either way
 * @param rollout greatest horizon to which it may be applied again to its own forecasts; null where
 *     it may not
 */
public record Serving(PastInput input, @Nullable Integer rollout) {

  /** Serves a network whole contexts, as far as its prediction length. */
  public static final Serving PLAIN = new Serving(PastInput.CONTEXT, null);

  /**
   * Holds this against a network, before it is trained.
   *
   * @throws IllegalArgumentException if it can't be served so, with the reason
   */
  public <C extends ArchitectureConfig> void requireFit(Architecture<C> network, C config) {
    input.ports(network, config);
    if (rollout == null) {
      return;
    }
    if (rollout <= config.predLen()) {
      throw new IllegalArgumentException(
          "rollout must be greater than the horizon of %d: rollout=%d"
              .formatted(config.predLen(), rollout));
    }
    if (network.targets(config) != config.encIn() || network.output(config).role() != Role.POINT) {
      throw new IllegalArgumentException(
          "rollout must be left out unless every channel is forecast, as points: rollout="
              + rollout);
    }
  }
}
