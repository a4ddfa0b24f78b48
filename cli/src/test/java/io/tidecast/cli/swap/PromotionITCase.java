package io.tidecast.cli.swap;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.cli.embedded.EmbeddedKafka;
import io.tidecast.cli.embedded.ForecastReader;
import io.tidecast.cli.testing.DemandFeed;
import io.tidecast.cli.testing.Tidecast;
import io.tidecast.flink.model.ModelEvent;
import io.tidecast.flink.model.ModelEvent.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A job in a process of its own whose model is a bad one, beside which a good one forecasts. */
@Tag("cluster")
@Timeout(300)
class PromotionITCase {

  private static final Duration STEP = Duration.ofMinutes(30);
  private static final Duration POLL = Duration.ofMillis(100);

  private static final Duration PATIENCE = Duration.ofSeconds(120);

  /** 14 blocks of one horizon. */
  private static final int CONTEST = 14 * RepeatingModel.HORIZON;

  private static final int ORIGINS = 50;

  private static final String GOOD = "a-day-ago";
  private static final String BAD = "half-a-day-ago";

  @TempDir private Path folder;

  @Test
  void shouldGiveThePlaceOfABadModelToAGoodOneOnceAndForGood() throws Exception {
    Path good = RepeatingModel.write(folder, GOOD, RepeatingModel.DAY);
    Path bad = RepeatingModel.write(folder, BAD, RepeatingModel.DAY / 2);
    try (EmbeddedKafka kafka = EmbeddedKafka.start();
        DemandFeed feed = new DemandFeed(kafka.bootstrapServers(), "in");
        ForecastReader reader = new ForecastReader(kafka.bootstrapServers(), "out", "in.dlq");
        Consumer<byte[], byte[]> told = consumer(kafka)) {
      String job = job(kafka, bad, good);
      for (String topic :
          List.of("in", "out", "in.dlq", "out-shadow", "commands", "events", "scores")) {
        kafka.createTopic(topic, 1, Map.of());
      }
      List<ModelEvent> events = new ArrayList<>();
      feed.send(RepeatingModel.DAY);
      feed.start();
      try (Tidecast tidecast = new Tidecast(folder, "run", "--config", job)) {
        tidecast.awaitLine("Forecasting in -> out");
        await(reader, told, events, GOOD, 10);
        tidecast.signal("KILL");
        tidecast.exitCode();
      }
      try (Tidecast tidecast = new Tidecast(folder, "run", "--config", job)) {
        tidecast.awaitLine("Going on from");
        // Long enough for the other to win a contest, if it could.
        await(reader, told, events, GOOD, 10 + 2 * CONTEST);
        awaitKept(told, events);
        tidecast.signal("TERM");
        tidecast.exitCode();
      }
      reader.readToEnd(Duration.ofSeconds(30));
      assertThat(reader.deadLetters()).isEmpty();
      checkEvents(events, good, bad);
      checkForecasts(reader, events);
    }
  }

