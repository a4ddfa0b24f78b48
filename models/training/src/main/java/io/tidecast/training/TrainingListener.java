package io.tidecast.training;

/** Hears of a training's progress, on its thread. */
public interface TrainingListener {

  /** A listener that does nothing. */
  TrainingListener SILENT = new TrainingListener() {};

  /**
   * After a step.
   *
   * @param epoch counted from 1
   * @param step of the epoch, counted from 1
   * @param loss mean over the epoch so far
   */
  default void onStep(int epoch, int step, int steps, double loss) {}

  /** Called after every epoch. */
  default void onEpoch(Epoch epoch) {}

  /** Called when a checkpoint was found and taken up; {@code epoch} is the first one to run. */
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
