package io.tidecast.benchmarks.postgres;

import io.tidecast.benchmarks.inference.Median;
import io.tidecast.benchmarks.process.Broker;
import io.tidecast.benchmarks.process.JobYaml;
import io.tidecast.benchmarks.stream.Figures;
import io.tidecast.flink.config.JobFile;
import io.tidecast.postgres.CopyFigures;
import io.tidecast.postgres.PostgresCopier;
import io.tidecast.postgres.PostgresServer;
import io.tidecast.schemas.AvroCodec;
import io.tidecast.schemas.Forecast;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Copies a topic of forecasts again and again, by turns with {@code COPY FROM STDIN} of the very
 * rows that it makes into a table with the same columns, keys and indexes. The copier is in this
 * process, broker and server have theirs. One thread.
 */
final class CopySpeed {

  private static final int HORIZON = 48;
  private static final int SERIES = 100;
  private static final Duration STEP = Duration.ofMinutes(30);
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final List<Double> LEVELS = List.of(.1, .2, .3, .4, .5, .6, .7, .8, .9);
  private static final String TOPIC = "forecasts";
  private static final long LOOK_MILLIS = 2;
  private static final long PATIENCE_NANOS = Duration.ofMinutes(10).toNanos();

  private final Plan plan;
  private final Broker broker;
  private final PostgresServer server;
  private final Path folder;

  /**
   * What is copied.
   *
   * @param forecasts of 48 points with nine quantiles each
   * @param turns that count; another one comes before them
   * @param keys more of the job file
   */
  record Plan(int forecasts, int turns, Map<String, String> keys) {

    long rows() {
      return (long) forecasts * HORIZON;
    }
  }

  /** Rows a second of one turn. */
  private record Turn(double copier, double plain) {}

  CopySpeed(Plan plan, Broker broker, PostgresServer server, Path folder) {
    this.plan = plan;
    this.broker = broker;
    this.server = server;
    this.folder = folder;
  }

  /** Measures, and prints what it finds. */
  void measure() throws IOException, SQLException, InterruptedException {
    broker.createTopic(TOPIC, 1);
    write();
    System.out.printf(
        Locale.ROOT,
        "%,d forecasts of %d points with %d quantiles, %,d rows, %d processors%n%n",
        plan.forecasts,
        HORIZON,
        LEVELS.size(),
        plan.rows(),
        Runtime.getRuntime().availableProcessors());
    System.out.println("| turn | the copier, rows/s | COPY FROM STDIN, rows/s | ratio |");
    System.out.println("|---|---:|---:|---:|");
    List<Turn> turns = new ArrayList<>();
    for (int number = 0; number <= plan.turns; number++) {
      double copier = copier(number);
      Turn turn = new Turn(copier, plain());
      row(number == 0 ? "warm-up" : Integer.toString(number), turn);
      if (number > 0) {
        turns.add(turn);
      }
    }
    Turn median =
        new Turn(
            Median.of(turns.stream().mapToDouble(Turn::copier)),
            Median.of(turns.stream().mapToDouble(Turn::plain)));
    row("median", median);
    Figures figures = new Figures();
    figures.put("postgres.rows-per-second", median.copier);
    figures.put("postgres.plain-rows-per-second", median.plain);
    figures.put("postgres.share", median.copier / median.plain);
    figures.print();
  }

  private static void row(String name, Turn turn) {
    System.out.printf(
        Locale.ROOT,
        "| %s | %,.0f | %,.0f | %.2f |%n",
        name,
        turn.copier,
        turn.plain,
        turn.copier / turn.plain);
  }

