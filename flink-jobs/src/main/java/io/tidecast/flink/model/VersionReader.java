package io.tidecast.flink.model;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * Reads versions of models that come to a job while it runs, on the machines where it does. Shipped
 * with the job.
 */
public interface VersionReader extends Serializable {

  /**
   * Fetches a version, and holds it against its checksum, its manifest and the job. It is opened by
   * whoever joins it.
   *
   * @param place its folder, a path or a URI
   * @param sha256 that its {@code model.onnx} must have; null for what its manifest says
   * @throws VersionRefusedException if it can't be had or does not fit
   */
  Read read(String place, @Nullable String sha256);

  /**
   * A version that was read.
   *
   * @param sha256 of its {@code model.onnx}; null where it is of no file
   */
  record Read(ForecasterFactory model, @Nullable String sha256) {}
}
