package io.tidecast.evaluation.folder;

import io.tidecast.architectures.ArchitectureConfig;
import io.tidecast.architectures.Tensor;
import io.tidecast.runtime.windows.Window;
import java.util.List;
import java.util.Map;

/** Computes a network elsewhere than in the graph that is exported, so that the two can be held. */
@FunctionalInterface
public interface ReferenceBackend {

  /**
   * Forecasts each window by itself.
   *
   * @param weights of the network, by official names
   * @param windows of whole contexts or, where the model pads, shorter ones
   * @return for each window {@code [horizon][target]}, units of the series
   */
  <C extends ArchitectureConfig> List<float[]> points(
      ServedModel<C> served, Map<String, Tensor> weights, List<Window> windows);
}
