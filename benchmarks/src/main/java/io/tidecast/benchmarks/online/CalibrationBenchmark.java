package io.tidecast.benchmarks.online;

import io.tidecast.runtime.measures.Leads;
import io.tidecast.runtime.mixture.MixedSeries;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.DoubleFunction;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures what calibrated intervals hold on series that come cell by cell, and after shifts. */
@Command(
    name = "benchmarks/run calibration",
    mixinStandardHelpOptions = true,
    description = "Measure calibrated intervals on streams, undisturbed and after shifts of level.")
@SuppressWarnings("NullAway.Init")
public final class CalibrationBenchmark implements Callable<Integer> {
  /** From this forecast on what an interval covers counts. */
  private static final int WARM_UP = 500;

  private static final int SHIFT_REST = 50;

  /** Of fewer shifts the share that was covered says little. */
  private static final int FEWEST_SHIFTS = 50;

  private static final int SHIFT_UNTIL = 150;
  private static final double[] COVERAGES = {.9, .5};

  @Mixin private Streams streams;

  @Option(
      names = "--all-sets",
      description = "Print the figures of every set at every lead, not only those of the leads.")
  private boolean allSets;

  /** Exits with 0 when coverage is right on average at every lead, also after shifts of level. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new CalibrationBenchmark()).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    List<MixedStream> calm = streams.read(false).stream().map(MixedStream::of).toList();
    List<MixedStream> shifted = streams.read(true).stream().map(MixedStream::of).toList();
    Map<String, DoubleFunction<IntervalRule>> rules = new LinkedHashMap<>();
    rules.put("ACI, step 0.005", coverage -> new PlainAci(coverage, .005));
    rules.put("ACI, step 0.05", coverage -> new PlainAci(coverage, .05));
    rules.put("DtACI", DynamicAci::new);
    if (allSets) {
      for (MixedStream stream : calm) {
        print("%s%n", stream.stream().title());
        print("%s%n", new Row(List.of(stream), List.of(), MixedStream::halves).text());
      }
    }
    print(
        "| rule | lead | 90 %% covers | within 88–92 %% | width | wider than 1.15 | 50 %% covers ");
    print("| within 47–53 %% | width | after a shift |%n");
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |%n");
    show("Tidecast", new Row(calm, shifted, MixedStream::halves));
    rules.forEach(
        (name, rule) ->
            show(name, new Row(calm, shifted, (stream, lead, c) -> stream.halves(lead, c, rule))));
    boolean holds = new Row(calm, shifted, MixedStream::halves).holds();
    print("%s%n", holds ? "holds" : "DOES NOT HOLD");
    return holds ? 0 : 1;
  }

  private static void show(String name, Row row) {
    print("%s", row.text().replaceAll("(?m)^\\|", "| " + name + " |"));
  }

  private static void print(String format, Object... arguments) {
    System.out.printf(Locale.ROOT, format, arguments);
  }

  /** Gives the intervals of a stream at a lead, lower and upper bound of each forecast. */
  @FunctionalInterface
  private interface Intervals {
    double[][] of(MixedStream stream, int lead, double coverage);
  }

  /** The figures of one rule. */
  private record Row(List<MixedStream> calm, List<MixedStream> shifted, Intervals intervals) {

    String text() {
      Leads leads = calm.get(0).leads();
      StringBuilder text = new StringBuilder();
      for (int lead = 0; lead < leads.count(); lead++) {
        text.append("| ").append(leads.step(lead)).append(" |");
        for (double coverage : COVERAGES) {
          text.append(calm(lead, coverage));
        }
        text.append(shifted.isEmpty() ? "" : String.format(Locale.ROOT, " %.1f %% |", after(lead)));
        text.append('\n');
      }
      return text.toString();
    }

    /** Whether coverage is right on average, and near enough after shifts. */
    boolean holds() {
      boolean holds = true;
      for (int lead = 0; lead < calm.get(0).leads().count(); lead++) {
        for (double coverage : COVERAGES) {
          double mean = 0;
          for (MixedStream stream : calm) {
            double[][] bounds = intervals.of(stream, lead, coverage);
            mean += stream.coverageAndWidth(lead, bounds)[0] / calm.size();
          }
          holds &= Math.abs(mean - coverage) <= (coverage == .9 ? .02 : .03);
        }
        holds &= shifts() < FEWEST_SHIFTS || Math.abs(after(lead) - 90) <= 5;
      }
      return holds;
    }

