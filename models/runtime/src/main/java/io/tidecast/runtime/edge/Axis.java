package io.tidecast.runtime.edge;

import io.tidecast.runtime.manifest.ModelManifest.TensorSpec;
import java.util.Arrays;
import java.util.Optional;

/** The axes that a layout of a manifest may name. */
enum Axis {
  BATCH("batch"),
  TIME("time"),
  /** Time, the newest cell first: lag 1, lag 2 and so on. */
  LAG("lag"),
  HORIZON("horizon"),
  /** The newest cells of the context and then those ahead. */
  SPAN(TensorSpec.TIME_AND_HORIZON),
  CHANNEL("channel"),
  COVARIATE("covariate"),
  FEATURE("feature"),
  LEVEL("level"),
  COLUMN("column"),
  /** Of size 1, for nothing. */
  ONE("1");

  private final String key;

  Axis(String key) {
    this.key = key;
  }

  String key() {
    return key;
  }

  static Optional<Axis> named(String key) {
    return Arrays.stream(values()).filter(axis -> axis.key.equals(key)).findFirst();
  }
}
