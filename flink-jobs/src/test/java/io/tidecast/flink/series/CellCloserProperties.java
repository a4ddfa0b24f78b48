package io.tidecast.flink.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.grid.Cadence;
import io.tidecast.flink.grid.CellRule.Aggregate;
import io.tidecast.flink.grid.CellRule.Duplicates;
import io.tidecast.flink.grid.CounterRule.Gap;
import io.tidecast.flink.grid.CounterRule.Reset;
import io.tidecast.flink.grid.Spelling;
import io.tidecast.flink.record.ForecastRequest;
import io.tidecast.flink.record.ForecastTask;
import io.tidecast.flink.record.Measurement;
import io.tidecast.flink.record.RecordOrigin;
import io.tidecast.flink.testing.Notebook;
import io.tidecast.flink.testing.Samples;
import io.tidecast.runtime.context.Fill;
import io.tidecast.runtime.manifest.ForecasterSpec;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.Test;

/**
 * Irregular, delayed, doubled and missing observations of random series under random policies, fed
 * to the operator from several partitions with checkpoints and restores in between, against a
 * {@link Notebook} that sees all of them at once.
 */
class CellCloserProperties {

  private static final int CONFIGURATIONS = 40;
  private static final int SERIES = 20;
  private static final int CELLS = 24;
  private static final int PARTITIONS = 3;

  /** Aggregates that one observation can answer. */
  private static final Aggregate[] OF_ONE = {
    Aggregate.LAST, Aggregate.FIRST, Aggregate.DELTA, Aggregate.RATE
  };

  private static final Duplicates[] DISTINCT = {Duplicates.LAST, Duplicates.FIRST};

  /** Cells that a series is remembered for, where it is forgotten at all. */
  private static final int LIFE = 14;

  /** What becomes of series that say nothing for long, while some go on. */
  private enum Silence {
    NONE,
    KEPT,
    FORGOTTEN,
    /** Is forecast from. */
    FILLED,
    FILLED_AND_FORGOTTEN;

    boolean forgets() {
      return this == FORGOTTEN || this == FILLED_AND_FORGOTTEN;
    }

    boolean fills() {
      return this == FILLED || this == FILLED_AND_FORGOTTEN;
    }
  }

  /** A step, its length in milliseconds, and where its series begin: clocks change, years end. */
  private record Grid(String step, long millis, String begin) {}

  private static final List<Grid> GRIDS =
      List.of(
          new Grid("1s", 1_000, "1969-12-31T23:59:50Z"),
          new Grid("7min", 420_000, "2023-12-31T23:00:00Z"),
          new Grid("30min", 1_800_000, "2024-02-28T20:00:00Z"),
          new Grid("20min", 1_200_000, "2024-03-30T22:00:00Z"),
          new Grid("20min", 1_200_000, "2024-10-26T22:00:00Z"),
          new Grid("P1D, zone: Europe/Berlin", 86_400_000, "2024-03-20T00:00:00Z"),
          new Grid("P1D, zone: America/New_York", 86_400_000, "1969-10-20T00:00:00Z"),
          new Grid("P1W, zone: Europe/Berlin", 604_800_000, "2019-11-01T00:00:00Z"),
          new Grid("P1M, zone: Australia/Sydney", 2_629_746_000L, "1969-02-01T00:00:00Z"));

  private record Arrival(String series, int partition, long keyMillis, Notebook.Row row) {}

  /**
   * What came of a trial.
   *
   * @param late the numbers of the arrivals that were rejected
   */
  private record Run(List<ForecastTask> requests, Set<Integer> late) {

    List<ForecastTask> allAccepted() {
      assertThat(late).isEmpty();
      return requests;
    }
  }

  /** One random configuration with its observations in the order of their arrival. */
  private static final class Trial {

    final Random random;
    final Grid grid;
    final JobConfig config;
    final int contextLength;
    final int seasonCells;
    final long outOfOrdernessMillis;
    final Aggregate aggregate;
    final List<Arrival> arrivals = new ArrayList<>();
    final Notebook notebook;

    /**
     * @param late whether lateness is allowed, and what it repairs is forecast again
     * @param excess how much later than allowed observations may be, in times what is allowed
     */
    Trial(int seed, Close close, boolean late, double excess) {
      this(seed, close, late, excess, Silence.NONE);
    }

