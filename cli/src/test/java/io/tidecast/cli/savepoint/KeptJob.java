package io.tidecast.cli.savepoint;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * The jobs whose savepoints are kept, between them of every operator that has state, and what they
 * read: hourly values of meters and prices, the same in every run. A meter is forecast after every
 * second hour.
 *
 * <p>What is read has three parts. The <em>first</em> is answered before the savepoint is taken. Of
 * the <em>second</em>, forecasts are under way to the model and windows wait for prices when it is
 * taken. The <em>third</em> is read after it.
 */
enum KeptJob {
  /** Prices by meter, and forecasts on request. */
  STREAM("series"),
  /** Prices by site, of which each meter is a part. */
  GROUPS("group"),
  /** A topic up to its end. */
  HISTORY(null),
  /**
   * Forecasts that are mixed, calibrated, scored and held against what comes, by a model that can
   * be swapped and has a shadow.
   */
  ANSWERED(null);

  static final int HISTORY_CELLS = 1_500;

  /** How long windows wait for prices that never come. */
  static final Duration WAIT = Duration.ofSeconds(6);

  /** No record, and so a dead letter that says how far the job has read. */
  private static final String END_OF_PART = "that is all";

  private static final Path MODEL =
      Path.of(System.getProperty("tidecast.root"))
          .resolve("flink-jobs/src/test/resources/io/tidecast/flink/every-input");

  private static final long BEGIN = Instant.parse("2020-03-01T00:00:00Z").toEpochMilli();
  private static final long HOUR = Duration.ofHours(1).toMillis();
  private static final Map<String, String> SITES =
      Map.of("m1", "north", "m2", "north", "m3", "south", "m4", "north");

  /** The first hour of each part but the first, and the hour after the last. */
  private static final int SECOND = 10;

  private static final int THIRD = 14;
  private static final int END = 25;

  /** Hours of the meter that then says nothing more. */
  private static final int SILENT_FROM = 8;

  /** Whose prices are not known for two hours. */
  private static final Set<String> LACKING = Set.of("m3", "south");

  private static final Set<Integer> LACKING_HOURS = Set.of(12, 13);

  private final String pricesBy;

  KeptJob(String pricesBy) {
    this.pricesBy = pricesBy;
  }

  /** In lower case. */
  String title() {
    return name().toLowerCase(Locale.ROOT);
  }

  String meterTopic() {
    return title() + "-meters";
  }

  String priceTopic() {
    return title() + "-prices";
  }

  String requestTopic() {
    return title() + "-asked";
  }

  private String commandTopic() {
    return title() + "-commands";
  }

  /** What a run writes beside forecasts and dead letters. */
  List<String> more() {
    return this == ANSWERED
        ? List.of("cells", "scores", "anomalies", "events", "out-shadow")
        : List.of();
  }

  List<String> topics() {
    return switch (this) {
      case STREAM -> List.of(meterTopic(), priceTopic(), requestTopic());
      case GROUPS -> List.of(meterTopic(), priceTopic());
      case HISTORY -> List.of(meterTopic());
      case ANSWERED -> List.of(meterTopic(), commandTopic());
    };
  }

  /** What an outcome of a forecast is called. */
  static String forecast(String series, int originHour, int revision, int horizon) {
    return "forecast %s %s revision %d horizon %d"
        .formatted(series, Instant.ofEpochMilli(BEGIN + originHour * HOUR), revision, horizon);
  }

  /** What an outcome of a record that cannot be read is called. */
  private static String malformed(String topic, int offset) {
    return "rejected malformed %s %d".formatted(topic, offset);
  }

  /** The outcome after which all prices are in a checkpoint; none where there are no prices. */
  Set<String> endOfPrices() {
    return !hasPrices() ? Set.of() : Set.of(malformed(priceTopic(), prices().size() - 1));
  }

  /**
   * The outcomes after which all of the first part is in a checkpoint and nothing more comes of it.
   * Not of history.
   */
  Set<String> endOfFirst() {
    return Set.of(
        malformed(meterTopic(), firstMeters().size() - 1),
        forecast("m1", SILENT_FROM - 1, 0, 4),
        forecast("m2", SILENT_FROM - 1, 0, 4),
        forecast("m3", SILENT_FROM - 1, 0, 4),
        // Its last hour is closed by the time of the others, so this says that time has come.
        forecast("m4", SILENT_FROM - 1, 0, 4));
  }

