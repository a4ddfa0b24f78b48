package io.tidecast.flink;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.covariates.CovariateGrid;
import io.tidecast.flink.covariates.CovariateMerge;
import io.tidecast.flink.covariates.CovariateSettings.OnMissing;
import io.tidecast.flink.covariates.CovariateSources;
import io.tidecast.flink.covariates.LateCovariates;
import io.tidecast.flink.covariates.SeriesCovariates;
import io.tidecast.flink.grid.Spelling;
import io.tidecast.flink.model.ModelChannels;
import io.tidecast.flink.record.ForecastTask;
import io.tidecast.flink.record.Measurement;
import io.tidecast.flink.series.ContextNeeds;
import io.tidecast.flink.series.SeriesGrid;
import io.tidecast.flink.series.SeriesSettings;
import io.tidecast.flink.testing.Notebook;
import io.tidecast.flink.testing.Samples;
import io.tidecast.flink.testing.TestingModel;
import io.tidecast.runtime.context.Fill;
import io.tidecast.runtime.context.GapSettings;
import io.tidecast.runtime.grid.GridStep;
import io.tidecast.runtime.manifest.ForecasterInputs;
import io.tidecast.runtime.manifest.ForecasterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.co.KeyedCoProcessOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.util.KeyedTwoInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

/**
 * Windows and covariates of random series in random order, with updates, gaps and restores in
 * between, under random policies, against a table that is looked up as an analyst would.
 */
class CovariatesProperties {

  private static final int TRIALS = 60;
  private static final int SERIES = 4;
  private static final int ORIGINS = 14;

  private static final List<GridStep> STEPS =
      List.of(
          GridStep.fixed(Duration.ofHours(6)),
          GridStep.fixed(Duration.ofMinutes(7)),
          GridStep.fixed(Duration.ofDays(1)));

  /** A window or values of covariates; the other one is null. */
  private record Event(long atMillis, ForecastTask request, Measurement values) {

    String series() {
      return request == null ? values.series() : request.series();
    }
  }

  private record Waits(ForecastTask request, long deadlineMillis) {}

  /** One random configuration with its events in the order of their arrival. */
  private static final class Trial {

    final Random random;
    final GridStep step;
    final int contextLength;
    final int horizon;
    final int observed;
    final int inTopic;
    final boolean hour;
    final int maxFilled;
    final Fill fill;
    final OnMissing onMissing;
    final long waitMillis;
    final int maxWaiting;
    final JobConfig config;
    final ForecasterSpec spec;
    final ModelChannels model;
    final List<Event> events = new ArrayList<>();

    Trial(int seed) {
      random = new Random(seed);
      step = STEPS.get(random.nextInt(STEPS.size()));
      contextLength = 3 + random.nextInt(4);
      horizon = 1 + random.nextInt(6);
      observed = 1 + random.nextInt(2);
      onMissing = OnMissing.values()[random.nextInt(OnMissing.values().length)];
      inTopic = onMissing == OnMissing.FILL ? 1 : 1 + random.nextInt(2);
      hour = random.nextBoolean();
      maxFilled = random.nextInt(contextLength);
      fill = Fill.values()[random.nextInt(Fill.values().length)];
      waitMillis = random.nextInt(3) * 40L;
      maxWaiting = random.nextBoolean() ? 1_000 : 1 + random.nextInt(3);
      config = config(observed, maxFilled);
      List<String> names = new ArrayList<>(List.of("load", "t0"));
      names.addAll(observed == 2 ? List.of("volts") : List.of());
      names.addAll(inTopic == 2 ? List.of("t1") : List.of());
      names.addAll(hour ? List.of("hour") : List.of());
      Collections.shuffle(names, random);
      List<String> ahead = new ArrayList<>(names);
      ahead.removeAll(List.of("load", "volts"));
      Collections.shuffle(ahead, random);
      model = new ModelChannels(names, ahead);
      spec =
          new ForecasterSpec(
              "m",
              "1",
              contextLength,
              horizon,
              names.size(),
              List.of(names.indexOf("load")),
              new ForecasterInputs(ahead.size(), List.of(), List.of(), 0),
              List.of());
      for (int i = 0; i < SERIES; i++) {
        observe("s" + i);
      }
      // Events of one time in any order.
      Collections.shuffle(events, random);
      events.sort((a, b) -> Long.compare(a.atMillis, b.atMillis));
    }

