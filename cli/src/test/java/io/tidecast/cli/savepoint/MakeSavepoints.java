package io.tidecast.cli.savepoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.cli.embedded.EmbeddedKafka;
import io.tidecast.cli.savepoint.KeptSavepoints.Kept;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Takes the savepoints under test resources anew. No part of a build; by hand, with everything
 * committed:
 *
 * <pre>mvn -q -pl cli -am test -Dtest=MakeSavepoints -Dsurefire.failIfNoSpecifiedTests=false</pre>
 *
 * or, with {@code -Dtidecast.kept=answered}, only those of this job.
 */
@Timeout(300)
class MakeSavepoints {
  /** At least so much of the time that windows wait must be left when it is taken. */
  private static final Duration MARGIN = Duration.ofSeconds(1);

  private static final Duration DRIP = Duration.ofMillis(20);
  private static final int HISTORY_WINDOWS = 100;

  @TempDir private Path folder;

  @ParameterizedTest
  @MethodSource("io.tidecast.cli.savepoint.KeptSavepoints#all")
  void make(Kept kept) throws Exception {
    KeptJob job = kept.job();
    String only = System.getProperty("tidecast.kept", job.title());
    Assumptions.assumeTrue(only.equals(job.title()), "only those of the job are made: " + only);
    try (EmbeddedKafka kafka = EmbeddedKafka.start()) {
      for (String topic : job.topics()) {
        kafka.createTopic(topic, 1, Map.of());
      }
      if (job == KeptJob.HISTORY) {
        KeptJobRun.send(kafka, job.firstMeters());
      }
      try (KeptJobRun run =
          new KeptJobRun(
              kafka,
              job,
              new KeptJobRun.Start("kept", kept.takenIn(), Optional.empty(), GatedModel::of))) {
        if (job == KeptJob.HISTORY) {
          ofHistory(kept, run);
        } else {
          ofStream(kept, run, kafka);
        }
      }
    }
  }

  /** The commit of all that a job is made of. */
  private static String commit() throws Exception {
    assertThat(git("status", "--porcelain", "--", ":(glob)**/src/main/**"))
        .as("what is not committed")
        .isEmpty();
    return git("log", "-1", "--format=%H %cs");
  }

  private static String git(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("git"));
    command.addAll(List.of(arguments));
    Process git =
        new ProcessBuilder(command)
            .directory(Path.of(System.getProperty("tidecast.root")).toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String output = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(git.waitFor()).as("exit code of %s", command).isZero();
    return output;
  }

  private void ofStream(Kept kept, KeptJobRun run, EmbeddedKafka kafka) throws Exception {
    KeptJob job = kept.job();
    GatedModel.letAll();
    KeptJobRun.send(kafka, job.prices());
    run.await(job.endOfPrices());
    KeptJobRun.send(kafka, job.firstMeters());
    run.await(job.endOfFirst());

    GatedModel.letNone();
    long startNanos = System.nanoTime();
    KeptJobRun.send(kafka, job.secondMeters());
    KeptJobRun.send(kafka, job.secondRequests());
    run.await(job.endOfSecond());
    Set<String> before = run.outcomes().keySet();
    Path savepoint = run.job().savepoint(folder);
    assertThat(Duration.ofNanos(System.nanoTime() - startNanos))
        .as("how long it took; make it again while less is going on")
        .isLessThan(KeptJob.WAIT.minus(MARGIN));
    run.readOn();
    assertThat(run.outcomes().keySet()).as("what came while none was let").isEqualTo(before);
    kept.replace(savepoint, before, commit());
  }

  private void ofHistory(Kept kept, KeptJobRun run) throws Exception {
    CompletableFuture<Path> savepoint = null;
    while (savepoint == null || !savepoint.isDone()) {
      GatedModel.letOne();
      LockSupport.parkNanos(DRIP.toNanos());
      run.job().running();
      if (savepoint == null && GatedModel.windows() >= HISTORY_WINDOWS) {
        savepoint = CompletableFuture.supplyAsync(() -> run.job().savepoint(folder));
      }
    }
    run.readOn();
    Set<String> before = run.outcomes().keySet();
    assertThat(before).hasSizeLessThan(KeptJob.HISTORY_CELLS / 2);
    kept.replace(savepoint.join(), before, commit());
  }
}