    private String calm(int lead, double coverage) {
      double covered = 0;
      double widths = 0;
      int within = 0;
      int wide = 0;
      double slack = coverage == .9 ? .02 : .03;
      for (MixedStream stream : calm) {
        double[] figures = stream.coverageAndWidth(lead, intervals.of(stream, lead, coverage));
        covered += figures[0] / calm.size();
        widths += Math.log(figures[1]) / calm.size();
        within += Math.abs(figures[0] - coverage) <= slack ? 1 : 0;
        wide += figures[1] > 1.15 ? 1 : 0;
      }
      String figures =
          String.format(
              Locale.ROOT,
              " %.1f %% | %d%s | %.2f |",
              100 * covered,
              within,
              calm.size() == 1 ? "" : " of " + calm.size(),
              Math.exp(widths));
      return coverage == .9 ? figures + " " + wide + " |" : figures;
    }

    private int shifts() {
      return shifted.stream()
          .mapToInt(
              stream -> 1 + (stream.points().length - Streams.FIRST_SHIFT) / Streams.SHIFT_EVERY)
          .sum();
    }

    private double after(int lead) {
      int inside = 0;
      int count = 0;
      for (MixedStream stream : shifted) {
        double[][] bounds = intervals.of(stream, lead, .9);
        int steps = stream.leads().step(lead);
        for (int shift = Streams.FIRST_SHIFT + 1;
            shift + SHIFT_UNTIL + steps < bounds.length;
            shift += Streams.SHIFT_EVERY) {
          for (int origin = shift + SHIFT_REST; origin < shift + SHIFT_UNTIL; origin++) {
            double actual = stream.stream().actual(origin, steps);
            if (!Double.isNaN(actual)) {
              inside += bounds[origin][0] <= actual && actual <= bounds[origin][1] ? 1 : 0;
              count++;
            }
          }
        }
      }
      return 100.0 * inside / count;
    }
  }

  /** A stream with the mixture's forecasts of it. */
  private record MixedStream(
      MemberStream stream, Leads leads, float[][] points, float[][] quantiles) {
    private static final double[] LEVELS = {.05, .25, .75, .95};

    static MixedStream of(MemberStream stream) {
      Leads leads = Leads.upTo(stream.horizon());
      MixedSeries series = new MixedSeries(leads, stream.names().size(), LEVELS);
      float[][] points = new float[stream.count()][stream.horizon()];
      float[][] quantiles = new float[stream.count()][stream.horizon() * LEVELS.length];
      for (int i = 0; i < stream.count(); i++) {
        series.close(i, stream.actual(i, 0));
        series.forecast(stream.at(i), points[i], quantiles[i]);
      }
      return new MixedStream(stream, leads, points, quantiles);
    }

    /** The intervals that Tidecast gives out. */
    double[][] halves(int lead, double coverage) {
      int at = (leads.step(lead) - 1) * LEVELS.length;
      int low = coverage == .9 ? 0 : 1;
      return Arrays.stream(quantiles)
          .map(q -> new double[] {q[at + low], q[at + LEVELS.length - 1 - low]})
          .toArray(double[][]::new);
    }

    /** The intervals that a rule gives out around the same points. */
    double[][] halves(int lead, double coverage, DoubleFunction<IntervalRule> rules) {
      IntervalRule rule = rules.apply(coverage);
      int steps = leads.step(lead);
      double[][] bounds = new double[points.length][];
      double[] issued = new double[points.length];
      for (int i = 0; i < points.length; i++) {
        double actual = stream.actual(i, 0);
        if (i >= steps && !Double.isNaN(actual)) {
          double point = points[i - steps][steps - 1];
          rule.learn(Math.abs(actual - point), issued[i - steps]);
        }
        issued[i] = rule.half();
        bounds[i] =
            new double[] {points[i][steps - 1] - issued[i], points[i][steps - 1] + issued[i]};
      }
      return bounds;
    }

    /**
     * What the intervals covered, and their mean width by that of the constant interval around the
     * same points that would have covered as much.
     */
    double[] coverageAndWidth(int lead, double[][] bounds) {
      int steps = leads.step(lead);
      double[] errors = new double[bounds.length];
      double width = 0;
      int count = 0;
      int inside = 0;
      for (int i = WARM_UP; i < bounds.length; i++) {
        double actual = stream.actual(i, steps);
        if (!Double.isNaN(actual)) {
          errors[count++] = Math.abs(actual - points[i][steps - 1]);
          width += bounds[i][1] - bounds[i][0];
          inside += bounds[i][0] <= actual && actual <= bounds[i][1] ? 1 : 0;
        }
      }
      Arrays.sort(errors, 0, count);
      double constant = 2 * errors[Math.max(0, inside - 1)];
      return new double[] {(double) inside / count, width / count / constant};
    }
  }
}
