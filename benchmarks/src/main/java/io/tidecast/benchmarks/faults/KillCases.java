package io.tidecast.benchmarks.faults;

import io.tidecast.benchmarks.process.Broker;
import io.tidecast.benchmarks.process.Job;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/** The job is killed, paused, or started twice. */
final class KillCases {

  private static final Duration TRANSACTION_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private KillCases() {}

  static List<FaultCase> all() {
    return List.of(
        new FaultCase(
            "kill-job",
            "the job is killed at ten moments and started again at once",
            FaultCase.Setup.usual(),
            KillCases::killJob),
        new FaultCase(
            "outage-after-checkpoint",
            "the job is killed between a checkpoint and its commit, and stays away for longer than the transaction timeout",
            shortTransactions().entrance(Broker.Entrance.GATED),
            KillCases::outageAfterCheckpoint),
        new FaultCase(
            "outage-replayed",
            "the same, with sink.on-lost-transaction: replay",
            shortTransactions()
                .entrance(Broker.Entrance.GATED)
                .key("sink.on-lost-transaction", "replay")
                .mustSay("Going back to checkpoint"),
            KillCases::outageAfterCheckpoint),
        new FaultCase(
            "job-paused",
            "the job is paused for longer than the transaction timeout",
            shortTransactions(),
            KillCases::jobPaused),
        new FaultCase(
            "two-processes",
            "two supervised processes of the same job file; in between, the first is killed",
            FaultCase.Setup.usual().mustSay("another process has this job"),
            KillCases::twoProcesses));
  }

  private static FaultCase.Setup shortTransactions() {
    return FaultCase.Setup.usual()
        .key("sink.transaction-timeout", TRANSACTION_TIMEOUT.toSeconds() + "s");
  }

  private static void killJob(Stage stage) throws Exception {
    Random random = stage.random();
    stage.begin();
    Job job = stage.job();
    int kills = stage.isShort() ? 2 : 10;
    for (int i = 0; i < kills; i++) {
      Stage.last(Duration.ofMillis(random.nextInt(stage.isShort() ? 2_000 : 4_000)));
      int starts = job.starts();
      job.kill();
      // Every third dies again before it forecasts.
      stage.objectUnless(
          i % 3 == 2 ? job.awaitStart(starts + 1, PATIENCE) : job.awaitForecasting(PATIENCE),
          "the job must start again after a kill");
    }
    stage.objectUnless(job.awaitForecasting(PATIENCE), "the job must forecast after the last kill");
    stage.undisturbed();
  }

  private static void outageAfterCheckpoint(Stage stage) throws Exception {
    stage.begin();
    stage.undisturbed();
    stage.job().leaveAlone();
    boolean held = stage.broker().gate().holdCommits(PATIENCE);
    stage.job().kill();
    stage.broker().gate().letCommits();
    stage.objectUnless(held, "the job must have asked for a commit");
    Stage.last(TRANSACTION_TIMEOUT.plusSeconds(3));
    stage.job().start();
    stage.undisturbed();
  }

  private static void jobPaused(Stage stage) throws Exception {
    stage.begin();
    int pauses = stage.isShort() ? 1 : 3;
    for (int i = 0; i < pauses; i++) {
      stage.undisturbed();
      stage.job().pause();
      Stage.last(TRANSACTION_TIMEOUT.plusSeconds(3));
      stage.job().resume();
    }
    stage.undisturbed();
  }

  private static void twoProcesses(Stage stage) throws Exception {
    stage.begin();
    Job second = stage.another("second");
    stage.awaitWords();
    stage.fault(20);
    stage.job().kill();
    stage.fault(20);
    second.stop();
    stage.objectUnless(
        stage.job().awaitForecasting(PATIENCE),
        "the first process must have the job when the second has ended");
    stage.undisturbed();
  }
}
