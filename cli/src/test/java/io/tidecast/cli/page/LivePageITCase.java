package io.tidecast.cli.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.tidecast.cli.console.CliException;
import io.tidecast.cli.embedded.EmbeddedKafka;
import io.tidecast.cli.job.TopicReader;
import io.tidecast.cli.testing.PageEvents;
import io.tidecast.cli.testing.Pipelines;
import io.tidecast.flink.config.JobBuilder;
import io.tidecast.flink.config.JobConfig;
import io.tidecast.page.kept.About;
import io.tidecast.page.kept.JobState;
import io.tidecast.page.kept.KeptLimits;
import io.tidecast.page.kept.PageBoard;
import io.tidecast.page.kept.PageStore;
import io.tidecast.page.kept.Shown;
import io.tidecast.schemas.AvroCodec;
import io.tidecast.schemas.Cell;
import io.tidecast.schemas.Forecast;
import io.tidecast.schemas.ForecastScore;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("cluster")
@Timeout(180)
class LivePageITCase {

  private static final Instant ORIGIN = Instant.parse("2026-03-27T23:00:00Z");
  private static final long STEP_MILLIS = 1_800_000;

  private static EmbeddedKafka kafka;
  private static int runs;

  private final List<String> said = new CopyOnWriteArrayList<>();
  private final String run = "run%d-".formatted(++runs);

  @BeforeAll
  static void start() {
    kafka = EmbeddedKafka.start();
  }

  @AfterAll
  static void stop() {
    kafka.close();
  }

  @BeforeEach
  void createTopics() {
    for (String topic : List.of("forecasts", "scores", "cells", "anomalies")) {
      kafka.createTopic(run + topic, 2, Map.of());
    }
  }

  @Test
  void shouldShowWhatTheTopicsHold() {
    send("cells", AvroCodec.cells().encode(cell(0, 41.5)));
    send("cells", AvroCodec.cells().encode(cell(1, null)));
    send("forecasts", AvroCodec.forecasts().encode(forecast()));
    send("scores", AvroCodec.forecastScores().encode(score()));

    try (LivePage page =
            LivePage.start(config("tidecast").build(), "job.yaml", anyPort(), said::add);
        Listener listener = new Listener(page)) {
      JsonNode series =
          listener.until(
              seen ->
                  seen.path("fans").size() == 1
                      && seen.path("scores").size() == 1
                      && seen.path("cellTimes").size() == 2);

      assertThat(series.path("name").asText()).isEqualTo("site-7");
      assertThat(series.path("cellValues").toString()).isEqualTo("[41.5,null]");
      JsonNode fan = series.path("fans").get(0);
      assertThat(fan.path("model").asText()).isEqualTo("patchtst-general");
      assertThat(fan.path("times").get(0).asLong()).isEqualTo(ORIGIN.toEpochMilli() + STEP_MILLIS);
      assertThat(fan.path("points").toString()).isEqualTo("[40.0,41.0]");
      assertThat(fan.path("levels").toString()).isEqualTo("[0.1,0.9]");
      assertThat(fan.path("quantiles").toString()).isEqualTo("[38.0,42.0,38.5,43.5]");
      assertThat(series.path("scores").get(0).path("recent").path("mae").asDouble()).isEqualTo(2.9);
      assertThat(listener.job.path("live").asBoolean()).isTrue();
      assertThat(listener.job.path("lacking")).isEmpty();
    }
  }

  @Test
  void shouldShowJsonAsTheJobWritesIt() {
    send(
        "cells",
        "{\"series\":\"site-7\",\"target\":\"0\",\"time\":\"2026-03-27T23:00:00Z\",\"value\":3.5,\"correction\":false}"
            .getBytes(StandardCharsets.UTF_8));

    try (LivePage page = LivePage.start(config("json").build(), "job.yaml", anyPort(), said::add);
        Listener listener = new Listener(page)) {
      JsonNode series = listener.until(seen -> seen.path("cellTimes").size() == 1);

      assertThat(series.path("cellValues").get(0).asDouble()).isEqualTo(3.5);
    }
  }

