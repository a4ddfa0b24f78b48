package io.tidecast.architectures;

/** What every architecture's hyperparameters say. */
public interface ArchitectureConfig {

  /** Context length in steps. */
  int seqLen();

  /** Prediction length in steps. */
  int predLen();

  /** Channels in. */
  int encIn();
}
