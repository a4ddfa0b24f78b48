package io.tidecast.evaluation.backtest;

import io.tidecast.evaluation.data.SplitSeries;
import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.windows.Window;
import org.jspecify.annotations.Nullable;

/** Cuts the windows that a model is asked with. */
@FunctionalInterface
public interface WindowSource {

  /**
   * Begins with a series.
   *
   * @param data the series, its channels in the order of the model's; NaN is missing
   * @param spec of the model
   */
  Origins of(String series, SplitSeries data, ForecasterSpec spec);

  /** The windows of a series. One thread. */
  @FunctionalInterface
  interface Origins {

    /**
     * Returns the window whose last context cell is that row; null where the model is not asked.
     * Its arrays may be those of the window before.
     *
     * @param originRow greater than that of the call before
     */
    @Nullable Window at(int originRow);
  }
}