  @Test
  void shouldSayWhatItCannotReadAndGoOn() {
    send("cells", new byte[] {1, 2, 3});
    send("cells", AvroCodec.cells().encode(cell(0, 41.5)));

    try (LivePage page =
            LivePage.start(config("tidecast").build(), "job.yaml", anyPort(), said::add);
        Listener listener = new Listener(page)) {
      listener.until(seen -> seen.path("cellTimes").size() == 1);

      assertThat(
              listener
                  .untilJob(job -> job.path("lacking").size() == 1)
                  .path("lacking")
                  .get(0)
                  .asText())
          .startsWith("1 records could not be read, the last at %scells-".formatted(run));
    }
  }

  @Test
  void shouldSayWhichKeysAndTopicsAreNotThere() {
    JobConfig config =
        JobConfig.builder()
            .set("kafka.bootstrap-servers", kafka.bootstrapServers())
            .set("source.topic", run + "observations")
            .set("series.step", "PT30M")
            .set("model.path", Pipelines.model())
            .set("sink.topic", run + "late")
            .build();

    try (LivePage page = LivePage.start(config, "job.yaml", anyPort(), said::add);
        Listener listener = new Listener(page)) {
      JsonNode job = listener.untilJob(seen -> seen.path("lacking").size() == 4);
      assertThat(job.path("lacking").toString())
          .contains(
              "There is no topic %slate yet".formatted(run),
              "cells.topic",
              "scores.topic",
              "anomalies.topic");

      kafka.createTopic(run + "late", 1, Map.of());
      send("late", AvroCodec.forecasts().encode(forecast()));

      listener.until(seen -> seen.path("fans").size() == 1);
    }
  }

  @Test
  void shouldTellWhatWasNotForeseenAndReadOn() throws Exception {
    send("cells", AvroCodec.cells().encode(cell(0, 41.5)));
    JobConfig config = config("tidecast").build();
    Shown shown =
        new Shown(new About("job", "UTC"), new PageStore(KeptLimits.USUAL), new PageBoard());
    AtomicInteger opened = new AtomicInteger();
    PageFeed feed =
        new PageFeed(
            config,
            shown,
            said::add,
            () -> {
              if (opened.incrementAndGet() < 3) {
                throw new IllegalStateException("out of\n luck");
              }
              return TopicReader.ofTopics(
                  config.kafka(), PageTopics.of(config).all(), Duration.ofSeconds(10));
            });
    try (feed) {
      feed.start();
      await(() -> shown.store().first() != null);
      String sentence =
          "The page met an error that was not foreseen, and reads on; what it was about to show may be missing: java.lang.IllegalStateException: out of; luck. Forecasts are made and written as before. Please report it, with what the log says.";
      assertThat(said).containsExactly(sentence);
      await(() -> shown.board().look().reading().live());
      assertThat(shown.board().look().reading().sentences()).contains(sentence);
    }
  }

  private static void await(BooleanSupplier isSo) throws InterruptedException {
    while (!isSo.getAsBoolean()) {
      Thread.sleep(20);
    }
  }

  @Test
  void shouldShowHowTheJobIs() {
    try (LivePage page =
            LivePage.start(config("tidecast").build(), "job.yaml", anyPort(), said::add);
        Listener listener = new Listener(page)) {
      assertThat(listener.untilJob(job -> true).path("phase").asText()).isEqualTo("starting");

      page.watch(
          () ->
              new JobState(
                  JobState.Phase.RESTARTING,
                  "again",
                  List.of(new JobState.Notice("No forecast: none", true)),
                  new JobState.Counts(7, 0, 0, 0, 1)));
      JsonNode job = listener.untilJob(seen -> seen.path("phase").asText().equals("restarting"));
      assertThat(job.path("notices").get(0).path("blocking").asBoolean()).isTrue();
      assertThat(job.path("observations").asLong()).isEqualTo(7);

      page.watch(
          () -> {
            throw new CliException("the job has ended: out of luck");
          });
      assertThat(
              listener
                  .untilJob(seen -> seen.path("phase").asText().equals("ended"))
                  .path("sentence")
                  .asText())
          .isEqualTo("the job has ended: out of luck");
    }
  }