    Trial(int seed, Close close, boolean late, double excess, Silence silence) {
      random = new Random(seed);
      grid = GRIDS.get(random.nextInt(GRIDS.size()));
      contextLength = 2 + random.nextInt(7);
      seasonCells = 1 + random.nextInt(contextLength);
      long week = 7 * 86_400_000L;
      outOfOrdernessMillis = Math.min(week, (long) (random.nextInt(4) * grid.millis * 0.9));
      long latenessMillis = late ? (long) ((1 + random.nextInt(3)) * grid.millis * 1.1) : 0;
      // One at least of a rule for several observations cannot close a cell by its arrival.
      aggregate = pick(close == Close.ARRIVAL ? OF_ONE : Aggregate.values());
      boolean counts = aggregate == Aggregate.DELTA || aggregate == Aggregate.RATE;
      boolean reads = counts || aggregate == Aggregate.TIME_WEIGHTED_MEAN;
      Fill[] fills = {Fill.PREVIOUS, Fill.CONSTANT};
      config =
          Samples.config(
              random.nextBoolean() ? "requests: {topic: asked}" : "job: {name: unasked}",
              "source: {max-out-of-orderness: %dms}".formatted(outOfOrdernessMillis),
              ("series: {step: %s, close: %s, %schannels: %d, aggregate: %s, duplicates: %s, fill: %s,"
                      + " fill-constant: -7.5, max-filled-cells: %d, max-consecutive-filled: %d,"
                      + " %s %s, min-context: %d, cold-start: %s,"
                      + " allowed-lateness: %dms, reissue: %s,"
                      + " reissue-origins: 30}")
                  .formatted(
                      grid.step,
                      Spelling.of(close),
                      silence.forgets() ? "time-to-live: %dms, ".formatted(LIFE * grid.millis) : "",
                      1 + random.nextInt(2),
                      Spelling.of(aggregate),
                      Spelling.of(reads ? pick(DISTINCT) : pick(Duplicates.values())),
                      Spelling.of(pick(silence.fills() ? fills : Fill.values())),
                      random.nextInt(10),
                      1 + random.nextInt(4),
                      (counts ? counter(silence) : "")
                          + (silence.fills()
                              ? "silence: fill, max-silence: %dms,"
                                  .formatted((5 + random.nextInt(80)) * grid.millis)
                              : ""),
                      cadence(late),
                      1 + random.nextInt(contextLength),
                      Spelling.of(pick(ColdStart.Below.values())),
                      latenessMillis,
                      late));
      notebook = new Notebook(config, contextLength, seasonCells);
      long inTimeMillis = (close == Close.WATERMARK ? outOfOrdernessMillis : 0) + latenessMillis;
      long delayMillis = (long) (inTimeMillis * (1 + excess));
      for (int i = 0; i < SERIES; i++) {
        boolean silent = silence != Silence.NONE && i % 3 > 0;
        observe("s" + i, delayMillis, silent ? 60 + random.nextInt(40) : 0);
      }
      arrivals.sort(Comparator.comparingLong(Arrival::keyMillis));
      for (int i = 0; i < arrivals.size(); i++) {
        Arrival one = arrivals.get(i);
        Notebook.Row row = new Notebook.Row(one.row.timeMillis(), i, one.row.values());
        arrivals.set(i, new Arrival(one.series, one.partition, one.keyMillis, row));
      }
    }

    /** What becomes of gaps and falls. */
    private String counter(Silence silence) {
      String gap = Spelling.of(pick(Gap.values()));
      return "counter-reset: %s, counter-gap: %s, %s"
          .formatted(
              Spelling.of(pick(Reset.values())),
              silence.fills() && gap.equals("missing") ? "whole" : gap,
              random.nextBoolean() ? "counter-wraps-at: 100," : "");
    }

    private <T> T pick(T[] values) {
      return values[random.nextInt(values.length)];
    }

