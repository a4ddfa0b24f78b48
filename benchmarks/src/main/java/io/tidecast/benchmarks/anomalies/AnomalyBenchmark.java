package io.tidecast.benchmarks.anomalies;

import io.tidecast.runtime.anomalies.AnomalySettings;
import io.tidecast.runtime.anomalies.Expectation;
import io.tidecast.runtime.anomalies.Finding;
import io.tidecast.runtime.anomalies.RunRule;
import io.tidecast.runtime.anomalies.SeriesAnomalies;
import io.tidecast.runtime.anomalies.Source;
import io.tidecast.runtime.anomalies.Tally;
import io.tidecast.runtime.measures.Leads;
import io.tidecast.runtime.mixture.MixedSeries;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Counts the labelled windows of the Numenta Anomaly Benchmark that are found, as cells come one
 * after another, by anomalies of a mixture of seasonal naives and by a rolling rule of three
 * deviations. One threshold for all sets is chosen for each, so that alarms outside of windows are
 * as frequent.
 */
@Command(
    name = "benchmarks/run anomalies",
    mixinStandardHelpOptions = true,
    description = "Count the labelled windows of NAB that are found.")
@SuppressWarnings("NullAway.Init")
public final class AnomalyBenchmark implements Callable<Integer> {

  /** The rolling rule is given the best of these, in cells. */
  private static final List<Integer> ROLLING = List.of(96, 288, 576, 1000, 2000, 4000);

  /** The same rule is also tried with a run; the plain one is the first. */
  private static final List<RunRule> RUNS =
      List.of(RunRule.EACH, new RunRule(2, 3), new RunRule(6, 12));

  private static final int MIXED_HORIZON = 24;

  @Parameters(paramLabel = "DATA", description = "Take the files and labels of this folder.")
  private Path data;

  @Option(
      names = "--alarms",
      paramLabel = "N",
      defaultValue = "0.5",
      description = "So many of 1,000 cells outside of windows (default: ${DEFAULT-VALUE}).")
  private double rate;

  @Option(
      names = "--level",
      paramLabel = "L",
      defaultValue = "0.998",
      description = "The level of the interval (default: ${DEFAULT-VALUE}).")
  private double level;

  @Option(
      names = "--window",
      paramLabel = "N",
      defaultValue = "2000",
      description = "The interval is of so many errors (default: ${DEFAULT-VALUE}).")
  private int window;

  @Option(
      names = "--shift-cells",
      paramLabel = "N",
      defaultValue = "12",
      description = "A shift takes so many cells (default: ${DEFAULT-VALUE}).")
  private int shiftCells;

  /** Exits with 0 when anomalies find more windows. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new AnomalyBenchmark()).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    List<LabelledSet> sets = LabelledSet.read(data);
    boolean isBetter = true;
    for (int coolDown : new int[] {0, 24}) {
      isBetter &= compare(sets, coolDown);
    }
    return isBetter ? 0 : 1;
  }

  /** What a rule finds at the rate. */
  private record Outcome(String name, List<Alarms> alarms, double threshold, int coolDown) {

    static Outcome of(String name, List<Alarms> alarms, int coolDown, int most) {
      return new Outcome(name, alarms, Alarms.threshold(alarms, coolDown, most), coolDown);
    }

    int found() {
      return alarms.stream().mapToInt(one -> one.found(threshold, coolDown)).sum();
    }

    int outside() {
      return alarms.stream().mapToInt(one -> one.outside(threshold, coolDown)).sum();
    }
  }

  private boolean compare(List<LabelledSet> sets, int coolDown) {
    int most = (int) (rate / 1000 * sets.stream().mapToInt(LabelledSet::outside).sum());
    int windows = sets.stream().mapToInt(set -> set.windows().size()).sum();
    Outcome own = Outcome.of("Tidecast", sets.stream().map(this::own).toList(), coolDown, most);
    List<Outcome> plain = new ArrayList<>();
    List<Outcome> withRun = new ArrayList<>();
    for (int cells : ROLLING) {
      for (RunRule run : RUNS) {
        String name = "rolling deviation, %d cells".formatted(cells);
        boolean isPlain = run.equals(RunRule.EACH);
        (isPlain ? plain : withRun)
            .add(
                Outcome.of(
                    isPlain ? name : name + ", %d of %d".formatted(run.outside(), run.among()),
                    sets.stream().map(set -> rolling(set, cells, run)).toList(),
                    coolDown,
                    most));
      }
    }
    print("%n%d windows, at most %d alarms outside of them", windows, most);
    print(coolDown == 0 ? "%n%n" : ", none for %d cells after one%n%n", coolDown);
    print("| rule | threshold | alarms outside | windows found |%n| --- | ---: | ---: | ---: |%n");
    show(own);
    plain.forEach(AnomalyBenchmark::show);
    withRun.forEach(AnomalyBenchmark::show);
    Outcome best =
        plain.stream().max((a, b) -> Integer.compare(a.found(), b.found())).orElseThrow();
    print("%n| set | windows | %s | %s |%n", own.name, best.name);
    print("| --- | ---: | ---: | ---: |%n");
    for (int i = 0; i < sets.size(); i++) {
      print(
          "| %s | %d | %s | %s |%n",
          sets.get(i).title(), sets.get(i).windows().size(), cell(own, i), cell(best, i));
    }
    return own.found() > best.found();
  }