  /** The outcomes after which all of the second part is in a checkpoint. Not of history. */
  Set<String> endOfSecond() {
    Set<String> end = new TreeSet<>();
    end.add(malformed(meterTopic(), firstMeters().size() + secondMeters().size() - 1));
    if (this == STREAM) {
      end.add(malformed(requestTopic(), secondRequests().size() - 1));
    }
    return end;
  }

  /** The outcomes after which nothing more comes. Not of history. */
  Set<String> endOfThird() {
    Set<String> end = new TreeSet<>();
    int meters = firstMeters().size() + secondMeters().size() + thirdMeters().size();
    end.add(malformed(meterTopic(), meters - 1));
    for (String meter : List.of("m1", "m2", "m3")) {
      end.add(forecast(meter, END - 2, 0, 4));
    }
    if (this == STREAM) {
      end.add(malformed(requestTopic(), secondRequests().size() + thirdRequests().size() - 1));
      end.add(forecast("m4", SILENT_FROM - 1, 0, 3));
    }
    return end;
  }

  /** All of history. */
  List<ProducerRecord<String, String>> firstMeters() {
    List<ProducerRecord<String, String>> meters = new ArrayList<>();
    if (this == HISTORY) {
      for (int hour = 0; hour < HISTORY_CELLS; hour++) {
        meters.add(meter("m1", hour, 0));
        meters.add(meter("m2", hour, 0));
      }
      return meters;
    }
    for (int hour = 0; hour < SECOND; hour++) {
      hour(meters, hour);
    }
    meters.add(record(meterTopic(), "m1", END_OF_PART));
    return meters;
  }

  /** None of history. */
  List<ProducerRecord<String, String>> secondMeters() {
    if (this == HISTORY) {
      return List.of();
    }
    List<ProducerRecord<String, String>> meters = new ArrayList<>();
    for (int hour = SECOND; hour < THIRD; hour++) {
      hour(meters, hour);
    }
    // A forecast that is under way is made again.
    meters.add(meter("m1", THIRD - 3, 40));
    meters.add(record(meterTopic(), "m1", END_OF_PART));
    return meters;
  }

  /** None of history. */
  List<ProducerRecord<String, String>> thirdMeters() {
    if (this == HISTORY) {
      return List.of();
    }
    List<ProducerRecord<String, String>> meters = new ArrayList<>();
    for (int hour = THIRD; hour < END; hour++) {
      hour(meters, hour);
      if (hour == THIRD + 6) {
        // One is made again, of another hour that is long over.
        meters.add(meter("m2", hour - 1, 40));
        meters.add(meter("m1", 3, 40));
      }
    }
    meters.add(record(meterTopic(), "m1", END_OF_PART));
    return meters;
  }

  private void hour(List<ProducerRecord<String, String>> meters, int hour) {
    for (String meter : List.of("m1", "m2", "m3", "m4")) {
      boolean gap = meter.equals("m2") && hour == THIRD + 2;
      boolean silent = meter.equals("m4") && hour >= SILENT_FROM;
      if (!gap && !silent) {
        meters.add(meter(meter, hour, 0));
        meters.add(meter(meter, hour, 20));
      }
    }
  }

  List<ProducerRecord<String, String>> secondRequests() {
    return this == STREAM
        ? List.of(request("m4", 2), record(requestTopic(), "m4", END_OF_PART))
        : List.of();
  }

  List<ProducerRecord<String, String>> thirdRequests() {
    return this == STREAM
        ? List.of(request("m4", 3), request("nobody", 1), record(requestTopic(), "m4", END_OF_PART))
        : List.of();
  }

  private boolean hasPrices() {
    return pricesBy != null;
  }

