package io.tidecast.benchmarks.faults;

import io.tidecast.benchmarks.echo.EchoModel;
import io.tidecast.benchmarks.ledger.Ledger;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** What is sent is too much, or more than the model bears. */
final class LoadCases {

  private static final Map<String, Object> HANGING_KEYS =
      Map.of("checkpoints.interval", "1s", "job.parallelism", 2, "model.timeout", "2s");

  private LoadCases() {}

  static List<FaultCase> all() {
    return List.of(
        new FaultCase(
            "hanging-model",
            "one value of one series makes the model run for ever",
            FaultCase.Setup.usual().quiet(Duration.ofSeconds(90)),
            LoadCases::hangingModel),
        new FaultCase(
            "million-names",
            "a million series of a context of 336 that report once, beside a hundred good ones",
            FaultCase.Setup.usual()
                .series(100, 336)
                .mustSay("series.max-series")
                .quiet(Duration.ofSeconds(90)),
            LoadCases::millionNames),
        new FaultCase(
            "many-series",
            "20,000 series of a context of 336 with the shortest job file; the job is killed and started again",
            FaultCase.Setup.shortest().series(20_000, 336).quiet(Duration.ofMinutes(2)),
            LoadCases::manySeries));
  }

  private static void hangingModel(Stage stage) throws Exception {
    stage.giveHangingModel(HANGING_KEYS);
    int cell = stage.plan().contextLength();
    stage.expectFailures(new Ledger.Wrong(0, cell));
    stage.feed().send(cell);
    stage.job().start();
    stage.awaitAnswers(stage.plan().series());
    stage.feed().sendInstead(0, EchoModel.HANGING_VALUE);
    stage.goOn();
    // Longer than a series is spared after its first failure, so that the model is asked again.
    stage.fault(75);
  }

  private static void millionNames(Stage stage) throws Exception {
    int names = stage.isShort() ? 200_000 : 1_000_000;
    int rounds = 50;
    Random random = stage.random();
    stage.begin();
    stage.feed().pause();
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < names / rounds; i++) {
        stage.feed().sendStranger("stranger-" + Long.toHexString(random.nextLong()));
      }
      stage.feed().send(1);
    }
    stage.goOn();
    stage.undisturbed();
  }

  private static void manySeries(Stage stage) throws Exception {
    long series = stage.plan().series();
    stage.job().start();
    stage.feed().send(stage.plan().contextLength());
    stage.awaitAnswers(series);
    stage.feed().send(1);
    stage.awaitAnswers(2 * series);
    stage.job().kill();
    stage.feed().send(1);
    stage.awaitAnswers(3 * series);
  }
}
