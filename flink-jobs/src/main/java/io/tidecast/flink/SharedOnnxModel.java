package io.tidecast.flink;

import static java.util.Objects.requireNonNull;

import io.tidecast.runtime.Forecaster;
import io.tidecast.runtime.ForecasterSpec;
import io.tidecast.runtime.Horizon;
import io.tidecast.runtime.ModelBundle;
import io.tidecast.runtime.ModelCatalog;
import io.tidecast.runtime.OnnxOptions;

/**
 * A model shipped by value; the subtasks in one JVM share one session.
 *
 * @param horizon steps ahead of every forecast, as far as the manifest allows
 */
record SharedOnnxModel(ModelBundle bundle, OnnxOptions options, int horizon)
    implements ForecasterFactory {

  SharedOnnxModel {
    requireNonNull(bundle, "bundle is null");
    requireNonNull(options, "options is null");
  }

  @Override
  public ForecasterSpec spec() {
    return bundle.manifest().spec(horizon);
  }

  @Override
  public Forecaster open() {
    return Horizon.of(ModelCatalog.shared().acquire(bundle, options), spec());
  }
}
