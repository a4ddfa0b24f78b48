package io.tidecast.training;

import io.tidecast.architectures.Architecture;
import io.tidecast.architectures.ArchitectureConfig;
import io.tidecast.architectures.TrainingSettings;

/**
 * What is to be trained, on what and how.
 *
 * @param architecture of the network
 * @param config its hyperparameters
 * @param windows to learn from and to choose the epoch by
 * @param settings of the optimiser
 */
public record Training<C extends ArchitectureConfig>(
    Architecture<C> architecture, C config, TrainingWindows windows, TrainingSettings settings) {

  /** Checks that the network takes as many channels as the windows have. */
  public Training {
    if (config.encIn() != windows.channels()) {
      throw new IllegalArgumentException(
          "enc_in must be the number of channels, "
              + windows.channels()
              + ": enc_in="
              + config.encIn());
    }
  }

  /** Tells one training from another in a checkpoint. */
  String identity() {
    return architecture.name() + " " + config + " " + settings + " " + windows.identity();
  }
}
