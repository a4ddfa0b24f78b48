package io.tidecast.benchmarks.faults;

import java.util.List;

/** A topic that the job writes to is deleted under it, and made again. */
final class TopicCases {

  private TopicCases() {}

  static List<FaultCase> all() {
    return List.of(
        new FaultCase(
            "sink-topic-deleted",
            "the topic of the forecasts is deleted, and made again after 20 seconds",
            FaultCase.Setup.usual(),
            stage -> topicDeleted(stage, Stage.FORECASTS)),
        new FaultCase(
            "dead-letter-topic-deleted",
            "the topic of the dead letters is deleted, and made again after 20 seconds",
            FaultCase.Setup.usual(),
            stage -> topicDeleted(stage, Stage.DEAD_LETTERS)));
  }

  private static void topicDeleted(Stage stage, String topic) throws Exception {
    stage.begin();
    stage.undisturbed();
    // What goes with the topic is read before: only what comes later can be lost by the job.
    stage.calm();
    stage.broker().deleteTopic(topic);
    stage.goOn();
    stage.fault(20);
    stage.broker().createTopic(topic, Stage.PARTITIONS);
    stage.forget(topic);
    stage.undisturbed();
  }
}
