package io.tidecast.runtime.serving;

import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.manifest.ModelManifest;
import io.tidecast.runtime.windows.Forecaster;

/** Makes forecasters whose horizon is shorter or longer than that of a model. */
public final class HorizonForecasters {

  private HorizonForecasters() {}

  /**
   * A forecaster of the horizon asked for: the model's forecasts cut, or the model applied again to
   * its own forecasts as often as that takes. Closing it closes the model.
   *
   * @param model of which {@link ModelManifest#spec(int)} was asked
   * @param wanted what the manifest gave
   */
  public static Forecaster of(Forecaster model, ForecasterSpec wanted) {
    int own = model.spec().horizon();
    if (wanted.horizon() == own) {
      return model;
    }
    return wanted.horizon() < own
        ? new CutForecaster(model, wanted)
        : new RolloutForecaster(model, wanted);
  }
}