  @Test
  void shouldHaveTheSamePortForTheSameJobUnlessItIsTaken() {
    JobConfig config = config("tidecast").build();
    String url;
    try (LivePage page = LivePage.start(config, "job.yaml", PageAddress.USUAL, said::add)) {
      url = page.url();
      assertThat(url).startsWith("http://127.0.0.1:2");
      assertThat(page.warning()).isEmpty();
      try (LivePage other = LivePage.start(config, "job.yaml", PageAddress.USUAL, said::add)) {
        assertThat(other.url()).isNotEqualTo(url);
      }
      PageAddress taken =
          new PageAddress(InetAddress.getLoopbackAddress(), URI.create(url).getPort());
      assertThatThrownBy(() -> LivePage.start(config, "job.yaml", taken, said::add))
          .isInstanceOf(CliException.class)
          .hasMessageContaining("--page=PORT");
    }
    try (LivePage again = LivePage.start(config, "job.yaml", PageAddress.USUAL, said::add)) {
      assertThat(again.url()).isEqualTo(url);
    }
  }

  private JobBuilder config(String format) {
    return JobConfig.builder()
        .set("kafka.bootstrap-servers", kafka.bootstrapServers())
        .set("source.topic", run + "observations")
        .set("series.step", "PT30M")
        .set("model.path", Pipelines.model())
        .set("sink.topic", run + "forecasts")
        .set("sink.format", format)
        .set("scores.topic", run + "scores")
        .set("cells.topic", run + "cells")
        .set("anomalies.topic", run + "anomalies");
  }

  private static PageAddress anyPort() {
    return new PageAddress(InetAddress.getLoopbackAddress(), 0);
  }

  private void send(String topic, byte[] value) {
    try (Producer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer.send(new ProducerRecord<>(run + topic, value));
    }
  }

  private static Cell cell(int at, Double value) {
    return Cell.newBuilder()
        .setSeries("site-7")
        .setTarget("0")
        .setTime(ORIGIN.plusMillis(at * STEP_MILLIS))
        .setValue(value)
        .setCorrection(false)
        .build();
  }

  private static Forecast forecast() {
    return Forecast.newBuilder()
        .setSeries("site-7")
        .setOrigin(ORIGIN)
        .setIssuedAt(ORIGIN.plusMillis(250))
        .setStepMillis(STEP_MILLIS)
        .setHorizon(2)
        .setModelId("patchtst-general")
        .setModelVersion("1")
        .setChannels(1)
        .setPoints(List.of(40.0, 41.0))
        .setQuantileLevels(List.of(.1, .9))
        .setQuantiles(List.of(38.0, 42.0, 38.5, 43.5))
        .setFilledCells(0)
        .setFallback(false)
        .build();
  }

  private static ForecastScore score() {
    return ForecastScore.newBuilder()
        .setSeries("site-7")
        .setTarget("0")
        .setTime(ORIGIN)
        .setModelId("patchtst-general")
        .setModelVersion("1")
        .setFirstLead(1)
        .setLastLead(2)
        .setCount(1840)
        .setMae(3.1)
        .setMse(12)
        .setSmape(.1)
        .setBias(-.2)
        .setNaiveCount(1840)
        .setCrps(3.1)
        .setRecentCount(150)
        .setRecentMae(2.9)
        .setRecentMse(11)
        .setRecentSmape(.1)
        .setRecentBias(-.1)
        .setRecentNaiveCount(150)
        .setRecentCrps(2.9)
        .build();
  }

  /** A browser that waits for something to be so. */
  private static final class Listener implements AutoCloseable {
    private final PageEvents events;
    private final String url;
    private JsonNode job = MissingNode.getInstance();

    Listener(LivePage page) {
      url = page.url();
      events = PageEvents.of(url);
    }

    /** Waits until all that is known of the series is so. */
    JsonNode until(Predicate<JsonNode> isSo) {
      while (true) {
        next();
        JsonNode whole = PageEvents.first(url).path("series");
        if (isSo.test(whole)) {
          untilJob(seen -> seen.path("live").asBoolean());
          return whole;
        }
      }
    }

    JsonNode untilJob(Predicate<JsonNode> isSo) {
      while (job.isMissingNode() || !isSo.test(job)) {
        next();
      }
      return job;
    }

    private void next() {
      JsonNode event = events.next();
      if (event.has("job")) {
        job = event.path("job");
      }
    }

    @Override
    public void close() {
      events.close();
    }
  }
}
