package io.tidecast.postgres;

import static io.tidecast.postgres.TestRecords.anomaly;
import static io.tidecast.postgres.TestRecords.bytes;
import static io.tidecast.postgres.TestRecords.cell;
import static io.tidecast.postgres.TestRecords.event;
import static io.tidecast.postgres.TestRecords.forecast;
import static io.tidecast.postgres.TestRecords.hour;
import static io.tidecast.postgres.TestRecords.score;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidecast.flink.sink.PostgresSettings;
import io.tidecast.schemas.Forecast;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What becomes of records in a real database, without a broker. */
@Tag("cluster")
class CopyLoopITCase {

  private static TestPostgres server;

  private final TestTopics topics = new TestTopics();
  private final List<String> said = new ArrayList<>();
  private final List<Entry> refused = new ArrayList<>();
  private final AtomicLong nanos = new AtomicLong();

  @BeforeAll
  static void start() {
    server = TestPostgres.start(TestPostgres.Version.OLDEST);
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
  }

  @BeforeEach
  void empty() throws Exception {
    server.execute("drop schema if exists tidecast cascade");
  }

  @Test
  void shouldMakeARowOfEverythingThatAForecastSays() throws Exception {
    Forecast shadow = forecast("b", 5, 1);
    TestRecords.set(shadow, "role", "shadow");
    TestRecords.set(shadow, "quantileLevels", List.of());
    TestRecords.set(shadow, "quantiles", List.of());
    TestRecords.set(shadow, "targets", List.of());
    TestRecords.set(shadow, "fallback", true);
    topics.write("forecasts", bytes(forecast("a\t\\N\n\"ä\"", 1, 0)), bytes(shadow));

    copyAll();

    assertThat(server.rows("select * from tidecast.forecasts order by series, time"))
        .containsExactly(
            "a\t\\N\n\"ä\"|load|2026-03-01 02:00:00+00|2026-03-01 01:00:00+00|primary||1|m|1|0|2026-03-01 01:00:01+00|0|f|null|1|0|2|{0.1,0.5,0.9}|{0,1,2}",
            "a\t\\N\n\"ä\"|load|2026-03-01 03:00:00+00|2026-03-01 01:00:00+00|primary||2|m|1|0|2026-03-01 01:00:01+00|0|f|null|2|1|3|{0.1,0.5,0.9}|{1,2,3}",
            "b|0|2026-03-01 06:00:00+00|2026-03-01 05:00:00+00|shadow|m@1|1|m|1|1|2026-03-01 05:00:02+00|0|t|null|5.1|null|null|{}|{}",
            "b|0|2026-03-01 07:00:00+00|2026-03-01 05:00:00+00|shadow|m@1|2|m|1|1|2026-03-01 05:00:02+00|0|t|null|6.1|null|null|{}|{}");
    assertThat(server.rows("select * from tidecast.series order by 1"))
        .containsExactly("a\t\\N\n\"ä\"|load", "b|0");
    assertThat(
            server.rows("select model_id, model_version, first_seen, state from tidecast.models"))
        .containsExactly("m|1|2026-03-01 01:00:01+00|null");
  }

