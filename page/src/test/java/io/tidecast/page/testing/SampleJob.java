package io.tidecast.page.testing;

import io.tidecast.page.http.PageServer;
import io.tidecast.page.kept.About;
import io.tidecast.page.kept.Breach;
import io.tidecast.page.kept.Cell;
import io.tidecast.page.kept.Fan;
import io.tidecast.page.kept.JobState;
import io.tidecast.page.kept.KeptLimits;
import io.tidecast.page.kept.PageBoard;
import io.tidecast.page.kept.PageStore;
import io.tidecast.page.kept.Score;
import io.tidecast.page.kept.Shown;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;

/** A page with the records of a job that there is not: days that rise and fall, with noise. */
public final class SampleJob implements AutoCloseable {

  public static final String SERIES = "substation-17";
  public static final int HORIZON = 48;

  /** Levels of the quantiles. */
  public static final double[] LEVELS = {.05, .25, .5, .75, .95};

  private static final double[] SPREADS = {-1.64, -.67, 0, .67, 1.64};
  private static final long STEP = Duration.ofMinutes(30).toMillis();
  private static final long BEGIN = Instant.parse("2026-06-01T00:00:00Z").toEpochMilli();
  private static final int CELLS_A_DAY = 48;

  private final PageStore store;
  private final PageBoard board = new PageBoard();
  private final PageServer server;

  private SampleJob(KeptLimits limits, int port) {
    this.store = new PageStore(limits);
    Shown shown = new Shown(new About("substations.yaml", "Europe/London"), store, board);
    try {
      this.server =
          new PageServer(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), shown);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts a page on a free port, that knows nothing. */
  public static SampleJob start() {
    return start(0);
  }

  /** Starts a page on a port. */
  public static SampleJob start(int port) {
    return new SampleJob(KeptLimits.USUAL, port);
  }

  /** Where the page is. */
  public String url() {
    return "http://127.0.0.1:%d/".formatted(port());
  }

  public int port() {
    return server.address().getPort();
  }

  public PageStore store() {
    return store;
  }

  public PageBoard board() {
    return board;
  }

  /** Fills the page with ten days of a series, its forecasts, scores and anomalies. */
  public SampleJob fill() {
    int cells = 10 * CELLS_A_DAY;
    for (int i = 0; i < cells; i++) {
      add(SERIES, i);
      if (i >= 2 * CELLS_A_DAY) {
        store.add(fan(SERIES, "mixture", Fan.PRIMARY, i));
      }
    }
    store.add(fan(SERIES, "patchtst-general", "member", cells - 1));
    store.add(fan(SERIES, "seasonal-naive-1d", "member", cells - 1));
    scores("mixture", Fan.PRIMARY, Double.NaN, .58);
    scores("patchtst-general", "member", .71, .66);
    scores("seasonal-naive-1d", "member", .29, 1.04);
    for (int at : new int[] {cells - 130, cells - 31}) {
      double expected = value(SERIES, at);
      store.add(new Cell(SERIES, "0", time(at), expected + 9));
      store.add(
          new Breach(
              SERIES,
              "0",
              time(at),
              "anomaly",
              "above",
              expected + 9,
              new Breach.Range(expected - 4, expected + 5),
              1.8,
              false));
    }
    running(List.of());
    return this;
  }

  /** Fills the page with some cells of other series. */
  public SampleJob fillOthers(int count) {
    for (int one = 1; one <= count; one++) {
      String name = "feeder-%03d".formatted(one);
      for (int i = 0; i < 3 * CELLS_A_DAY; i++) {
        add(name, i);
      }
      store.add(fan(name, "mixture", Fan.PRIMARY, 3 * CELLS_A_DAY - 1));
    }
    return this;
  }

  public void running(List<JobState.Notice> notices) {
    JobState.Counts counts = new JobState.Counts(480, 384, 0, 0, 1);
    long now = System.nanoTime();
    board.show(
        new JobState(JobState.Phase.RUNNING, "The job is running", notices, counts),
        now - 2_000_000_000L);
    board.show(
        new JobState(
            JobState.Phase.RUNNING,
            "The job is running",
            notices,
            new JobState.Counts(680, 584, 0, 0, 1)),
        now);
    board.show(new PageBoard.Reading(true, List.of()));
    for (int i = 0; i < 200; i++) {
      board.took(240 + 2 * i);
    }
  }

  /** Adds one cell of a series. */
  public void add(String series, int at) {
    store.add(new Cell(series, "0", time(at), value(series, at)));
  }

  /** A forecast from a cell on. */
  public static Fan fan(String series, String model, String role, int origin) {
    long[] times = new long[HORIZON];
    float[] points = new float[HORIZON];
    float[] quantiles = new float[HORIZON * LEVELS.length];
    Random drift = new Random(origin * 31L + model.hashCode());
    double off = drift.nextGaussian();
    for (int i = 0; i < HORIZON; i++) {
      times[i] = time(origin + 1 + i);
      points[i] = (float) (level(series, origin + 1 + i) + off * Math.sqrt(i + 1) * .35);
      for (int level = 0; level < LEVELS.length; level++) {
        quantiles[i * LEVELS.length + level] =
            (float) (points[i] + SPREADS[level] * (1 + .35 * Math.sqrt(i + 1)));
      }
    }
    return new Fan(
        series,
        new Fan.Maker(model, "1", role, false, Double.NaN, 0),
        time(origin),
        time(origin) + 300,
        List.of("0"),
        new Fan.Values(times, points, LEVELS, quantiles));
  }

  private void scores(String model, String role, double weight, double ratio) {
    Score.Of of = new Score.Of(SERIES, "0", model, "1", role, weight);
    int[][] bands = {{1, 2}, {4, 8}, {16, 32}, {48, 48}};
    double naive = 2.1;
    for (int[] band : bands) {
      naive += .4;
      double mae = naive * (ratio + .002 * band[0]);
      Score.Figures figures = new Score.Figures(mae, naive, ratio + .1, .897, .12);
      store.add(new Score(of, band[0], band[1], time(479), 380, figures, figures));
    }
  }

  /** The time of a cell, epoch milliseconds. */
  public static long time(int at) {
    return BEGIN + at * STEP;
  }

  private static double level(String series, int at) {
    double day = 2 * Math.PI * at / CELLS_A_DAY;
    return 60
        + (series.hashCode() % 7)
        - 16 * Math.cos(day)
        - 6 * Math.cos(2 * day + 1)
        + 3 * Math.sin(day / 7);
  }

  private static double value(String series, int at) {
    return level(series, at) + new Random(at * 7919L + series.hashCode()).nextGaussian() * 1.3;
  }

  @Override
  public void close() {
    server.close();
  }
}