    /** Of the job; or of a notebook that sees covariates as if they were observed. */
    JobConfig config(int channels, int filled) {
      return Samples.config(
          "source: {max-future: 36500d}",
          ("series: {step: %s, channels: %d, fill: %s, fill-season: 2, fill-constant: -3,"
                  + " max-filled-cells: %d, max-consecutive-filled: 3, reissue: true,"
                  + " reissue-origins: 2}")
              .formatted(step.length(), channels, Spelling.of(fill), Math.max(0, filled)),
          ("covariates: {topic: weather, names: %s, wait: %dms, on-missing: %s, max-waiting: %d,"
                  + " calendar: %s}")
              .formatted(
                  inTopic == 2 ? "[t0, t1]" : "t0",
                  waitMillis,
                  Spelling.of(onMissing),
                  maxWaiting,
                  hour ? "{hour: hour}" : "{}"));
    }

    private void observe(String series) {
      long first = step.cell(Instant.parse("2024-03-30T00:00:00Z").toEpochMilli());
      double gaps = random.nextDouble() * 0.3;
      for (int cell = -contextLength; cell < ORIGINS + horizon; cell++) {
        int updates = random.nextDouble() < gaps ? 0 : 1 + random.nextInt(3);
        for (int i = 0; i < updates; i++) {
          long begin = step.startMillis(first + cell);
          long time = begin + random.nextInt(3) * (step.millis() / 3);
          float[] values = new float[inTopic];
          for (int k = 0; k < inTopic; k++) {
            values[k] = random.nextInt(10) == 0 ? Float.NaN : random.nextInt(1_000);
          }
          // Mostly ahead of the windows that need it, now and then too late.
          long at = Math.max(0, 10L * (cell - horizon) + random.nextInt(70) - 20);
          events.add(new Event(at, null, Samples.measurement(series, time, values)));
        }
      }
      for (int origin = 0; origin < ORIGINS; origin++) {
        for (int revision = 0; revision < 2; revision++) {
          float[] context = new float[contextLength * observed];
          for (int i = 0; i < context.length; i++) {
            context[i] = random.nextInt(1_000);
          }
          if (revision == 0 || random.nextInt(4) == 0) {
            ForecastTask request =
                new ForecastTask(
                    series, step.startMillis(first + origin), context, random.nextInt(2), revision);
            events.add(new Event(10L * origin + revision, request, null));
          }
        }
      }
    }
  }

  /** What is known of one series, and who waits for more. */
  private static final class Table {

    private final Trial trial;
    private final List<Measurement> arrived = new ArrayList<>();
    private final Deque<Waits> waiting = new ArrayDeque<>();
    private final Map<Integer, Notebook> notebooks = new HashMap<>();

    Table(Trial trial) {
      this.trial = trial;
    }

    void take(Event event, List<ForecastTask> out) {
      if (event.request == null) {
        arrived.add(event.values);
      } else {
        waiting.add(new Waits(event.request, event.atMillis + trial.waitMillis));
      }
      release(event.atMillis, out);
    }

    void release(long nowMillis, List<ForecastTask> out) {
      while (!waiting.isEmpty()) {
        Waits first = waiting.peek();
        ForecastTask answer = answer(first.request, trial.maxFilled, false);
        if (answer == null) {
          if (nowMillis < first.deadlineMillis && waiting.size() <= trial.maxWaiting) {
            return;
          }
          if (trial.onMissing == OnMissing.FILL) {
            answer = answer(first.request, 1_000, true);
          }
          if (answer == null && trial.onMissing != OnMissing.SKIP) {
            answer = merged(first.request, null, null, 0);
          }
        }
        if (answer != null) {
          out.add(answer);
        }
        waiting.poll();
      }
    }

