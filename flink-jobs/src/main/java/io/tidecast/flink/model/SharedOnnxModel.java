package io.tidecast.flink.model;

import static java.util.Objects.requireNonNull;

import io.tidecast.runtime.bundle.ModelBundle;
import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.manifest.ModelManifest;
import io.tidecast.runtime.onnx.OnnxForecaster;
import io.tidecast.runtime.onnx.OnnxOptions;
import io.tidecast.runtime.onnx.device.DeviceException;
import io.tidecast.runtime.onnx.device.DeviceOptions;
import io.tidecast.runtime.serving.HorizonForecasters;
import io.tidecast.runtime.serving.ModelCatalog;
import io.tidecast.runtime.serving.ModelUser;
import io.tidecast.runtime.serving.ServingListener;
import io.tidecast.runtime.serving.ServingOptions;
import io.tidecast.runtime.windows.Forecaster;
import java.util.function.Supplier;
import org.apache.flink.runtime.execution.SuppressRestartsException;

/**
 * A model shipped by value; the subtasks in one JVM share one session, and run its batches
 * together.
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
  public ModelManifest manifest() {
    return bundle.manifest();
  }

  /** The same on another device. */
  public SharedOnnxModel on(DeviceOptions device) {
    return new SharedOnnxModel(bundle, options.on(device), horizon);
  }

  /**
   * Opens the model in the process that submits the job.
   *
   * @throws DeviceException if the device can't be used and must be
   */
  public Forecaster openHere() {
    OnnxRuntimePlace.require();
    return HorizonForecasters.of(OnnxForecaster.open(bundle, options), spec());
  }

  @Override
  public <R> ModelUser<R> join(ServingOptions serving, ServingListener listener, Runnable wakeUp) {
    OnnxRuntimePlace.require();
    ModelCatalog.Options all = new ModelCatalog.Options(options, serving);
    return forGood(() -> ModelCatalog.shared().join(bundle, all, horizon, listener, wakeUp));
  }

  @Override
  public Forecaster open() {
    return forGood(this::openHere);
  }

  /** What a machine lacks it lacks after a restart of the job too. */
  private static <T> T forGood(Supplier<T> opening) {
    try {
      return opening.get();
    } catch (DeviceException e) {
      throw e.isLasting() ? new SuppressRestartsException(e) : e;
    }
  }
}