  /** Of all hours, those ahead included, but for some that never come. */
  List<ProducerRecord<String, String>> prices() {
    if (!hasPrices()) {
      return List.of();
    }
    List<ProducerRecord<String, String>> prices = new ArrayList<>();
    Set<String> keys = this == STREAM ? SITES.keySet() : Set.copyOf(SITES.values());
    for (String key : keys.stream().sorted().toList()) {
      for (int hour = 0; hour < END + 4; hour++) {
        if (!LACKING.contains(key) || !LACKING_HOURS.contains(hour)) {
          prices.add(
              record(
                  priceTopic(),
                  key,
                  "{\"key\": \"%s\", \"at\": %d, \"cents\": %s}"
                      .formatted(key, BEGIN + hour * HOUR, value(key, "b", hour))));
        }
      }
    }
    prices.add(record(priceTopic(), "m1", END_OF_PART));
    return prices;
  }

  private ProducerRecord<String, String> meter(String meter, int hour, int minute) {
    return record(
        meterTopic(),
        meter,
        "{\"meter\": \"%s\", \"site\": \"%s\", \"at\": %d, \"a\": %s, \"c\": %s}"
            .formatted(
                meter,
                SITES.get(meter),
                BEGIN + hour * HOUR + Duration.ofMinutes(minute).toMillis(),
                value(meter, "a", hour + minute),
                value(meter, "c", hour + minute)));
  }

  private ProducerRecord<String, String> request(String series, int horizon) {
    return record(
        requestTopic(), series, "{\"series\": \"%s\", \"horizon\": %d}".formatted(series, horizon));
  }

  private static ProducerRecord<String, String> record(String topic, String key, String value) {
    return new ProducerRecord<>(topic, key, value);
  }

  /** Another for each meter or site, channel and hour. */
  private static float value(String whose, String channel, int at) {
    return whose.hashCode() % 17 + channel.charAt(0) * 0.5f + (at * 7_919 % 101) * 0.25f;
  }

  /**
   * @param run that the topics of what it makes are named after
   */
  String yaml(String bootstrapServers, String run) {
    return """
        kafka: {bootstrap-servers: "%s"}
        source:
          topic: %s
          start: earliest
          stop: %s
          group-id: %s
          format: json
          mapping: {series: meter, time: at, values: [a, c]%s}
        series:
          step: 1h
          channels: 2
          close: watermark
          aggregate: mean
          forecast-every: 2
          max-filled-cells: 4
          allowed-lateness: 2h
          reissue: %s
          time-to-live: 3650d
        covariates: %s
        requests: %s
        model: {path: '%s', max-batch-size: %d}
        sink: {topic: %s-out, delivery: %s}
        dead-letters: {topic: %s-rejected}
        checkpoints: {interval: 300ms}
        job: {name: kept, parallelism: 1}
        %s"""
        .formatted(
            bootstrapServers,
            meterTopic(),
            this == HISTORY ? "latest" : "never",
            run,
            this == GROUPS ? ", group: site" : "",
            this != ANSWERED,
            !hasPrices()
                ? "{calendar: {b: hour}}"
                : """
                {topic: %s, keyed-by: %s, names: b, keep: 30d, wait: %ds, format: json,
                  mapping: {key: key, time: at, values: cents}}"""
                    .formatted(priceTopic(), pricesBy, WAIT.toSeconds()),
            this == STREAM ? "{topic: %s}".formatted(requestTopic()) : "{}",
            MODEL.toString().replace("'", "''"),
            // Twice as many may be under way; of a savepoint in the middle, not all of a topic.
            this == HISTORY ? 4 : 128,
            run,
            // Only of a topic that it reads to its end, a savepoint is taken while it writes. Kafka
            // would have to remember the transactions of that time.
            this == HISTORY ? "at-least-once" : "exactly-once",
            run,
            this == ANSWERED ? answering(run) : "");
  }

  private String answering(String run) {
    return """
        models: [{name: candidate, path: '%1$s', role: shadow}]
        commands: {topic: %2$s, events-topic: %3$s-events}
        mixture: {members: [model, seasonal-naive-3h, repeat-last, linear]}
        calibration: {levels: [0.05, 0.5, 0.95]}
        cells: {topic: %3$s-cells}
        scores: {topic: %3$s-scores, every: 1}
        anomalies: {topic: %3$s-anomalies}
        gauges: {series: m1, forecast-at: 2h}
        """
        .formatted(MODEL.toString().replace("'", "''"), commandTopic(), run);
  }
}
