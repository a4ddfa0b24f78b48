package io.tidecast.runtime.windows;

import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.manifest.ModelException;
import io.tidecast.runtime.onnx.device.Placement;

/**
 * Turns windows into forecasts, in the units of the series.
 *
 * <p>Any thread may call {@link #forecast}, several at once, each with batches of its own. The same
 * window gives the same bytes, whichever batch it travels in. A call that takes too long is ended,
 * and so is one whose thread is interrupted. {@link #close} ends the calls that run, or waits for
 * them, and gives up after a while; closing twice is harmless.
 */
public interface Forecaster extends AutoCloseable {

  ForecasterSpec spec();

  /**
   * Whether forecasts move with their context: where a constant is added to every cell of a
   * channel, it is added to the forecasts of that channel, and nothing else becomes of it. Such a
   * forecaster may be given windows that are told from any base.
   */
  default boolean isShiftEquivariant() {
    return false;
  }

  /** Says where the model runs. */
  default Placement placement() {
    return Placement.PROCESSOR;
  }

  /**
   * Returns the forecaster for one of several threads that forecast all the time: it gives the same
   * bytes, and shares no memory with those of other numbers where that is worth its price. It is
   * closed with this one, and by nobody else. The first call for a number may take long.
   *
   * @param number of the thread, from 0 on; 0 is this one
   */
  default Forecaster beside(int number) {
    return this;
  }

  /**
   * Forecasts every window of {@code windows} into the row of the same number of {@code forecasts},
   * which takes the size of {@code windows}. Both stay the caller's, who reads and reuses them
   * after the call.
   *
   * @throws IllegalArgumentException if a batch was made for another geometry, or {@code forecasts}
   *     is too small
   * @throws ForecastStoppedException if the call was ended before there was an answer
   * @throws IllegalStateException if this forecaster is closed
   * @throws ModelTimeoutException if the model took longer than its own limit or that of {@link
   *     WindowBatch#limitRun}
   * @throws ModelException if the model failed; {@code forecasts} then holds nothing of use
   */
  void forecast(WindowBatch windows, ForecastBatch forecasts);

  @Override
  void close();
}
