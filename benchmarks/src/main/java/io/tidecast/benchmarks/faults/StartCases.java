package io.tidecast.benchmarks.faults;

import java.util.List;

/** A job comes to a cluster in another way than by {@code flink run}. */
final class StartCases {

  private StartCases() {}

  static List<FaultCase> all() {
    return List.of(
        new FaultCase(
            "application-mode",
            "on a cluster in application mode, the JobManager that leads is killed with kill -9, and the other takes over",
            FaultCase.Setup.cluster(Surroundings.APPLICATION),
            stage -> {
              stage.begin();
              stage.undisturbed();
              ClusterFaults.named("kill-jobmanager").befall(stage, Stage.RECOVERED);
              stage.undisturbed();
            }),
        new FaultCase(
            KeptJob.NAME,
            "on a cluster, a job goes on from a savepoint that an earlier version has left",
            KeptJob.setup(),
            stage -> {
              KeptJob.goOn(stage);
              stage.undisturbed();
            }));
  }
}
