package io.tidecast.training;

/**
 * How to train.
 *
 * @param batchSize windows per step; an incomplete last batch is left out, unless it is the only
 *     one
 * @param epochs passes over the training windows, at most
 * @param patience epochs without a better validation loss after which to stop
 * @param learningRate initial rate of Adam
 * @param schedule of that rate
 * @param loss what is minimised, in scaled units
 * @param weightDecay decoupled weight decay; 0 for none
 * @param mixup blend every window with another of its batch by a random share (Zhang et al., 2018)
 * @param seed of initial weights, order of windows, dropout and mixup
 */
public record TrainingSettings(
    int batchSize,
    int epochs,
    int patience,
    double learningRate,
    Schedule schedule,
    Loss loss,
    double weightDecay,
    boolean mixup,
    long seed) {

  /** Checks the ranges. */
  public TrainingSettings {
    require(batchSize >= 1, "batch size must be at least 1", batchSize);
    require(epochs >= 1, "epochs must be at least 1", epochs);
    require(patience >= 1, "patience must be at least 1", patience);
    require(learningRate > 0, "learning rate must be positive", learningRate);
    require(weightDecay >= 0, "weight decay must not be negative", weightDecay);
  }

  private static void require(boolean holds, String requirement, Object value) {
    if (!holds) {
      throw new IllegalArgumentException(requirement + ": " + value);
    }
  }
}