  @Test
  void shouldMakeRowsOfCellsScoresAnomaliesAndEvents() throws Exception {
    topics
        .write("cells", cell("a", 1, 5.0, false), cell("a", 2, null, false))
        .write("scores", score("a", 3, 0.5))
        .write("anomalies", anomaly("a", 4, false), anomaly("a", 5, false), anomaly("a", 5, true))
        .write("events", event("ready", 1, 0), event("switched", 2, 0), event("switched", 2, 1));

    CopyFigures figures = copyAll();

    assertThat(server.rows("select * from tidecast.observations order by time"))
        .containsExactly(
            "a|load|2026-03-01 01:00:00+00|5|f", "a|load|2026-03-01 02:00:00+00|null|f");
    assertThat(
            server.rows(
                "select series, target, time, model_id, model_version, role, first_lead, mae, count, naive_count, mase, recent_crps from tidecast.scores"))
        .containsExactly("a|load|2026-03-01 03:00:00+00|m|1|primary|1|0.5|5|5|null|0.5");
    assertThat(
            server.rows(
                "select time, kind, value, expected, score, origin, withdrawn from tidecast.anomalies order by time"))
        .containsExactly(
            "2026-03-01 04:00:00+00|anomaly|9|5|2|2026-03-01 03:00:00+00|f",
            "2026-03-01 05:00:00+00|anomaly|9|5|2|2026-03-01 04:00:00+00|t");
    assertThat(
            server.rows(
                "select time, kind, subtask, event ->> 'later' from tidecast.events order by time, subtask"))
        .containsExactly(
            "2026-03-01 01:00:00+00|ready|0|field",
            "2026-03-01 02:00:00+00|switched|0|field",
            "2026-03-01 02:00:00+00|switched|1|field");
    assertThat(server.rows("select first_seen, state, state_since, slot from tidecast.models"))
        .containsExactly("2026-03-01 01:00:00+00|switched|2026-03-01 02:00:00+00|default");
    assertThat(figures.records()).isEqualTo(9);
    assertThat(figures.deadLetters()).isZero();
    assertThat(server.rows("select * from tidecast.outcomes")).isEmpty();
  }

  @Test
  void shouldShowWhatWasExpectedBesideWhatCame() throws Exception {
    topics
        .write("cells", cell("a", 2, 1.5, false), cell("a", 3, 9.0, false))
        .write("forecasts", bytes(forecast("a", 1, 0)), bytes(forecast("a", 2, 0)));

    copyAll();

    assertThat(
            server.rows(
                "select time, lead, expected, actual, breach from tidecast.outcomes order by origin, lead"))
        .containsExactly(
            "2026-03-01 02:00:00+00|1|1|1.5|f",
            "2026-03-01 03:00:00+00|2|2|9|t",
            "2026-03-01 03:00:00+00|1|2|9|t");
    assertThat(server.rows("select time, value from tidecast.newest_forecasts where series = 'a'"))
        .containsExactlyInAnyOrder("2026-03-01 03:00:00+00|2", "2026-03-01 04:00:00+00|3");
    assertThat(server.text("select count(*) from tidecast.breaches where lead = 1")).isEqualTo("1");
    assertThat(
            server.rows(
                "select level, value from tidecast.forecast_quantiles where lead = 1 and origin = '2026-03-01 01:00Z' order by 1"))
        .containsExactly("0.1|0", "0.5|1", "0.9|2");
  }

  /** Every order of records, in one transaction and in many, and all of them twice. */
  @Test
  void shouldEndWithTheSameRowsWhateverTheOrder() throws Exception {
    List<byte[]> forecasts = new ArrayList<>();
    for (int revision = 0; revision < 4; revision++) {
      for (int hour = 0; hour < 3; hour++) {
        forecasts.add(bytes(forecast("a", hour, revision)));
      }
    }
    // Another model answers in a later revision: there is one primary forecast of an origin.
    Forecast other = forecast("a", 0, 9);
    TestRecords.set(other, "modelId", "other");
    forecasts.add(bytes(other));
    List<byte[]> cells =
        new ArrayList<>(
            List.of(cell("a", 1, 1.0, false), cell("a", 1, 2.0, true), cell("a", 2, 3.0, false)));
    List<byte[]> events =
        new ArrayList<>(
            List.of(event("ready", 1, 0), event("switched", 2, 0), event("retired", 3, 0)));
    forecasts.forEach(one -> topics.write("forecasts", one));
    cells.forEach(one -> topics.write("cells", one));
    events.forEach(one -> topics.write("events", one));
    copyAll();
    String expected = server.everything();
    assertThat(
            server.rows(
                "select value from tidecast.forecasts where origin = '2026-03-01' order by time"))
        .containsExactly("0.9", "1.9");
    assertThat(
            server.text("select value from tidecast.observations where time = '2026-03-01 01:00Z'"))
        .isEqualTo("2");

    Random random = new Random(7);
    for (int round = 0; round < 6; round++) {
      for (List<byte[]> all : List.of(forecasts, cells, events)) {
        Collections.shuffle(all, random);
      }
      if (round % 2 == 0) {
        server.execute("drop schema tidecast cascade");
      }
      // Even so, the same rows come again: the offsets alone are new.
      TestTopics shuffled = new TestTopics();
      shuffled.ids.replaceAll((topic, id) -> id + random.nextInt());
      forecasts.forEach(one -> shuffled.write("forecasts", one));
      cells.forEach(one -> shuffled.write("cells", one));
      events.forEach(one -> shuffled.write("events", one));
      copy(shuffled, 1 + random.nextInt(9), Map.of());
      assertThat(server.everything()).as("round " + round).isEqualTo(expected);
    }
  }

