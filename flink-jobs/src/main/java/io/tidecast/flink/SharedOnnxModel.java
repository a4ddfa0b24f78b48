package io.tidecast.flink;

import static java.util.Objects.requireNonNull;

import io.tidecast.runtime.Forecaster;
import io.tidecast.runtime.ForecasterSpec;
import io.tidecast.runtime.ModelBundle;
import io.tidecast.runtime.ModelCatalog;
import io.tidecast.runtime.OnnxOptions;

/** A model shipped by value; the subtasks in one JVM share one session. */
record SharedOnnxModel(ModelBundle bundle, OnnxOptions options) implements ForecasterFactory {

  SharedOnnxModel {
    requireNonNull(bundle, "bundle is null");
    requireNonNull(options, "options is null");
  }

  @Override
  public ForecasterSpec spec() {
    return bundle.manifest().spec();
  }

  @Override
  public ModelChannels channels() {
    return ModelChannels.of(bundle.manifest());
  }

  @Override
  public Forecaster open() {
    return ModelCatalog.shared().acquire(bundle, options);
  }
}
