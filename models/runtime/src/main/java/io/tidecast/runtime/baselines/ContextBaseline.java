package io.tidecast.runtime.baselines;

import io.tidecast.runtime.manifest.ForecasterInputs;
import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.windows.GuardedForecaster;
import java.util.List;

/**
 * A forecaster that stands in for a model: it has the lengths, channels and targets of that, is
 * given the context alone and gives points alone, which move with the context.
 */
abstract sealed class ContextBaseline extends GuardedForecaster permits Line, SeasonalNaive {

  /** The channels that are forecast, in the order of the points. */
  final int[] targets;

  /**
   * @param model whose context length, horizon, channels and targets it takes
   */
  ContextBaseline(String id, String version, ForecasterSpec model) {
    super(
        new ForecasterSpec(
            id,
            version,
            model.contextLength(),
            model.predictionLength(),
            model.channels(),
            model.targets(),
            ForecasterInputs.NONE,
            List.of(),
            false,
            model.horizon()));
    this.targets = model.targets().stream().mapToInt(Integer::intValue).toArray();
  }

  @Override
  public final boolean isShiftEquivariant() {
    return true;
  }

  @Override
  protected final void release() {
    // Holds nothing but memory of the heap.
  }
}