  private static void show(Outcome outcome) {
    print(
        "| %s | %.2f | %d | %d |%n",
        outcome.name, outcome.threshold, outcome.outside(), outcome.found());
  }

  private static String cell(Outcome outcome, int set) {
    Alarms alarms = outcome.alarms.get(set);
    return "%d (%d outside)"
        .formatted(
            alarms.found(outcome.threshold, outcome.coolDown),
            alarms.outside(outcome.threshold, outcome.coolDown));
  }

  private static void print(String format, Object... arguments) {
    System.out.printf(Locale.ROOT, format, arguments);
  }

  /** The scores of anomalies and shifts of level, each cell held against the forecast before it. */
  private Alarms own(LabelledSet set) {
    SeriesAnomalies series =
        new SeriesAnomalies(
            new AnomalySettings(
                1,
                new AnomalySettings.Interval(level, window),
                AnomalySettings.Rule.EACH,
                shiftCells,
                1,
                0),
            new Tally());
    double[] values = set.values();
    double[] scores = new double[values.length];
    Leads leads = Leads.upTo(MIXED_HORIZON);
    int[] seasons = {1, set.day(), 7 * set.day()};
    MixedSeries mixed = new MixedSeries(leads, seasons.length, .5);
    float[] points = new float[MIXED_HORIZON];
    for (int cell = 0; cell < values.length; cell++) {
      series.close(cell, new double[] {values[cell]});
      for (Finding finding : series.findings()) {
        scores[cell] = Math.max(scores[cell], finding.score());
      }
      mixed.close(cell, values[cell]);
      mixed.forecast(naives(values, cell, seasons), points, new float[MIXED_HORIZON]);
      series.forecast(
          new Expectation(
              new Source(cell, "mixture", "1"),
              0,
              new int[1],
              MIXED_HORIZON,
              (step, target) -> points[step]));
    }
    return new Alarms(set, scores);
  }

  private static float[][] naives(double[] values, int origin, int[] seasons) {
    float[][] naives = new float[seasons.length][MIXED_HORIZON];
    for (int k = 0; k < seasons.length; k++) {
      for (int step = 0; step < MIXED_HORIZON; step++) {
        int at = origin + 1 - seasons[k] + step % seasons[k];
        naives[k][step] = at < 0 ? Float.NaN : (float) values[at];
      }
    }
    return naives;
  }

  /**
   * How many deviations of the cells before it a cell lies from their mean; with a run, how many so
   * many of the newest cells lie out at least, on one side.
   */
  private static Alarms rolling(LabelledSet set, int cells, RunRule run) {
    double[] deviations = deviations(set.values(), cells);
    double[] scores = new double[deviations.length];
    for (int cell = run.among(); cell < scores.length; cell++) {
      double[] newest = Arrays.copyOfRange(deviations, cell - run.among() + 1, cell + 1);
      Arrays.sort(newest);
      scores[cell] =
          Math.max(0, Math.max(newest[run.among() - run.outside()], -newest[run.outside() - 1]));
    }
    return new Alarms(set, scores);
  }

  private static double[] deviations(double[] values, int cells) {
    double[] deviations = new double[values.length];
    for (int cell = 2; cell < values.length; cell++) {
      double[] before = Arrays.copyOfRange(values, Math.max(0, cell - cells), cell);
      double mean = Arrays.stream(before).average().orElseThrow();
      double square =
          Arrays.stream(before).map(x -> (x - mean) * (x - mean)).average().orElseThrow();
      double distance = values[cell] - mean;
      double rounding = 1e-9 * Math.max(Math.abs(mean), Math.abs(values[cell]));
      deviations[cell] =
          Math.abs(distance) <= rounding ? 0 : distance / Math.max(rounding, Math.sqrt(square));
    }
    return deviations;
  }
}
