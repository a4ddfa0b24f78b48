package io.tidecast.runtime.onnx;

import io.tidecast.runtime.manifest.Checks;
import java.io.Serializable;

/**
 * How ONNX Runtime runs a model.
 *
 * @param intraOpThreads threads of one run, the caller's included; 1 leaves parallelism to the
 *     callers
 */
public record OnnxOptions(int intraOpThreads) implements Serializable {

  public OnnxOptions {
    Checks.positive("intraOpThreads", intraOpThreads);
  }

  /** Gives every run one thread, that of its caller. */
  public static OnnxOptions defaults() {
    return new OnnxOptions(1);
  }
}
