package io.tidecast.cli.savepoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.cli.embedded.EmbeddedKafka;
import io.tidecast.cli.savepoint.KeptSavepoints.Kept;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The job goes on from each savepoint that is kept as if it had never been stopped. */
@Timeout(300)
class SavepointITCase {
  private static final Map<KeptJob, Map<String, String>> UNBROKEN = new EnumMap<>(KeptJob.class);

  private static EmbeddedKafka kafka;

  @TempDir private Path folder;

  @BeforeAll
  static void start() {
    kafka = EmbeddedKafka.start();
  }

  @AfterAll
  static void stop() {
    kafka.close();
  }

  @ParameterizedTest
  @MethodSource("io.tidecast.cli.savepoint.KeptSavepoints#all")
  void shouldGoOn(Kept kept) throws Exception {
    Map<String, String> unbroken = unbroken(kept.job());
    Set<String> before = kept.before();
    assertThat(unbroken).containsKeys(before.toArray(String[]::new));

    Map<String, String> after;
    try (KeptJobRun run =
        run(
            kept.job(),
            kept.folder().getFileName().toString(),
            kept.restoredIn(),
            Optional.of(kept.copy(folder)))) {
      if (kept.job() == KeptJob.HISTORY) {
        run.awaitEnd();
      } else {
        run.await(kept.job().endOfThird());
      }
      run.readOn();
      after = run.outcomes();
      assertThat(run.job().restored()).isTrue();
    }

    Map<String, String> expected = new TreeMap<>(unbroken);
    if (kept.job() == KeptJob.HISTORY) {
      // What came while the savepoint was taken, comes again.
      assertThat(after).isNotEqualTo(unbroken);
      Set<String> both = new TreeSet<>(before);
      both.addAll(after.keySet());
      assertThat(both).isEqualTo(unbroken.keySet());
      expected.keySet().retainAll(after.keySet());
    } else {
      expected.keySet().removeAll(before);
    }
    assertThat(after).isEqualTo(expected);
  }

  /** What comes of all that is read when nothing stops the job. */
  private static Map<String, String> unbroken(KeptJob job) {
    Map<String, String> known = UNBROKEN.get(job);
    if (known != null) {
      return known;
    }
    for (String topic : job.topics()) {
      kafka.createTopic(topic, 1, Map.of());
    }
    if (job == KeptJob.HISTORY) {
      KeptJobRun.send(kafka, job.firstMeters());
    } else {
      KeptJobRun.send(kafka, job.prices());
    }
    Map<String, String> outcomes;
    try (KeptJobRun run = run(job, job.title(), "hashmap", Optional.empty())) {
      if (job == KeptJob.HISTORY) {
        run.awaitEnd();
      } else {
        // Windows are to wait for no other prices than those that never come.
        run.await(job.endOfPrices());
        KeptJobRun.send(kafka, job.firstMeters());
        KeptJobRun.send(kafka, job.secondMeters());
        KeptJobRun.send(kafka, job.thirdMeters());
        run.await(job.endOfFirst());
        KeptJobRun.send(kafka, job.secondRequests());
        KeptJobRun.send(kafka, job.thirdRequests());
        run.await(job.endOfThird());
      }
      run.readOn();
      outcomes = run.outcomes();
    }
    UNBROKEN.put(job, outcomes);
    return outcomes;
  }

  private static KeptJobRun run(
      KeptJob job, String name, String backend, Optional<Path> savepoint) {
    return new KeptJobRun(
        kafka, job, new KeptJobRun.Start(name, backend, savepoint, UnaryOperator.identity()));
  }
}