    /** Every few cells, or at some times of day at which there are some. */
    private String cadence(boolean late) {
      boolean smallCells = late && grid.millis < 60_000;
      if (smallCells || grid.millis > 86_400_000 || random.nextInt(3) > 0) {
        return "forecast-every: " + (1 + random.nextInt(6));
      }
      ZoneId zone = ZoneId.of("Europe/Berlin");
      Set<String> times = new TreeSet<>();
      for (int i = 0; i <= random.nextInt(4); i++) {
        Instant begin = Instant.parse(grid.begin);
        Instant some = begin.plusMillis((long) (random.nextDouble() * CELLS * grid.millis));
        times.add('"' + LocalTime.ofInstant(some, zone).withNano(0).toString() + '"');
      }
      return "forecast-at: %s%s"
          .formatted(times, grid.step.contains("zone") ? "" : ", zone: " + zone);
    }

    /**
     * @param silence after half of the cells, in cells
     */
    private void observe(String series, long delayMillis, int silence) {
      long begin = Instant.parse(grid.begin).toEpochMilli();
      double gaps = random.nextDouble() * 0.4;
      int most = 1 + random.nextInt(4);
      for (int cell = 0; cell < CELLS; cell++) {
        int observations = random.nextDouble() < gaps ? 0 : 1 + random.nextInt(most);
        for (int i = 0; i < observations; i++) {
          int silent = cell < CELLS / 2 ? 0 : silence;
          long time = begin + (long) ((cell + silent + random.nextDouble()) * grid.millis);
          do {
            long key = time + (long) (random.nextDouble() * delayMillis);
            arrivals.add(
                new Arrival(
                    series,
                    random.nextInt(PARTITIONS),
                    key,
                    new Notebook.Row(time, 0, values(time))));
          } while (random.nextInt(5) == 0);
        }
      }
    }

    private float[] values(long time) {
      float[] values = new float[config.series().channels()];
      for (int i = 0; i < values.length; i++) {
        values[i] =
            random.nextInt(10) == 0
                ? Float.NaN
                : isOfCounters()
                    ? counter(time)
                    : (float) ((random.nextDouble() - 0.4) * Math.pow(10, random.nextInt(7)));
      }
      return values;
    }

    private boolean isOfCounters() {
      return aggregate == Aggregate.DELTA || aggregate == Aggregate.RATE;
    }

    /** Begins anew every seven cells or so, and is corrected now and then. */
    private float counter(long time) {
      double cells = (double) (time - Instant.parse(grid.begin).toEpochMilli()) / grid.millis;
      double sinceReset = cells % 7.3;
      return (float) (sinceReset * 13 - (random.nextInt(20) == 0 ? 2 : 0));
    }

    /** A time at which every cell with an observation, and some more, are over. */
    long end() {
      long latest = arrivals.stream().mapToLong(one -> one.row.timeMillis()).max().orElse(0);
      return latest + outOfOrdernessMillis + 3 * grid.millis;
    }

    Map<String, List<Notebook.Row>> rows() {
      Map<String, List<Notebook.Row>> rows = new TreeMap<>();
      for (Arrival arrival : arrivals) {
        rows.computeIfAbsent(arrival.series, s -> new ArrayList<>()).add(arrival.row);
      }
      return rows;
    }
  }

  @Test
  void shouldCutWhatANotebookCutsWhateverTheOrderOfArrival() throws Exception {
    assertThat(assertAsInTheNotebook(0, Silence.NONE)).isGreaterThan(CONFIGURATIONS * SERIES);
  }

  @Test
  void shouldCutWhatANotebookCutsOverALongSilence() throws Exception {
    assertThat(assertAsInTheNotebook(5_000, Silence.KEPT))
        .isGreaterThan(CONFIGURATIONS * SERIES / 2);
  }

  @Test
  void shouldForgetTheSeriesThatANotebookBeginsAnew() throws Exception {
    assertThat(assertAsInTheNotebook(4_000, Silence.FORGOTTEN))
        .isGreaterThan(CONFIGURATIONS * SERIES / 2);
  }

  @Test
  void shouldForecastInSilenceWhatANotebookForecasts() throws Exception {
    assertThat(assertAsInTheNotebook(6_000, Silence.FILLED))
        .isGreaterThan(2 * CONFIGURATIONS * SERIES);
    assertThat(assertAsInTheNotebook(7_000, Silence.FILLED_AND_FORGOTTEN))
        .isGreaterThan(CONFIGURATIONS * SERIES);
  }

