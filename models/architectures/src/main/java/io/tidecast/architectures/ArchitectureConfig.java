package io.tidecast.architectures;

import java.util.Optional;

/** The hyperparameters that every architecture has. */
public interface ArchitectureConfig {

  /** The number of steps that a network looks back on. */
  int seqLen();

  /** The number of steps that a network forecasts at once. */
  int predLen();

  /** The number of channels that a network is given. */
  int encIn();

  /** Says how the context is cut into patches; empty where it is not. */
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
