package io.tidecast.benchmarks.faults;

import java.time.Duration;
import java.util.List;
import java.util.Random;

/** The job is killed, paused, or started twice. */
final class KillCases {

  private static final Duration TRANSACTION_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final String FORECASTING = "Forecasting ";

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
            "job-paused",
            "the job is paused for longer than the transaction timeout",
            shortTransactions(),
            KillCases::jobPaused),
        new FaultCase(
            "two-processes",
            "a second process of the same job file; then the first is killed and started again",
            FaultCase.Setup.usual(),
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
      Stage.last(Duration.ofMillis(random.nextInt(4_000)));
      int from = job.said().size();
      job.kill();
      // Every third dies again before it forecasts.
      String sign = i % 3 == 2 ? Job.NOTE + "start" : FORECASTING;
      stage.objectUnless(
          job.awaitLine(from, sign, PATIENCE), "the job must start again after a kill");
    }
    stage.objectUnless(
        job.awaitLine(0, FORECASTING, PATIENCE), "the job must forecast after the last kill");
    Stage.last(Duration.ofSeconds(3));
  }

  private static void outageAfterCheckpoint(Stage stage) throws Exception {
    stage.begin();
    Stage.last(Duration.ofSeconds(3));
    stage.job().leaveAlone();
    boolean held = stage.broker().gate().holdCommits(PATIENCE);
    stage.job().kill();
    stage.broker().gate().letCommits();
    stage.objectUnless(held, "the job must have asked for a commit");
    Stage.last(TRANSACTION_TIMEOUT.plusSeconds(5));
    stage.job().start();
    Stage.last(Duration.ofSeconds(5));
  }

  private static void jobPaused(Stage stage) throws Exception {
    stage.begin();
    int pauses = stage.isShort() ? 1 : 3;
    for (int i = 0; i < pauses; i++) {
      Stage.last(Duration.ofSeconds(5));
      stage.job().pause();
      Stage.last(TRANSACTION_TIMEOUT.plusSeconds(5));
      stage.job().resume();
    }
    Stage.last(Duration.ofSeconds(5));
  }

  private static void twoProcesses(Stage stage) throws Exception {
    stage.begin();
    Job second = stage.another("second");
    Stage.last(Duration.ofSeconds(stage.isShort() ? 10 : 30));
    stage.objectUnless(stage.job().isAlive(), "the first process must go on");
    stage.objectUnless(!second.isAlive(), "the second process must not run");
    second.close();
    int from = stage.job().said().size();
    stage.job().kill();
    stage.objectUnless(
        stage.job().awaitLine(from, FORECASTING, PATIENCE),
        "what a killed process leaves must not be in the way");
    Stage.last(Duration.ofSeconds(3));
  }
}