  private static int assertAsInTheNotebook(int firstSeed, Silence silence) throws Exception {
    int requests = 0;
    for (int seed = firstSeed; seed < firstSeed + CONFIGURATIONS; seed++) {
      Trial trial = new Trial(seed, Close.WATERMARK, false, 0, silence);
      Map<String, List<ForecastTask>> asked = bySeries(run(trial).allAccepted());
      for (var rows : trial.rows().entrySet()) {
        List<ForecastTask> expected =
            trial.notebook.requests(rows.getKey(), rows.getValue(), trial.end());
        List<ForecastTask> actual = asked.getOrDefault(rows.getKey(), List.of());
        assertThat(actual.stream().map(ForecastTask::originMillis).toList())
            .as("seed %d, %s, %s", seed, rows.getKey(), trial.config.series())
            .isEqualTo(expected.stream().map(ForecastTask::originMillis).toList());
        for (int i = 0; i < expected.size(); i++) {
          assertSame(actual.get(i), expected.get(i), trial, seed);
        }
        requests += expected.size();
      }
    }
    return requests;
  }

  @Test
  void shouldRepairWhatWasForecastUntilItIsWhatANotebookCuts() throws Exception {
    int revised = 0;
    for (int seed = 1_000; seed < 1_000 + CONFIGURATIONS; seed++) {
      Trial trial = new Trial(seed, Close.WATERMARK, true, 0);
      revised += assertRepaired(trial, run(trial).allAccepted(), trial.rows(), seed);
    }
    assertThat(revised).isGreaterThan(CONFIGURATIONS * SERIES);
  }

  @Test
  void shouldRepairFromNothingButWhatCameInTime() throws Exception {
    int late = 0;
    for (int seed = 3_000; seed < 3_000 + CONFIGURATIONS; seed++) {
      Trial trial = new Trial(seed, Close.WATERMARK, true, 1.5);
      Run run = run(trial);
      Map<String, List<Notebook.Row>> inTime = trial.rows();
      inTime.values().forEach(rows -> rows.removeIf(row -> run.late.contains(row.arrival())));
      assertRepaired(trial, run.requests, inTime, seed);
      late += run.late.size();
      long latest = Long.MIN_VALUE;
      long allowedMillis =
          trial.outOfOrdernessMillis + trial.config.series().lateness().allowed().toMillis();
      for (Arrival arrival : trial.arrivals) {
        if (run.late.contains(arrival.row.arrival())) {
          assertThat(arrival.row.timeMillis()).isLessThan(latest - allowedMillis);
        }
        latest = Math.max(latest, arrival.row.timeMillis());
      }
    }
    assertThat(late).isGreaterThan(CONFIGURATIONS * SERIES / 2);
  }

  /** The last revision of each forecast is what a notebook cuts; how many were revised. */
  private static int assertRepaired(
      Trial trial, List<ForecastTask> requests, Map<String, List<Notebook.Row>> rows, int seed) {
    int revised = 0;
    Map<String, List<ForecastTask>> asked = bySeries(requests);
    for (String series : asked.keySet()) {
      Map<Long, ForecastTask> newest = new HashMap<>();
      for (ForecastTask request : asked.get(series)) {
        ForecastTask before = newest.put(request.originMillis(), request);
        assertThat(request.revision())
            .as("seed %d", seed)
            .isGreaterThanOrEqualTo(before == null ? 0 : before.revision() + 1);
        assertThat(before != null || request.revision() == 0).as("seed %d", seed).isTrue();
        revised += before == null ? 0 : 1;
      }
      for (ForecastTask request : newest.values()) {
        long origin = trial.notebook.cell(request.originMillis());
        ForecastTask expected = trial.notebook.request(series, rows.get(series), origin);
        if (expected == null) {
          // Late ones from before what was the first cell made gaps of what had been padded; or one
          // showed that a counter had fallen.
          boolean falls = trial.config.series().cells().isOfCounters();
          assertThat(falls || Float.isNaN(request.context()[0]))
              .as("seed %d, %s", seed, trial.config.series())
              .isTrue();
        } else {
          assertSame(request, expected, trial, seed);
        }
      }
    }
    return revised;
  }

