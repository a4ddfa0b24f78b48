package io.tidecast.benchmarks.online;

import io.tidecast.runtime.measures.Leads;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.DoubleFunction;
import org.jspecify.annotations.Nullable;
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

  @Option(
      names = "--plots",
      paramLabel = "DIR",
      description = "Write the figures of the page here too, as SVG.")
  private @Nullable Path plots;

  @Option(
      names = "--starts",
      description = "Print what the first intervals of new series cover, and nothing else.")
  private boolean starts;

  @Option(
      names = "--chance",
      description =
          "Print on how many series intervals would be as near to what they say by chance, if they were right, and nothing else.")
  private boolean chance;

  /** Exits with 0 when coverage is right on average at every lead, also after shifts of level. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new CalibrationBenchmark()).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    List<MemberStream> undisturbed = streams.read(false);
    if (starts) {
      print("%s", new StartTable(undisturbed).text());
      return 0;
    }
    List<MixedStream> calm = undisturbed.stream().map(MixedStream::of).toList();
    if (chance) {
      print("%s", new ChanceTable(calm).text());
      return 0;
    }
    List<MixedStream> shifted = streams.read(true).stream().map(MixedStream::of).toList();
    Map<String, DoubleFunction<IntervalRule>> rules = new LinkedHashMap<>();
    rules.put("ACI, step 0.005", coverage -> new PlainAci(coverage, .005));
    rules.put("ACI, step 0.05", coverage -> new PlainAci(coverage, .05));
    rules.put("DtACI", DynamicAci::new);
    if (allSets) {
      for (MixedStream stream : calm) {
        print("%s%n", stream.stream().title());
        print("%s%n", new Row(List.of(stream), List.of(), MixedStream::bounds).text());
      }
    }
    print(
        "| rule | lead | 90 %% covers | within 88–92 %% | width | wider than 1.15 | 50 %% covers ");
    print("| within 47–53 %% | width | after a shift |%n");
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |%n");
    show("Tidecast", new Row(calm, shifted, MixedStream::bounds));
    rules.forEach(
        (name, rule) ->
            show(
                name, new Row(calm, shifted, (stream, steps, c) -> stream.bounds(steps, c, rule))));
    print("%n%s", BandTable.text(calm));
    if (plots != null) {
      new CalibrationPlots(calm, shifted).write(plots);
    }
    boolean holds = new Row(calm, shifted, MixedStream::bounds).holds();
    print("%s%n", holds ? "holds" : "DOES NOT HOLD");
    return holds ? 0 : 1;
  }

  private static void show(String name, Row row) {
    print("%s", row.text().replaceAll("(?m)^\\|", "| " + name + " |"));
  }

  private static void print(String format, Object... arguments) {
    System.out.printf(Locale.ROOT, format, arguments);
  }

  /** Gives the intervals of a stream so many steps ahead, the bounds of each forecast. */
  @FunctionalInterface
  private interface Intervals {
    double[][] of(MixedStream stream, int steps, double coverage);
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
            mean += held(stream, lead, coverage).covered() / calm.size();
          }
          holds &= Math.abs(mean - coverage) <= (coverage == .9 ? .02 : .03);
        }
        holds &= shifts() < FEWEST_SHIFTS || Math.abs(after(lead) - 90) <= 5;
      }
      return holds;
    }

    private MixedStream.Held held(MixedStream stream, int lead, double coverage) {
      int steps = stream.leads().step(lead);
      return stream.held(steps, intervals.of(stream, steps, coverage));
    }

    private String calm(int lead, double coverage) {
      double covered = 0;
      double widths = 0;
      int within = 0;
      int wide = 0;
      double slack = coverage == .9 ? .02 : .03;
      for (MixedStream stream : calm) {
        MixedStream.Held held = held(stream, lead, coverage);
        covered += held.covered() / calm.size();
        widths += Math.log(held.width()) / calm.size();
        within += Math.abs(held.covered() - coverage) <= slack ? 1 : 0;
        wide += held.width() > 1.15 ? 1 : 0;
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
        int steps = stream.leads().step(lead);
        double[][] bounds = intervals.of(stream, steps, .9);
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
}