    /** Null if something is missing that may not be. */
    private ForecastTask answer(ForecastTask request, int maxFilled, boolean fills) {
      List<String> names = trial.model.futureCovariates();
      long origin = trial.step.cell(request.originMillis());
      float[][] ahead = new float[trial.horizon][names.size()];
      int filled = 0;
      for (int i = 0; i < trial.horizon; i++) {
        for (int k = 0; k < names.size(); k++) {
          ahead[i][k] = value(names.get(k), origin + 1 + i);
          if (Float.isNaN(ahead[i][k])) {
            filled++;
            ahead[i][k] = fills ? earlier(names.get(k), origin + 1 + i, origin) : Float.NaN;
          }
          if (Float.isNaN(ahead[i][k])) {
            return null;
          }
        }
      }
      TreeMap<Long, float[]> cells = new TreeMap<>();
      int missing = 0;
      for (int i = 0; i < trial.contextLength; i++) {
        float[] row = new float[names.size()];
        for (int k = 0; k < row.length; k++) {
          row[k] = value(names.get(k), origin - i);
          missing += Float.isNaN(row[k]) ? 1 : 0;
        }
        cells.put(origin - i, row);
      }
      if (missing > 0 && !fills && request.filledCells() + missing > maxFilled) {
        return null;
      }
      ForecastTask past = notebook(names.size(), fills).request("", cells, origin);
      return past == null ? null : merged(request, past.context(), ahead, filled + missing);
    }

    private Notebook notebook(int covariates, boolean fills) {
      return notebooks.computeIfAbsent(
          covariates * 2 + (fills ? 1 : 0),
          c -> {
            JobConfig config = trial.config(covariates, 1_000);
            GapSettings gaps = config.series().gaps();
            String series =
                "series: {step: %s, channels: %d, fill: %s, fill-constant: -3, max-filled-cells: 1000";
            JobConfig unlimited =
                Samples.config(
                    (series + "}")
                        .formatted(trial.step.length(), covariates, Spelling.of(gaps.fill())));
            return new Notebook(fills ? unlimited : config, trial.contextLength, 2);
          });
    }

    /** A day before, or days; else the last before. Within what the model sees. */
    private float earlier(String name, long cell, long origin) {
      long oldest = origin - trial.contextLength + 1;
      long day = Duration.ofDays(1).toMillis();
      if (day % trial.step.millis() == 0) {
        for (int days = 1; cell - days * day / trial.step.millis() >= oldest; days++) {
          float value = value(name, cell - days * day / trial.step.millis());
          if (!Float.isNaN(value)) {
            return value;
          }
        }
      }
      for (long one = cell - 1; one >= oldest; one--) {
        if (!Float.isNaN(value(name, one))) {
          return value(name, one);
        }
      }
      return Float.NaN;
    }

    private float value(String name, long cell) {
      long begin = trial.step.startMillis(cell);
      if (name.equals("hour")) {
        return (begin / 3_600_000) % 24;
      }
      float value = Float.NaN;
      long time = Long.MIN_VALUE;
      for (Measurement one : arrived) {
        float its = (float) one.values()[name.equals("t0") ? 0 : 1];
        boolean inCell =
            one.timeMillis() >= begin && one.timeMillis() < begin + trial.step.millis();
        if (inCell && !Float.isNaN(its) && one.timeMillis() >= time) {
          value = its;
          time = one.timeMillis();
        }
      }
      return value;
    }

    /** Null covariates are those of the baseline. */
    private ForecastTask merged(ForecastTask request, float[] past, float[][] ahead, int filled) {
      List<String> names = trial.model.names();
      List<String> covariates = trial.model.futureCovariates();
      float[] context = new float[trial.contextLength * names.size()];
      int from = 0;
      for (int row = 0; row < trial.contextLength; row++) {
        for (int channel = 0; channel < names.size(); channel++) {
          int k = covariates.indexOf(names.get(channel));
          float value =
              k < 0
                  ? request.context()[from++]
                  : past == null ? 0 : past[row * covariates.size() + k];
          context[row * names.size() + channel] = value;
        }
      }
      float[] flat = new float[ahead == null ? 0 : trial.horizon * covariates.size()];
      for (int i = 0; i < flat.length; i++) {
        flat[i] = ahead[i / covariates.size()][i % covariates.size()];
      }
      return new ForecastTask(
          request.series(),
          request.originMillis(),
          context,
          request.filledCells() + filled,
          request.revision(),
          ahead == null,
          null,
          null,
          flat);
    }
  }

