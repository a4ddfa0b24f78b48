package io.tidecast.training;

/** Told of a training's progress, on its thread. */
public interface TrainingListener {

  /** Hears nothing. */
  TrainingListener SILENT = new TrainingListener() {};

  /**
   * After a step.
   *
   * @param epoch counted from 1
   * @param step of the epoch, counted from 1
   * @param loss mean over the epoch so far
   */
  default void onStep(int epoch, int step, int steps, double loss) {}

  /** After an epoch. */
  default void onEpoch(Epoch epoch) {}

  /** After a checkpoint was found and taken up; {@code epoch} is the first one to run. */
  default void onResume(int epoch) {}

  /**
   * An epoch's result.
   *
   * @param number counted from 1
   * @param trainLoss mean over the steps, dropout on
   * @param validationLoss over every validation window, dropout off
   * @param best whether no epoch before was better
   */
  record Epoch(
      int number,
      int epochs,
      double trainLoss,
      double validationLoss,
      boolean best,
      double seconds) {}
}
