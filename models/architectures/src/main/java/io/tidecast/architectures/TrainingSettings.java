package io.tidecast.architectures;

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
 * @param averaging share that the running average of the weights keeps in a step, such as 0.999;
 *     the average is then what is validated and served; 0 for none
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
    double averaging,
    long seed) {

  /**
   * What the official repositories train an architecture with, on ETTh1 where it depends on the
   * data; Sundial, which is officially trained on a corpus, with what suits a single series.
   */
  public static TrainingSettings official(String architecture) {
    return switch (architecture) {
      case "autoformer" -> official(32, 10, 3, 1e-4, Schedule.HALVING);
      case "informer" -> official(32, 6, 3, 1e-4, Schedule.HALVING);
      case "timexer" -> official(4, 10, 3, 1e-4, Schedule.HALVING);
      case "sundial" -> official(64, 30, 8, 1e-3, Schedule.COSINE);
      default -> official(128, 100, 100, 1e-4, Schedule.DECAY);
    };
  }

  private static TrainingSettings official(
      int batchSize, int epochs, int patience, double learningRate, Schedule schedule) {
    return new TrainingSettings(
        batchSize, epochs, patience, learningRate, schedule, Loss.MSE, 0, false, 0, 2021);
  }

  /** Checks the ranges. */
  public TrainingSettings {
    require(batchSize >= 1, "batch size must be at least 1", batchSize);
    require(epochs >= 1, "epochs must be at least 1", epochs);
    require(patience >= 1, "patience must be at least 1", patience);
    require(learningRate > 0, "learning rate must be positive", learningRate);
    require(weightDecay >= 0, "weight decay must not be negative", weightDecay);
    require(
        averaging >= 0 && averaging < 1, "averaging must be within 0..1, less than 1", averaging);
  }

  private static void require(boolean holds, String requirement, Object value) {
    if (!holds) {
      throw new IllegalArgumentException(requirement + ": " + value);
    }
  }
}
