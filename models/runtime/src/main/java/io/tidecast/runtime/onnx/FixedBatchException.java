package io.tidecast.runtime.onnx;

import io.tidecast.runtime.manifest.ModelException;

/**
 * A graph that says that it takes any number of windows a run, and takes one number alone: its
 * exporter has written the size of the example into its nodes.
 */
public final class FixedBatchException extends ModelException {

  private static final long serialVersionUID = 1L;

  private final int windows;

  FixedBatchException(String model, int windows, Throwable cause) {
    super(
        ("model takes batches of %d, no more and no less, though its axis of the batch is open: model=%s; write %d for that axis into"
                + " every shape of the manifest, and it is run so, or export it with a dynamic axis")
            .formatted(windows, model, windows),
        cause);
    this.windows = windows;
  }

  /** The number of windows that it takes. */
  public int windows() {
    return windows;
  }
}