  @Test
  void shouldForecastOnArrivalFromAllThatHasArrived() throws Exception {
    int requests = 0;
    for (int seed = 2_000; seed < 2_000 + CONFIGURATIONS / 2; seed++) {
      Trial trial = new Trial(seed, Close.ARRIVAL, seed % 2 == 0, 0);
      Map<String, List<ForecastTask>> asked = bySeries(run(trial).allAccepted());
      for (var rows : trial.rows().entrySet()) {
        List<ForecastTask> first =
            asked.getOrDefault(rows.getKey(), List.of()).stream()
                .filter(request -> request.revision() == 0)
                .toList();
        List<ForecastTask> expected = onArrival(trial, rows.getKey(), rows.getValue());
        assertThat(first.stream().map(ForecastTask::originMillis).toList())
            .as("seed %d, %s, %s", seed, rows.getKey(), trial.config.series())
            .isEqualTo(expected.stream().map(ForecastTask::originMillis).toList());
        for (int i = 0; i < expected.size(); i++) {
          assertSame(first.get(i), expected.get(i), trial, seed);
        }
        requests += expected.size();
      }
    }
    assertThat(requests).isGreaterThan(CONFIGURATIONS * SERIES / 2);
  }

  private static List<ForecastTask> onArrival(Trial trial, String series, List<Notebook.Row> rows) {
    List<ForecastTask> requests = new ArrayList<>();
    long newest = Long.MIN_VALUE;
    Long asked = null;
    Long last = null;
    for (int i = 0; i < rows.size(); i++) {
      long cell = trial.notebook.cell(rows.get(i).timeMillis());
      if (cell <= newest || Notebook.isEmpty(rows.get(i))) {
        continue;
      }
      newest = cell;
      List<Notebook.Row> arrived = rows.subList(0, i + 1);
      if (Notebook.isEmpty(trial.notebook.cells(arrived).get(cell))) {
        continue;
      }
      long before = asked == null ? cell - 1 : asked;
      asked = cell;
      Cadence cadence = trial.config.series().cadence();
      boolean due =
          cadence.at().isEmpty()
              ? last == null || cell - last >= cadence.every()
              : !trial
                  .notebook
                  .instants(
                      trial.notebook.startMillis(before + 2), trial.notebook.startMillis(cell + 2))
                  .isEmpty();
      if (due) {
        ForecastTask request = trial.notebook.request(series, arrived, cell);
        if (request != null) {
          requests.add(request);
          last = cell;
        }
      }
    }
    return requests;
  }

  /**
   * Feeds the operator, watermarks trailing the slowest partition, and restores it now and then.
   */
  private static Run run(Trial trial) throws Exception {
    List<ForecastTask> requests = new ArrayList<>();
    Set<Integer> late = new HashSet<>();
    long[] latest = new long[PARTITIONS];
    Arrays.fill(latest, Long.MIN_VALUE);
    WindowHarness harness = harness(trial, null);
    try {
      for (Arrival arrival : trial.arrivals) {
        long time = arrival.row.timeMillis();
        harness.observe(measurement(arrival));
        latest[arrival.partition] = Math.max(latest[arrival.partition], time);
        long slowest = Arrays.stream(latest).min().orElseThrow();
        if (trial.config.requests().isOn() && trial.random.nextInt(4) == 0) {
          String series = "s" + trial.random.nextInt(SERIES);
          harness.query(new ForecastRequest(Samples.source(new byte[0]).origin(), series, 1));
        }
        if (slowest != Long.MIN_VALUE && trial.random.nextInt(3) == 0) {
          harness.watermark(slowest - trial.outOfOrdernessMillis - 1);
        }
        if (trial.random.nextInt(600) == 0) {
          OperatorSubtaskState snapshot = harness.snapshot();
          requests.addAll(harness.requests());
          late.addAll(rejected(harness));
          harness.close();
          harness = harness(trial, snapshot);
        }
      }
      harness.watermark(trial.end());
      harness.watermark(Long.MAX_VALUE);
      requests.addAll(harness.requests());
      late.addAll(rejected(harness));
      assertThat(harness.timers()).isZero();
    } finally {
      harness.close();
    }
    assertOneContentForEachRevision(requests, trial);
    requests.removeIf(request -> request.horizon() != null);
    return new Run(requests, late);
  }