  @Test
  void shouldGoOnWhereItWasAndCopyNothingTwice() throws Exception {
    topics.write("cells", cell("a", 1, 1.0, false), cell("a", 2, 2.0, false));
    assertThat(copyAll().records()).isEqualTo(2);

    topics.write("cells", cell("a", 3, 3.0, false));
    assertThat(copyAll().records()).isEqualTo(1);
    assertThat(copyAll().records()).isZero();
    assertThat(server.rows("select topic, next_offset from tidecast.offsets where topic = 'cells'"))
        .containsExactly("cells|3");

    // A topic that was made anew is another one.
    topics.ids.put("cells", "another");
    assertThat(copyAll().records()).isEqualTo(3);
  }

  @Test
  void shouldLoseAndDoubleNothingWhileTheServerIsAway() throws Exception {
    topics.write("cells", cell("a", 1, 1.0, false));
    MockConsumer<byte[], byte[]> consumer = topics.consumer();
    try (CopyLoop loop = loop(consumer, settings(10))) {
      steps(loop, 5);
      assertThat(loop.figures().records()).isEqualTo(1);

      server.stop();
      topics.write("cells", cell("a", 2, 2.0, false), cell("a", 3, 3.0, false));
      topics.give(consumer, "cells", 1);
      for (int i = 0; i < 12; i++) {
        nanos.addAndGet(Duration.ofSeconds(10).toNanos());
        loop.step();
      }
      assertThat(loop.figures().records()).isEqualTo(1);
      assertThat(loop.figures().awayMillis()).isGreaterThan(60_000);
      assertThat(consumer.paused()).isNotEmpty();
      // At once, and again after a minute: not with every try.
      assertThat(said)
          .hasSize(2)
          .allSatisfy(
              one ->
                  assertThat(one)
                      .startsWith("PostgreSQL at 127.0.0.1:")
                      .contains(
                          "does not do what is needed to copy to PostgreSQL: ",
                          "Nothing is lost as long as the topics keep their records, and forecasts are made and written as before"));

      server.startAgain();
      topics.write("cells", cell("a", 4, 4.0, false));
      topics.give(consumer, "cells", 3);
      nanos.addAndGet(Duration.ofMinutes(1).toNanos());
      steps(loop, 6);
      assertThat(loop.figures().records()).isEqualTo(4);
      assertThat(loop.figures().awayMillis()).isZero();
      assertThat(said)
          .hasSize(3)
          .last()
          .asString()
          .startsWith("Copying to PostgreSQL goes on after");
    }
    assertThat(server.rows("select value from tidecast.observations order by time"))
        .containsExactly("1", "2", "3", "4");
    assertThat(server.text("select next_offset from tidecast.offsets where topic = 'cells'"))
        .isEqualTo("4");
  }

