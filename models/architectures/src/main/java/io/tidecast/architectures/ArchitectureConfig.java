package io.tidecast.architectures;

import java.util.Optional;

/** What every architecture's hyperparameters say. */
public interface ArchitectureConfig {

  /** Context length in steps. */
  int seqLen();

  /** Prediction length in steps. */
  int predLen();

  /** Channels in. */
  int encIn();

  /** How the context is cut into patches, where it is. */
  default Optional<Patching> patching() {
    return Optional.empty();
  }

  /**
   * Geometry of patches.
   *
   * @param length steps in a patch
   * @param stride steps from one patch to the next
   * @param padsEnd whether the newest value is repeated to make one more patch
   */
  record Patching(int length, int stride, boolean padsEnd) {}
}