  /** What was asked for on request is what was, or would have been, asked for anyway. */
  private static void assertOneContentForEachRevision(List<ForecastTask> requests, Trial trial) {
    Map<String, Set<String>> contents = new HashMap<>();
    for (ForecastTask one : requests) {
      String name = "%s %d %d".formatted(one.series(), one.originMillis(), one.revision());
      String content = Arrays.toString(values(one)) + one.filledCells() + one.baseline();
      contents.computeIfAbsent(name, n -> new HashSet<>()).add(content);
    }
    contents.forEach(
        (name, content) -> assertThat(content).as("%s, %s", name, trial.config).hasSize(1));
  }

  /** The number of its arrival is its offset. */
  private static Measurement measurement(Arrival arrival) {
    RecordOrigin source =
        new RecordOrigin("o", arrival.partition, arrival.row.arrival(), 0, 0, 0, null, null);
    double[] values = Samples.doubles(arrival.row.values());
    return new Measurement(source, arrival.series, arrival.row.timeMillis(), values);
  }

  private static Set<Integer> rejected(WindowHarness harness) {
    Set<Integer> rejected = new HashSet<>();
    harness.rejections().stream()
        .filter(rejection -> rejection.timeMillis() != null)
        .forEach(late -> rejected.add((int) late.source().offset()));
    return rejected;
  }

  private static WindowHarness harness(Trial trial, OperatorSubtaskState snapshot)
      throws Exception {
    ForecasterSpec spec =
        new ForecasterSpec(
            "m", "1", trial.contextLength, 1, trial.config.series().channels(), List.of());
    return WindowHarness.start(trial.config, spec, trial.seasonCells, snapshot);
  }

  private static Map<String, List<ForecastTask>> bySeries(List<ForecastTask> requests) {
    Map<String, List<ForecastTask>> bySeries = new HashMap<>();
    for (ForecastTask request : requests) {
      bySeries.computeIfAbsent(request.series(), s -> new ArrayList<>()).add(request);
    }
    return bySeries;
  }

  /** The values that the cells of a context are told of. */
  private static float[] values(ForecastTask task) {
    float[] values = task.context().clone();
    for (int i = 0; task.bases().length > 0 && i < values.length; i++) {
      values[i] = (float) (values[i] + task.bases()[i % task.bases().length]);
    }
    return values;
  }

  private static float range(float[] values) {
    float least = Float.MAX_VALUE;
    float greatest = -Float.MAX_VALUE;
    for (float value : values) {
      least = value < least ? value : least;
      greatest = value > greatest ? value : greatest;
    }
    return greatest - least;
  }

  /**
   * Equal bits, but where something was divided: there, one rounding apart. What is told from a
   * base is as near as floats of the range of a context are.
   */
  private static void assertSame(
      ForecastTask actual, ForecastTask expected, Trial trial, int seed) {
    assertThat(actual.filledCells())
        .as("seed %d, %s", seed, trial.config.series())
        .isEqualTo(expected.filledCells());
    assertThat(actual.baseline()).as("seed %d", seed).isEqualTo(expected.baseline());
    boolean divides =
        trial.aggregate == Aggregate.MEAN
            || trial.config.series().cells().isOfReadings()
            || trial.config.series().gaps().fill() == Fill.LINEAR;
    float[] ours = values(actual);
    float[] theirs = expected.context();
    assertThat(ours).hasSameSizeAs(theirs);
    for (int i = 0; i < ours.length; i++) {
      // A value that is told from a base is as fine as its distance from there.
      double[] bases = actual.bases();
      double base = bases.length == 0 ? 0 : bases[i % bases.length];
      float told = (float) (Math.abs(theirs[i]) + Math.abs(base));
      float allowed = divides || base != 0 ? 2 * Math.ulp(told) : 0;
      if (Float.compare(ours[i], theirs[i]) != 0 && !(Math.abs(ours[i] - theirs[i]) <= allowed)) {
        fail(
            "seed %d, %s: must be %s, is %s, %s",
            seed, actual.series(), Arrays.toString(theirs), Arrays.toString(ours), trial.config);
      }
    }
  }
}
