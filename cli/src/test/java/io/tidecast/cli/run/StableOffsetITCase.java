package io.tidecast.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.cli.embedded.EmbeddedKafka;
import io.tidecast.cli.embedded.ForecastReader;
import io.tidecast.cli.testing.DemandFeed;
import io.tidecast.cli.testing.Pipelines;
import io.tidecast.cli.testing.StableOffsets;
import io.tidecast.cli.testing.Tidecast;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Readers of committed forecasts come no further than the last stable offset, which an open
 * transaction holds. Nothing that happens to a job may hold it for longer than the transaction
 * timeout, and what the broker takes to notice.
 */
@Tag("cluster")
@Timeout(240)
class StableOffsetITCase {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final Duration NOTICED = Duration.ofMillis(500);

  /** What a busy machine may add to what the broker does by the clock. */
  private static final Duration MARGIN = Duration.ofSeconds(10);

  @TempDir private Path folder;

  @Test
  void shouldNeverBeHeldLongerThanTheTransactionTimeout() throws Exception {
    try (EmbeddedKafka kafka =
        EmbeddedKafka.start(
            EmbeddedKafka.ANY_PORT,
            Map.of(
                "transaction.abort.timed.out.transaction.cleanup.interval.ms",
                String.valueOf(NOTICED.toMillis())))) {
      kafka.createTopic("in", 1, Map.of());
      kafka.createTopic("out", 2, Map.of());
      kafka.createTopic("in.dlq", 1, Map.of());
      try (StableOffsets offsets = StableOffsets.watch(kafka.bootstrapServers(), "out");
          ForecastReader reader = new ForecastReader(kafka.bootstrapServers(), "out", "in.dlq");
          DemandFeed feed = new DemandFeed(kafka.bootstrapServers(), "in")) {
        feed.send(Pipelines.CONTEXT);
        feed.start();
        killAt(100, reader, offsets, job(kafka, "first", 2));
        check("from the start", offsets);
        killAt(200, reader, offsets, job(kafka, "first", 2));
        check("through a kill", offsets);
        killAt(300, reader, offsets, job(kafka, "first", 1));
        check("through a kill, to half the parallelism", offsets);
        killAt(400, reader, offsets, job(kafka, "second", 1));
        check("through a kill, to another prefix", offsets);
        offsets.awaitFree();
        check("through a kill, and nobody comes back", offsets);
        System.out.println(ids(kafka) + " transactional ids");
      }
    }
  }

  private static void check(String what, StableOffsets offsets) {
    Duration held = offsets.longestHeld();
    System.out.printf("readers were held for %,d ms at most %s%n", held.toMillis(), what);
    assertThat(held).as(what).isLessThan(TIMEOUT.plus(NOTICED).plus(MARGIN));
  }

  private static long ids(EmbeddedKafka kafka) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      return admin.listTransactions().all().get().size();
    }
  }

  private void killAt(int forecasts, ForecastReader reader, StableOffsets offsets, Path job)
      throws Exception {
    try (Tidecast tidecast = new Tidecast(folder, "run", "--config", job.toString())) {
      tidecast.awaitLine("Forecasting in -> out");
      while (reader.forecasts().size() < forecasts) {
        reader.poll(Duration.ofMillis(100));
      }
      // Not right after a commit, so that a transaction is open.
      offsets.awaitHeld();
      tidecast.signal("KILL");
      tidecast.exitCode();
      assertThat(tidecast.output()).doesNotContain("aborted", "could not be found out");
    }
  }

  private Path job(EmbeddedKafka kafka, String prefix, int parallelism) throws Exception {
    return Files.writeString(
        folder.resolve("job.yaml"),
        """
        kafka:
          bootstrap-servers: %s
        source:
          topic: in
          start: earliest
        series:
          step: 30min
        model:
          path: %s
        sink:
          topic: out
          transactional-id-prefix: %s
          transaction-timeout: %s
        checkpoints:
          interval: 1s
          directory: %s
        job:
          parallelism: %d
        """
            .formatted(
                kafka.bootstrapServers(),
                Pipelines.model(),
                prefix,
                TIMEOUT,
                folder.resolve("state").toUri(),
                parallelism));
  }
}
