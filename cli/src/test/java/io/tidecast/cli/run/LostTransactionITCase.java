package io.tidecast.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.cli.embedded.EmbeddedFlink;
import io.tidecast.cli.embedded.EmbeddedKafka;
import io.tidecast.cli.embedded.ForecastReader;
import io.tidecast.cli.testing.DemandFeed;
import io.tidecast.cli.testing.HeldCommits;
import io.tidecast.cli.testing.Pipelines;
import io.tidecast.cli.testing.Tidecast;
import io.tidecast.flink.ForecastJob;
import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.config.JobFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.FeatureUpdate;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.admin.UpdateFeaturesOptions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A job is killed between a checkpoint and its commit, and stays away for longer than Kafka keeps
 * the transaction.
 */
@Tag("cluster")
@Timeout(180)
class LostTransactionITCase {
  private static final Pattern LOST =
      Pattern.compile("aborted 1 transaction .* ([\\d,]+) forecasts and 0 dead letters are lost");

  private static EmbeddedKafka kafka;

  @TempDir private Path folder;

  @BeforeAll
  static void start() throws Exception {
    kafka =
        EmbeddedKafka.start(
            EmbeddedKafka.ANY_PORT,
            Map.of("transaction.abort.timed.out.transaction.cleanup.interval.ms", "500"));
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      // That of a new broker. With it, a transaction that was committed looks to the connector like
      // one that is lost.
      admin
          .updateFeatures(
              Map.of(
                  "transaction.version",
                  new FeatureUpdate((short) 2, FeatureUpdate.UpgradeType.UPGRADE)),
              new UpdateFeaturesOptions())
          .all()
          .get();
    }
  }

  @AfterAll
  static void stop() {
    kafka.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"report", "replay"})
  void shouldTellTheNumberOfForecastsOrMakeThemAgain(String policy) throws Exception {
    Path file = job(policy);
    try (ForecastReader reader =
            new ForecastReader(kafka.bootstrapServers(), policy + ".out", policy + ".in.dlq");
        DemandFeed feed = new DemandFeed(kafka.bootstrapServers(), policy + ".in")) {
      feed.send(500);
      killBeforeACommit(
          file,
          () -> {
            Pipelines.read(reader, 500 - Pipelines.CONTEXT + 1, 0, () -> {});
            HeldCommits.holdTheNext();
            feed.send(200);
          });
      awaitNoOpenTransaction();
      feed.sendRest();

      Map<Instant, List<Double>> expected = Pipelines.undisturbed();
      try (Tidecast tidecast = new Tidecast(folder, "run", "--config", file.toString())) {
        long lost = 0;
        if (policy.equals("report")) {
          lost = lost(tidecast.awaitLine("are lost with it"));
          assertThat(lost).isPositive();
        } else {
          tidecast.awaitLine("Going back to checkpoint");
          assertThat(tidecast.output()).containsPattern("Lost are [\\d,]+ forecasts of origins");
        }
        Pipelines.read(reader, expected.size() - (int) lost, 0, () -> {});
        tidecast.signal("INT");
        assertThat(tidecast.exitCode()).isEqualTo(130);
        String end = tidecast.output().substring(tidecast.output().indexOf("Stopped"));
        if (policy.equals("report")) {
          assertThat(lost(end)).isEqualTo(lost);
        } else {
          assertThat(end).contains("committed.").doesNotContain("lost");
        }
      }
      Pipelines.checkSound(reader.forecasts());
      Map<Instant, List<Double>> points = Pipelines.points(reader.forecasts());
      if (policy.equals("replay")) {
        assertThat(points).isEqualTo(expected);
      } else {
        Map<Instant, List<Double>> kept = new TreeMap<>(expected);
        kept.keySet().retainAll(points.keySet());
        assertThat(points).isEqualTo(kept);
      }
    }
  }

  private static long lost(String text) {
    Matcher lost = LOST.matcher(text);
    assertThat(lost.find()).as(text).isTrue();
    return Long.parseLong(lost.group(1).replace(",", ""));
  }

  private Path job(String policy) throws Exception {
    for (String topic : List.of(".in", ".out", ".in.dlq")) {
      kafka.createTopic(policy + topic, 1, Map.of());
    }
    return Files.writeString(
        folder.resolve("job.yaml"),
        """
        kafka:
          bootstrap-servers: %s
        source:
          topic: %s.in
          start: earliest
        series:
          step: 30min
        model:
          path: %s
        sink:
          topic: %s.out
          transactional-id-prefix: %s
          transaction-timeout: 10s
          on-lost-transaction: %s
        checkpoints:
          interval: 300ms
          directory: %s
        """
            .formatted(
                kafka.bootstrapServers(),
                policy,
                Pipelines.model(),
                policy,
                policy,
                policy,
                folder.resolve("state").toUri()));
  }

  private static void killBeforeACommit(Path file, Runnable whileItRuns) throws Exception {
    JobConfig config = JobFile.load(file);
    Configuration settings = new Configuration();
    settings.set(
        CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
        ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
    StreamExecutionEnvironment environment =
        StreamExecutionEnvironment.getExecutionEnvironment(settings);
    ForecastJob.build(environment, config);
    StreamGraph graph = environment.getStreamGraph();
    HeldCommits.inject(graph, "forecasts");
    Configuration cluster = new Configuration();
    cluster.set(CheckpointingOptions.MAX_RETAINED_CHECKPOINTS, 2);
    try (EmbeddedFlink flink = EmbeddedFlink.start(1, cluster)) {
      flink.submit(graph, RunState.of(config, file).id(), Optional.empty());
      whileItRuns.run();
      HeldCommits.awaitHeld();
    }
  }

  private static void awaitNoOpenTransaction() throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      while (!admin
          .listTransactions(
              new ListTransactionsOptions()
                  .filterStates(
                      List.of(
                          TransactionState.ONGOING,
                          TransactionState.PREPARE_ABORT,
                          TransactionState.PREPARE_EPOCH_FENCE)))
          .all()
          .get()
          .isEmpty()) {
        Thread.sleep(200);
      }
    }
  }
}
