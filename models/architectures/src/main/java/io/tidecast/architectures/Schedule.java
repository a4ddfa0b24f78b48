package io.tidecast.architectures;

import java.util.Locale;

/** How the learning rate changes from epoch to epoch. */
public enum Schedule {
  /** The rate stays as it is. */
  CONSTANT,
  /** The rate halves after every epoch: Informer's and Autoformer's {@code type1}. */
  HALVING,
  /** The rate stays for four epochs, then falls to 0.9 of itself each: PatchTST's {@code type3}. */
  DECAY,
  /** The rate falls along half a cosine to zero at the last epoch. */
  COSINE;

  private static final double DECAY_FACTOR = 0.9;
  private static final int DECAY_FREE_EPOCHS = 3;

  /**
   * The share of the initial rate that an epoch learns with.
   *
   * @param epoch counted from 0
   * @param epochs of the whole training
   */
  public double factor(int epoch, int epochs) {
    return switch (this) {
      case CONSTANT -> 1;
      case HALVING -> Math.pow(0.5, epoch);
      case DECAY -> Math.pow(DECAY_FACTOR, Math.max(0, epoch - DECAY_FREE_EPOCHS));
      case COSINE -> (1 + Math.cos(Math.PI * epoch / epochs)) / 2;
    };
  }

  /** The name as users write it, in lower case. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