  @Test
  void shouldGiveUpWhenItIsToldTo() {
    PostgresSettings nowhere =
        new PostgresSettings(
            "jdbc:postgresql://127.0.0.1:1/t",
            "me",
            null,
            "g",
            new PostgresSettings.Batch(1, Duration.ZERO),
            Map.of(),
            Duration.ofMinutes(1),
            null);
    try (CopyLoop loop = loop(topics.consumer(), nowhere)) {
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 100; i++) {
                  nanos.addAndGet(Duration.ofSeconds(5).toNanos());
                  loop.step();
                }
              })
          .isInstanceOf(UnfitServerException.class)
          .hasMessageContaining("within postgres.give-up-after=PT1M");
    }
  }

  @Test
  void shouldPutAsideWhatCannotBeHeldAndGoOn() throws Exception {
    Forecast wrong = forecast("a", 1, 0);
    TestRecords.set(wrong, "points", List.of(1.0));
    Forecast infinite = forecast("a", 1, 0);
    TestRecords.set(infinite, "points", List.of(1.0, Double.POSITIVE_INFINITY));
    topics.write(
        "forecasts",
        bytes(forecast("a", 0, 0)),
        "what?".getBytes(StandardCharsets.UTF_8),
        bytes(wrong),
        bytes(infinite),
        bytes(forecast("with\0it", 1, 0)),
        // Longer than a key may be: the database itself refuses it, and all that go with it.
        bytes(forecast(incompressible(20_000), 1, 0)),
        bytes(forecast("a", 2, 0)));
    topics.write("events", "{\"kind\":1}".getBytes(StandardCharsets.UTF_8));
    topics.write("cells", cell("a", 1, 1.0, false));

    CopyFigures figures = copyAll();

    assertThat(figures.deadLetters()).isEqualTo(6);
    assertThat(figures.records()).isEqualTo(9);
    assertThat(server.rows("select distinct origin from tidecast.forecasts order by 1"))
        .containsExactly("2026-03-01 00:00:00+00", "2026-03-01 02:00:00+00");
    assertThat(server.rows("select next_offset from tidecast.offsets where topic = 'forecasts'"))
        .containsExactly("7");
    assertThat(refused)
        .extracting(one -> one.record().topic() + "@" + one.record().offset())
        .containsExactlyInAnyOrder(
            "forecasts@1", "forecasts@2", "forecasts@3", "forecasts@4", "forecasts@5", "events@0");
    assertThat(refused)
        .extracting(one -> one.refusal().code().code())
        .containsOnly("malformed", "not-storable");
    assertThat(refused)
        .filteredOn(one -> one.record().offset() == 5)
        .extracting(one -> one.refusal().detail())
        .singleElement()
        .asString()
        .contains("index row");
    assertThat(said)
        .singleElement()
        .asString()
        .startsWith("A record of ")
        .contains(" cannot be copied to PostgreSQL and is a dead letter: ");
  }

  private static String incompressible(int length) {
    Random random = new Random(1);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append((char) (0x4E00 + random.nextInt(0x5000)));
    }
    return text.toString();
  }

  @Test
  void shouldLeaveToOthersWhatTheyHaveCopied() throws Exception {
    topics.write("cells", cell("a", 1, 1.0, false));
    MockConsumer<byte[], byte[]> consumer = topics.consumer();
    try (CopyLoop loop = loop(consumer, settings(1_000))) {
      steps(loop, 4);
      // Another process of the group was faster.
      server.execute("update tidecast.offsets set next_offset = 3 where topic = 'cells'");
      topics.write(
          "cells", cell("a", 2, 2.0, false), cell("a", 3, 3.0, false), cell("a", 4, 4.0, false));
      topics.give(consumer, "cells", 1);
      steps(loop, 2);
      assertThat(server.text("select count(*) from tidecast.observations")).isEqualTo("1");
      topics.give(consumer, "cells", 3);
      steps(loop, 4);
    }
    assertThat(server.rows("select value from tidecast.observations order by time"))
        .containsExactly("1", "4");
  }

  @Test
  void shouldSayWhatKafkaHadDeletedBefore() throws Exception {
    topics.write(
        "cells", cell("a", 1, 1.0, false), cell("a", 2, 2.0, false), cell("a", 3, 3.0, false));
    copyAll();
    server.execute("update tidecast.offsets set next_offset = 0 where topic = 'cells'");
    MockConsumer<byte[], byte[]> consumer = topics.consumer();
    try (CopyLoop loop = loop(consumer, settings(10))) {
      loop.step();
      consumer.updateBeginningOffsets(Map.of(TestTopics.partition("cells"), 2L));
      steps(loop, 4);
      assertThat(loop.figures().missedRecords()).isEqualTo(2);
      assertThat(loop.figures().records()).isEqualTo(1);
      assertThat(said)
          .containsExactly(
              "2 records of cells-0 were deleted from Kafka before they were copied to PostgreSQL: the topic keeps them for too short a time.");
    }
  }

  @Test
  void shouldSayWhatKafkaDeletesWhileItWaits() throws Exception {
    topics.write("cells", cell("a", 1, 1.0, false));
    MockConsumer<byte[], byte[]> consumer = topics.consumer();
    try (CopyLoop loop = loop(consumer, settings(1_000))) {
      steps(loop, 4);
      topics.write("cells", cell("a", 2, 2.0, false));
      topics.give(consumer, "cells", 1);
      // This one is read, and waits for others.
      steps(loop, 1);
      server.stop();
      nanos.addAndGet(Duration.ofMinutes(1).toNanos());
      loop.step();
      topics.write(
          "cells", cell("a", 3, 3.0, false), cell("a", 4, 4.0, false), cell("a", 5, 5.0, false));
      consumer.updateBeginningOffsets(Map.of(TestTopics.partition("cells"), 4L));
      topics.give(consumer, "cells", 4);

      server.startAgain();
      nanos.addAndGet(Duration.ofMinutes(1).toNanos());
      steps(loop, 6);
      nanos.addAndGet(Duration.ofMinutes(1).toNanos());
      steps(loop, 6);

      assertThat(loop.figures().missedRecords()).isEqualTo(2);
      assertThat(said)
          .contains(
              "2 records of cells-0 were deleted from Kafka before they were copied to PostgreSQL: the topic keeps them for too short a time.");
    }
    assertThat(server.rows("select value from tidecast.observations order by time"))
        .containsExactly("1", "2", "5");
  }

  @Test
  void shouldDeleteWhatIsTooOldAndNothingElse() throws Exception {
    Instant now = hour(100);
    for (int i = 0; i < 100; i++) {
      topics
          .write("cells", cell("a", i, 1.0, false))
          .write("forecasts", bytes(forecast("a", i, 0)));
    }
    topics.write("scores", score("a", 1, 1)).write("events", event("ready", 1, 0));
    copyAll();
    assertThat(server.text("select count(*) from tidecast.observations")).isEqualTo("100");
    copy(
        topics,
        50,
        Map.of(
            PostgresSettings.Table.OBSERVATIONS,
            Duration.ofHours(10),
            PostgresSettings.Table.SCORES,
            Duration.ofHours(1)));

    assertThat(server.rows("select min(time), count(*) from tidecast.observations"))
        .containsExactly("2026-03-04 18:00:00+00|10");
    assertThat(now.minus(Duration.ofHours(10))).isEqualTo("2026-03-04T18:00:00Z");
    assertThat(server.text("select count(*) from tidecast.scores")).isEqualTo("0");
    assertThat(server.text("select count(*) from tidecast.forecasts")).isEqualTo("200");
    assertThat(server.text("select count(*) from tidecast.events")).isEqualTo("1");
  }

  private PostgresSettings settings(int rows) {
    return server.settings(rows, Map.of());
  }

  private CopyFigures copyAll() {
    return copy(topics, 1_000, Map.of());
  }

  /** Copies all that is there, as a process does that is started anew. */
  private CopyFigures copy(
      TestTopics from, int rows, Map<PostgresSettings.Table, Duration> retention) {
    try (CopyLoop loop = loop(from, from.consumer(), server.settings(rows, retention))) {
      loop.step();
      for (int i = 0; i < 1_000 && !loop.isDone(from.ends()); i++) {
        loop.step();
      }
      steps(loop, 8);
      assertThat(loop.isDone(from.ends())).isTrue();
      return loop.figures();
    }
  }

  private void steps(CopyLoop loop, int count) {
    for (int i = 0; i < count; i++) {
      nanos.addAndGet(1_000_000);
      loop.step();
    }
  }

  private CopyLoop loop(MockConsumer<byte[], byte[]> consumer, PostgresSettings settings) {
    return loop(topics, consumer, settings);
  }

  private CopyLoop loop(
      TestTopics from, MockConsumer<byte[], byte[]> consumer, PostgresSettings settings) {
    CopySetup setup =
        new CopySetup(
            TestTopics.makers(),
            settings,
            from.ids::get,
            said::add,
            Clock.fixed(hour(100), ZoneOffset.UTC),
            nanos::get);
    return new CopyLoop(consumer, setup, new Database(new Connector(settings)), refused::addAll);
  }
}
