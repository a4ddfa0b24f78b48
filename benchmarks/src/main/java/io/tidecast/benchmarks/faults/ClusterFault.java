package io.tidecast.benchmarks.faults;

import java.time.Duration;

/**
 * Something that befalls a cluster under load and is over when its deed is done.
 *
 * @param words that say what is done
 * @param needs around the job
 * @param before makes ready for it
 * @param deed inflicts the fault and mends it, all but what the cluster mends itself
 */
record ClusterFault(String name, String words, Surroundings needs, Deed before, Deed deed) {

  /** What is done to a job that forecasts. */
  @FunctionalInterface
  interface Deed {
    void inflict(Stage stage) throws Exception;
  }

  ClusterFault(String name, String words, Surroundings needs, Deed deed) {
    this(name, words, needs, stage -> {}, deed);
  }

  /**
   * Inflicts it, and waits until the forecasts have caught up.
   *
   * @param stage whose job forecasts
   * @param allowed how far behind the forecasts may be when they have
   */
  void befall(Stage stage, Duration allowed) throws Exception {
    before.inflict(stage);
    stage.blow(allowed);
    deed.inflict(stage);
    stage.recover(name);
  }
}
