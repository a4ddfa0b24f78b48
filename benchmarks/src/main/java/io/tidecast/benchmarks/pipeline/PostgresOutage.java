package io.tidecast.benchmarks.pipeline;

import io.tidecast.benchmarks.inference.Models;
import io.tidecast.benchmarks.process.Job;
import io.tidecast.benchmarks.stream.Figures;
import io.tidecast.postgres.PostgresServer;
import io.tidecast.runtime.bundle.ModelBundle;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;

/**
 * A job that copies its forecasts into PostgreSQL, whose server is stopped for a while under load.
 * Broker, job and server have processes of their own. One thread.
 */
public final class PostgresOutage {

  private static final int WARM_UP = 200;
  private static final Duration COMMIT = Duration.ofSeconds(1);
  private static final Duration SETTLING = Duration.ofSeconds(5);
  private static final Duration BEFORE = Duration.ofSeconds(20);

  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private static final long LOOK_MILLIS = 50;
  private static final String COPIED = "tidecast_postgres_records_total";
  private static final String ROWS = "tidecast_postgres_rows_total{table=\"forecasts\"}";

  private final PostgresServer server;
  private final Plan plan;
  private final PipelineStage stage;
  private final URI metrics;
  private final HttpClient client = HttpClient.newHttpClient();

  /**
   * What is done.
   *
   * @param outage for how long the server is away
   * @param perSecond forecasts of all series together
   * @param keys more of the job file
   */
  public record Plan(Duration outage, double perSecond, int series, Map<String, String> keys) {}

  private PostgresOutage(PostgresServer server, Plan plan, PipelineStage stage, URI metrics) {
    this.server = server;
    this.plan = plan;
    this.stage = stage;
    this.metrics = metrics;
  }

