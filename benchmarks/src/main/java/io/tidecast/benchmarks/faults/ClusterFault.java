package io.tidecast.benchmarks.faults;

import java.time.Duration;

/**
 * Something that befalls a cluster under load and is over when its deed is done.
 *
 * @param words that say what is done
 * @param needs around the job
 * @param deed inflicts the fault and mends it, all but what the cluster mends itself
 */
record ClusterFault(String name, String words, Surroundings needs, Deed deed) {

  /** What is done to a job that forecasts. */
  @FunctionalInterface
  interface Deed {
    void inflict(Stage stage) throws Exception;
  }

  /**
   * Inflicts it, and waits until the forecasts have caught up.
   *
   * @param stage whose job forecasts
   * @param recovered how far behind the forecasts may be afterwards
   */
  void befall(Stage stage, Duration recovered) throws Exception {
    Stage.Blow blow = stage.blow();
    deed.inflict(stage);
    stage.recover(name, blow, recovered);
  }
}