  private void write() {
    AvroCodec<Forecast> codec = AvroCodec.forecasts();
    Random random = new Random(1);
    try (Producer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", broker.bootstrapServers(), "linger.ms", 20),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (int i = 0; i < plan.forecasts; i++) {
        String series = "meter-%05d".formatted(i % SERIES);
        Instant origin = START.plus(STEP.multipliedBy(i / SERIES));
        var unused =
            producer.send(
                new ProducerRecord<>(
                    TOPIC,
                    series.getBytes(StandardCharsets.UTF_8),
                    codec.encode(forecast(series, origin, random))),
                (metadata, failure) -> {
                  if (failure != null) {
                    throw new IllegalStateException(failure);
                  }
                });
      }
    }
  }

  private static Forecast forecast(String series, Instant origin, Random random) {
    List<Double> points = new ArrayList<>(HORIZON);
    List<Double> quantiles = new ArrayList<>(HORIZON * LEVELS.size());
    for (int i = 0; i < HORIZON; i++) {
      double point = 30_000 + 10_000 * random.nextFloat();
      points.add(point);
      for (double level : LEVELS) {
        quantiles.add((double) (float) (point + 4_000 * (level - .5)));
      }
    }
    return Forecast.newBuilder()
        .setSeries(series)
        .setOrigin(origin)
        .setIssuedAt(origin.plusMillis(417))
        .setStepMillis(STEP.toMillis())
        .setHorizon(HORIZON)
        .setModelId("patchtst-uk-demand")
        .setModelVersion("1")
        .setChannels(1)
        .setTargets(List.of("demand"))
        .setPoints(points)
        .setQuantileLevels(LEVELS)
        .setQuantiles(quantiles)
        .setFilledCells(0)
        .setFallback(false)
        .setRevision(0)
        .setRole("primary")
        .build();
  }

  /** Rows a second from the end of the first transaction on, so that no start is in it. */
  private double copier(int number) throws IOException, SQLException, InterruptedException {
    if (number > 0) {
      server.execute("truncate tidecast.forecasts, tidecast.series, tidecast.models");
    }
    server.execute("checkpoint");
    Path file = folder.resolve("turn-" + number + ".yaml");
    Map<String, Object> keys = new LinkedHashMap<>();
    keys.put("kafka.bootstrap-servers", broker.bootstrapServers());
    keys.put("source.topic", "observations");
    keys.put("series.step", STEP.toString());
    keys.put("model.path", folder.toString());
    keys.put("sink.topic", TOPIC);
    keys.put("postgres.url", server.url());
    keys.put("postgres.user", server.user());
    keys.put("postgres.group-id", "turn-" + number);
    plan.keys.forEach((key, value) -> keys.put(key, JobYaml.value(value)));
    JobYaml.write(file, keys);
    List<String> said = new ArrayList<>();
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    try (PostgresCopier copier = PostgresCopier.start(JobFile.load(file), said::add)) {
      CopyFigures figures = copier.figures();
      long first = 0;
      long begin = 0;
      while (figures.records() < plan.forecasts) {
        if (first == 0 && figures.records() > 0) {
          first = figures.records();
          begin = System.nanoTime();
        }
        if (copier.isEnded() || System.nanoTime() - deadline > 0) {
          throw new IOException(
              "all must be copied: records=%d of %d: %s"
                  .formatted(figures.records(), plan.forecasts, said));
        }
        Thread.sleep(LOOK_MILLIS);
      }
      if (first == 0) {
        throw new IOException("must take more than one transaction: rows=" + plan.rows());
      }
      double perSecond =
          (plan.forecasts - first) * (double) HORIZON * 1e9 / (System.nanoTime() - begin);
      requireRows("tidecast.forecasts");
      return perSecond;
    }
  }

  /** The same rows, as they lie in the table, into another one like it. */
  private double plain() throws IOException, SQLException {
    Path rows = folder.resolve("rows");
    if (!Files.exists(rows)) {
      server.copy("copy tidecast.forecasts to stdout", rows);
      server.execute("create schema plain");
      server.execute("create table plain.forecasts (like tidecast.forecasts including all)");
    }
    server.execute("truncate plain.forecasts");
    server.execute("checkpoint");
    long begin = System.nanoTime();
    long copied = server.copy("copy plain.forecasts from stdin", rows);
    double perSecond = copied * 1e9 / (System.nanoTime() - begin);
    requireRows("plain.forecasts");
    return perSecond;
  }

  private void requireRows(String table) throws IOException, SQLException {
    long found = Long.parseLong(server.text("select count(*) from " + table));
    if (found != plan.rows()) {
      throw new IOException(
          "every point must be a row of %s: expected=%d found=%d"
              .formatted(table, plan.rows(), found));
    }
  }
}