  /**
   * Stops the server once a job forecasts, starts it again, and accounts for every point.
   *
   * @param folder for what the broker and the job keep
   * @return what went wrong, a sentence each
   */
  public static List<String> run(PostgresServer server, Plan plan, Path folder) throws Exception {
    Path model = Models.directory();
    Workload workload = Workload.of(ModelBundle.read(model).manifest(), plan.series, WARM_UP);
    String address = "127.0.0.1:" + freePort();
    Map<String, String> keys = new LinkedHashMap<>();
    keys.put("postgres.url", server.url());
    keys.put("postgres.user", server.user());
    keys.put("postgres.metrics-address", address);
    keys.putAll(plan.keys);
    PipelineStage.Setup setup =
        new PipelineStage.Setup(
            workload, model, 1, PipelineStage.BATCH, COMMIT, keys, SteadyPart.WarmUp.NONE);
    try (PipelineStage stage = PipelineStage.set(folder, setup)) {
      return new PostgresOutage(server, plan, stage, URI.create("http://" + address + "/metrics"))
          .run();
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }

  private List<String> run() throws Exception {
    Workload workload = stage.setup().workload();
    PipelineStage.Output output = stage.output("forecasts");
    SwapLedger ledger = new SwapLedger(workload);
    try (Job job = stage.job(output);
        CommittedForecasts committed = stage.committed(output)) {
      FutureTask<SwapLedger> reading =
          new FutureTask<>(
              () -> {
                ledger.read(committed);
                return ledger;
              });
      job.start();
      job.leaveAlone();
      Thread reader = thread(reading, "reader of forecasts");
      try {
        require(ledger, workload.forecasts(), output);
        requireLag(0, ledger, output);
        PacedFeed feed = stage.feed(PacedFeed.Pace.endless(plan.perSecond));
        Thread feeding = thread(feed, "feed");
        Phases phases;
        try {
          phases = outage(ledger, output);
        } finally {
          feed.stop();
        }
        feeding.join();
        long expected = workload.forecasts() + feed.sent();
        require(ledger, expected, output);
        requireLag(0, ledger, output);
        long written = (long) metric(ROWS);
        job.stop();
        ledger.stop();
        reading.get();
        return tell(new Account(expected, written, feed, ledger, phases));
      } finally {
        ledger.stop();
        reader.join();
      }
    }
  }

  /**
   * When things happened, nanoseconds as of {@link System#nanoTime}.
   *
   * @param quietNanos from when on forecasts are timed, until the server stops
   * @param usualLag records that wait to be copied while the server is there, at most
   * @param greatestLag the same once it is back
   */
  private record Phases(
      long quietNanos,
      long stoppedNanos,
      long startedNanos,
      long caughtUpNanos,
      long usualLag,
      long greatestLag) {

    double catchUpSeconds() {
      return (caughtUpNanos - startedNanos) / 1e9;
    }
  }

  private record Account(
      long expected, long written, PacedFeed feed, SwapLedger ledger, Phases phases) {}

  private Phases outage(SwapLedger ledger, PipelineStage.Output output)
      throws IOException, InterruptedException {
    Thread.sleep(SETTLING.toMillis());
    long quiet = System.nanoTime();
    long usual = 0;
    while (System.nanoTime() - quiet < BEFORE.toNanos()) {
      usual = Math.max(usual, lag(ledger));
      Thread.sleep(LOOK_MILLIS);
    }
    long stopped = System.nanoTime();
    server.stop();
    Thread.sleep(plan.outage.toMillis());
    server.startAgain();
    long started = System.nanoTime();
    long greatest = lag(ledger);
    long caughtUp = requireLag(usual, ledger, output);
    return new Phases(quiet, stopped, started, caughtUp, usual, greatest);
  }

  private List<String> tell(Account account) throws SQLException {
    Workload workload = stage.setup().workload();
    Phases phases = account.phases;
    int points = workload.spec().horizon() * workload.spec().channels();
    long rows = Long.parseLong(server.text("select count(*) from tidecast.forecasts"));
    long incomplete =
        Long.parseLong(
            server.text(
                "select count(*) from (select from tidecast.forecasts group by series, origin having count(*) <> %d) a"
                    .formatted(points)));
    Latency before = latency(account, phases.quietNanos, phases.stoppedNanos);
    Latency during = latency(account, phases.stoppedNanos, phases.startedNanos);
    System.out.printf(
        Locale.ROOT,
        "%,.0f forecasts a second of %,d points, the server away for %.1f s, %d processors%n%n",
        plan.perSecond,
        points,
        (phases.startedNanos - phases.stoppedNanos) / 1e9,
        Runtime.getRuntime().availableProcessors());
    System.out.println("| forecasts accepted | forecasts | p50 ms | p99 ms | greatest ms |");
    System.out.println("|---|---:|---:|---:|---:|");
    before.print("while the server was there");
    during.print("while it was away");
    System.out.printf(
        Locale.ROOT,
        "%nIn Kafka: %,d forecasts expected, %,d found, %,d doubled.%n",
        account.expected,
        account.ledger.found(),
        account.ledger.doubled());
    System.out.printf(
        Locale.ROOT,
        "In PostgreSQL: %,d points expected, %,d found, %,d written, %,d forecasts of another number of points.%n",
        account.expected * points,
        rows,
        account.written,
        incomplete);
    System.out.printf(
        Locale.ROOT,
        "Records that waited to be copied: %,d at most before, %,d when the server was back, and as few as before %.1f s later.%n",
        phases.usualLag,
        phases.greatestLag,
        phases.catchUpSeconds());
    Figures figures = new Figures();
    figures.put("outage.lost-points", (double) (account.expected * points - rows));
    figures.put("outage.rewritten-points", (double) (account.written - rows));
    figures.put("outage.catch-up-seconds", phases.catchUpSeconds());
    figures.put("outage.p50-ratio", during.p50Millis() / before.p50Millis());
    figures.put("outage.p99-ratio", during.p99Millis() / before.p99Millis());
    figures.print();
    List<String> problems = new ArrayList<>();
    if (account.ledger.found() != account.expected || account.ledger.doubled() > 0) {
      problems.add("every forecast must be in Kafka once");
    }
    if (rows != account.expected * points || incomplete > 0) {
      problems.add("every point of a forecast must be a row");
    }
    if (account.written != rows) {
      problems.add("no row may be written twice");
    }
    return problems;
  }

  private static Latency latency(Account account, long from, long to) {
    PacedFeed feed = account.feed;
    Times accepted = feed.accepted();
    Times readable = account.ledger.readable();
    return Latency.of(
        IntStream.range(feed.first(), feed.first() + feed.sent())
            .filter(place -> accepted.has(place) && readable.has(place))
            .filter(place -> accepted.get(place) - from >= 0 && accepted.get(place) - to < 0)
            .mapToLong(place -> readable.get(place) - accepted.get(place)));
  }

  private void require(SwapLedger ledger, long expected, PipelineStage.Output output)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (ledger.found() < expected) {
      if (System.nanoTime() - deadline > 0) {
        throw new IOException(
            "forecasts must arrive: expected=%d found=%d; last words of the job:%n%s"
                .formatted(expected, ledger.found(), output.lastWords()));
      }
      Thread.sleep(LOOK_MILLIS);
    }
  }

  /** Waits until no more records than that wait to be copied, and returns when that was. */
  private long requireLag(long most, SwapLedger ledger, PipelineStage.Output output)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (lag(ledger) > most) {
      if (System.nanoTime() - deadline > 0) {
        throw new IOException(
            "forecasts must be copied: waiting=%d; last words of the job:%n%s"
                .formatted(lag(ledger), output.lastWords()));
      }
      Thread.sleep(LOOK_MILLIS);
    }
    return System.nanoTime();
  }

  /** Forecasts that can be read and are not copied. */
  private long lag(SwapLedger ledger) throws IOException, InterruptedException {
    return Math.max(0, ledger.found() - (long) metric(COPIED));
  }

  private double metric(String name) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        client.send(HttpRequest.newBuilder(metrics).build(), HttpResponse.BodyHandlers.ofString());
    return answer
        .body()
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
        .findFirst()
        .orElseThrow(() -> new IOException("must be among the metrics: " + name));
  }

  private static Thread thread(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }
}