  private static void checkEvents(List<ModelEvent> events, Path good, Path bad) {
    assertThat(events).extracting(ModelEvent::kind).contains(Kind.OUTDONE);
    List<ModelEvent> promotions =
        events.stream().filter(event -> event.kind() == Kind.PROMOTED).toList();
    assertThat(promotions)
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.slot()).isEqualTo("default");
              assertThat(event.version().modelId()).isEqualTo(GOOD);
              assertThat(event.version().place()).isEqualTo(good.toString());
              ModelEvent.Contest contest = event.contest();
              assertThat(contest.otherId()).isEqualTo(BAD);
              // The first block begins before the first forecast.
              assertThat(contest.origins()).isBetween(ORIGINS, CONTEST + RepeatingModel.HORIZON);
              assertThat(contest.loss()).isLessThan(.9 * contest.otherLoss());
              assertThat(contest.pValue()).isLessThanOrEqualTo(.01);
            });
    String command = promotions.get(0).commandId();
    assertThat(events)
        .anySatisfy(
            event -> {
              assertThat(event.kind()).isEqualTo(Kind.SWITCHED);
              assertThat(event.commandId()).isEqualTo(command);
              assertThat(event.version().place()).isEqualTo(good.toString());
            })
        .anySatisfy(
            event -> {
              assertThat(event.kind()).isEqualTo(Kind.SWITCHED);
              assertThat(event.slot()).isEqualTo("candidate");
              assertThat(event.version().place()).isEqualTo(bad.toString());
            })
        // The one that came back as a shadow has lost its contest.
        .anySatisfy(
            event -> {
              assertThat(event.kind()).isEqualTo(Kind.KEPT);
              assertThat(event.version().modelId()).isEqualTo(GOOD);
              assertThat(event.contest().otherId()).isEqualTo(BAD);
            });
  }

  /** Each origin is answered once: by the one before the switch, by the other from it on. */
  private static void checkForecasts(ForecastReader reader, List<ModelEvent> events) {
    long switched =
        events.stream()
            .filter(event -> event.kind() == Kind.SWITCHED && "default".equals(event.slot()))
            .filter(event -> event.fromOriginMillis() != null)
            .mapToLong(ModelEvent::fromOriginMillis)
            .min()
            .orElseThrow();
    List<String> expected = new ArrayList<>();
    List<String> found = new ArrayList<>();
    Instant origin = reader.forecasts().get(0).forecast().getOrigin();
    for (ForecastReader.Received received : reader.forecasts()) {
      expected.add("%s %s".formatted(origin, origin.toEpochMilli() < switched ? BAD : GOOD));
      found.add(
          "%s %s".formatted(received.forecast().getOrigin(), received.forecast().getModelId()));
      origin = origin.plus(STEP);
    }
    assertThat(found).isEqualTo(expected).anyMatch(line -> line.endsWith(BAD));
  }

  /** Reads on until a model has answered so often. */
  private static void await(
      ForecastReader reader,
      Consumer<byte[], byte[]> told,
      List<ModelEvent> events,
      String model,
      int count) {
    EventJson json = new EventJson();
    long begin = System.nanoTime();
    while (reader.forecasts().stream()
            .filter(each -> each.forecast().getModelId().equals(model))
            .count()
        < count) {
      assertThat(System.nanoTime() - begin)
          .as(
              "waiting for %d of %s, with %d forecasts, after %s",
              count, model, reader.forecasts().size(), events)
          .isLessThan(PATIENCE.toNanos());
      reader.poll(POLL);
      told.poll(POLL).forEach(record -> json.read(record.value()).ifPresent(events::add));
    }
  }

  /** Reads on until the one that came back as a shadow has lost its contest. */
  private static void awaitKept(Consumer<byte[], byte[]> told, List<ModelEvent> events) {
    EventJson json = new EventJson();
    long begin = System.nanoTime();
    while (events.stream()
        .noneMatch(event -> event.kind() == Kind.KEPT && GOOD.equals(event.version().modelId()))) {
      assertThat(System.nanoTime() - begin)
          .as("waiting for the end of the second contest, after %s", events)
          .isLessThan(PATIENCE.toNanos());
      told.poll(POLL).forEach(record -> json.read(record.value()).ifPresent(events::add));
    }
  }

  private static Consumer<byte[], byte[]> consumer(EmbeddedKafka kafka) {
    Consumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers", kafka.bootstrapServers(),
                "group.id", "events",
                "auto.offset.reset", "earliest",
                "isolation.level", "read_committed"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    consumer.subscribe(List.of("events"));
    return consumer;
  }

  private String job(EmbeddedKafka kafka, Path bad, Path good) throws Exception {
    return Files.writeString(
            folder.resolve("job.yaml"),
            """
            kafka: {bootstrap-servers: "%s"}
            source: {topic: in, max-future: 36500d}
            series: {step: 30min}
            model: {path: "%s"}
            models: [{name: candidate, path: "%s", role: shadow}]
            commands: {topic: commands, events-topic: events}
            sink: {topic: out}
            scores: {topic: scores}
            promotion: {action: perform, origins: %d, cool-down: 0}
            checkpoints: {interval: 300ms, directory: "%s"}
            """
                .formatted(
                    kafka.bootstrapServers(), bad, good, ORIGINS, folder.resolve("state").toUri()))
        .toString();
  }
}