  @Test
  void shouldGiveTheWindowsOfTheTable() throws Exception {
    int baselines = 0;
    int filled = 0;
    int requests = 0;
    for (int seed = 0; seed < TRIALS; seed++) {
      Trial trial = new Trial(seed);
      Map<String, List<ForecastTask>> expected = expected(trial);
      Map<String, List<ForecastTask>> actual = run(trial);
      for (int i = 0; i < SERIES; i++) {
        List<ForecastTask> theirs = expected.getOrDefault("s" + i, List.of());
        assertThat(actual.getOrDefault("s" + i, List.of()))
            .as("seed %d, series %d: %s, %s", seed, i, trial.config, trial.model)
            .usingRecursiveFieldByFieldElementComparator()
            .containsExactlyElementsOf(theirs);
        requests += theirs.size();
        baselines += (int) theirs.stream().filter(ForecastTask::baseline).count();
        filled += (int) theirs.stream().filter(r -> r.filledCells() > 1).count();
      }
    }
    assertThat(requests).isGreaterThan(TRIALS * SERIES * ORIGINS / 2);
    assertThat(baselines).isBetween(requests / 50, requests / 2);
    assertThat(filled).isBetween(requests / 50, requests / 2);
  }

  private static Map<String, List<ForecastTask>> expected(Trial trial) {
    Map<String, List<ForecastTask>> expected = new HashMap<>();
    Map<String, Table> tables = new HashMap<>();
    for (Event event : trial.events) {
      // A window has waited long enough before what happens at that time.
      for (Map.Entry<String, Table> one : tables.entrySet()) {
        one.getValue().release(event.atMillis, expected.get(one.getKey()));
      }
      expected.computeIfAbsent(event.series(), s -> new ArrayList<>());
      tables
          .computeIfAbsent(event.series(), s -> new Table(trial))
          .take(event, expected.get(event.series()));
    }
    tables.forEach((series, table) -> table.release(Long.MAX_VALUE, expected.get(series)));
    return expected;
  }

  private static Map<String, List<ForecastTask>> run(Trial trial) throws Exception {
    List<ForecastTask> out = new ArrayList<>();
    var harness = harness(trial, null);
    try {
      for (Event event : trial.events) {
        harness.setProcessingTime(event.atMillis);
        if (event.request == null) {
          harness.processElement2(event.values, event.values.timeMillis());
        } else {
          harness.processElement1(event.request, event.request.originMillis());
        }
        if (trial.random.nextInt(100) == 0) {
          OperatorSubtaskState snapshot = harness.snapshot(1, 1);
          out.addAll(harness.extractOutputValues());
          harness.close();
          harness = harness(trial, snapshot);
          harness.setProcessingTime(event.atMillis);
        }
      }
      harness.processWatermark1(Watermark.MAX_WATERMARK);
      harness.processWatermark2(Watermark.MAX_WATERMARK);
      harness.setProcessingTime(1_000_000);
      out.addAll(harness.extractOutputValues());
      assertThat(harness.numEventTimeTimers()).isZero();
      assertThat(harness.numProcessingTimeTimers()).isZero();
    } finally {
      harness.close();
    }
    Map<String, List<ForecastTask>> bySeries = new HashMap<>();
    out.forEach(r -> bySeries.computeIfAbsent(r.series(), s -> new ArrayList<>()).add(r));
    return bySeries;
  }

  private static KeyedTwoInputStreamOperatorTestHarness<
          String, ForecastTask, Measurement, ForecastTask>
      harness(Trial trial, OperatorSubtaskState snapshot) throws Exception {
    SeriesSettings series = trial.config.series();
    CovariateGrid grid =
        CovariateGrid.of(
            series.step(),
            trial.config.covariates().feed(),
            ModelFit.maxFuture(trial.config, trial.config.covariates().feed(), trial.horizon),
            SeriesGrid.of(series, trial.contextLength).capacity());
    List<String> names = trial.model.futureCovariates();
    CovariateMerge merge =
        new CovariateMerge(
            new CovariateSources(trial.config.covariates(), series.step(), names),
            series,
            ContextNeeds.of(
                series.coldStart(),
                trial.contextLength,
                ModelFit.fillSeasonCells(trial.config, trial.spec)),
            new TestingModel(trial.spec, trial.model, windows -> {}));
    SeriesCovariates operator =
        new SeriesCovariates(
            grid,
            merge,
            trial.config.covariates().feed().waiting(),
            new LateCovariates(trial.step, () -> Samples.NOW));
    var harness =
        new KeyedTwoInputStreamOperatorTestHarness<>(
            new KeyedCoProcessOperator<>(operator),
            ForecastTask::series,
            Measurement::series,
            Types.STRING);
    harness.setup();
    if (snapshot != null) {
      harness.initializeState(snapshot);
    }
    harness.open();
    return harness;
  }
}
