package io.tidecast.flink.model;

import static java.util.Objects.requireNonNull;

import io.tidecast.runtime.bundle.ModelBundle;
import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.onnx.OnnxOptions;
import io.tidecast.runtime.serving.HorizonForecasters;
import io.tidecast.runtime.serving.ModelCatalog;
import io.tidecast.runtime.windows.Forecaster;

/**
 * A model shipped by value; the subtasks in one JVM share one session.
 *
 * @param horizon steps ahead of every forecast, as far as the manifest allows
 */
public record SharedOnnxModel(ModelBundle bundle, OnnxOptions options, int horizon)
    implements ForecasterFactory {

  public SharedOnnxModel {
    requireNonNull(bundle, "bundle is null");
    requireNonNull(options, "options is null");
  }

  @Override
  public ForecasterSpec spec() {
    return bundle.manifest().spec(horizon);
  }

  @Override
  public ModelChannels channels() {
    return ModelChannels.of(bundle.manifest());
  }

  @Override
  public Forecaster open() {
    OnnxRuntimePlace.require();
    return HorizonForecasters.of(ModelCatalog.shared().acquire(bundle, options), spec());
  }
}
