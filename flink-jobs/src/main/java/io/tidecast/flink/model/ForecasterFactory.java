package io.tidecast.flink.model;

import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.manifest.ModelManifest;
import io.tidecast.runtime.manifest.Residuals;
import io.tidecast.runtime.serving.MicroBatcher;
import io.tidecast.runtime.serving.ModelUser;
import io.tidecast.runtime.serving.ServingListener;
import io.tidecast.runtime.serving.ServingOptions;
import io.tidecast.runtime.windows.Forecaster;
import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Ships a model to the subtasks of a job. Serialized with the job. */
public interface ForecasterFactory extends Serializable {

  /** What {@link #open} gives; known where the job is submitted. */
  ForecasterSpec spec();

  /** The names of its channels; must be given for a model that takes future covariates. */
  default ModelChannels channels() {
    return ModelChannels.UNNAMED;
  }

  /** The manifest that it was read with; null for a model of no file. */
  default @Nullable ModelManifest manifest() {
    return null;
  }

  /** SHA-256 of the file of its graph, lower-case hexadecimal; null where it is of no file. */
  default @Nullable String sha256() {
    ModelManifest manifest = manifest();
    return manifest == null ? null : manifest.sha256();
  }

  /** What its manifest says of its errors, by which intervals of new series begin. */
  default List<Residuals> residuals() {
    ModelManifest manifest = manifest();
    return manifest == null ? List.of() : manifest.residuals();
  }

  /** Opens a forecaster of the caller's own, which it closes. */
  Forecaster open();

  /**
   * Joins those who use the model in this process, which is opened if there are none yet. The
   * caller closes its place. Unless a factory shares it, each caller has a model of its own.
   *
   * <p>A {@link RuntimeException} out of {@link Forecaster#forecast} is a failed inference and
   * follows the job's policy (retries, fallback, dead letter). An {@link Error} fails the task, and
   * Flink recovers it from its last checkpoint.
   *
   * @param listener hears of runs, on the threads that run them
   * @param wakeUp is called by any thread when the caller is to look at its place; it must return
   *     soon, and may not use the place
   */
  default <R> ModelUser<R> join(ServingOptions options, ServingListener listener, Runnable wakeUp) {
    return new MicroBatcher(open(), options, 1).join(spec(), listener, wakeUp);
  }
}
