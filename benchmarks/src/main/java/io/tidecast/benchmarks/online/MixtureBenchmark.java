package io.tidecast.benchmarks.online;

import io.tidecast.runtime.measures.Leads;
import io.tidecast.runtime.measures.QuantileErrors;
import io.tidecast.runtime.mixture.MixedSeries;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.IntFunction;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Compares ways to weigh the members of a mixture on series that come cell by cell. */
@Command(
    name = "benchmarks/run mixture",
    mixinStandardHelpOptions = true,
    description = "Compare ways to mix a model and seasonal naives on streams.")
@SuppressWarnings("NullAway.Init")
public final class MixtureBenchmark implements Callable<Integer> {
  private static final double GREATEST_OF_BEST = 1.03;
  private static final int QUANTILES_EVERY = 8;
  private static final List<Double> LEVELS = List.of(.1, .2, .3, .4, .5, .6, .7, .8, .9);

  @Mixin private Streams streams;

  /** Exits with 0 when the mixture is nowhere worse than it may be. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new MixtureBenchmark()).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    List<MemberStream> all = streams.read(false);
    Leads leads = Leads.upTo(all.get(0).horizon());
    Map<String, IntFunction<WeightRule>> rules = new LinkedHashMap<>();
    rules.put("reference", members -> new RecordRule(leads, members));
    rules.put("BOA", members -> new GradientRule(true, 1, members));
    rules.put("BOA by lead", members -> new GradientRule(true, leads.count(), members));
    rules.put("ML-Poly", members -> new GradientRule(false, 1, members));
    rules.put("ML-Poly by lead", members -> new GradientRule(false, leads.count(), members));
    rules.put("Tidecast", members -> WeightRule.tidecast(leads, members));
    return compare(all, leads, rules);
  }

  private static int compare(
      List<MemberStream> all, Leads leads, Map<String, IntFunction<WeightRule>> rules) {
    print("| set | best member, by daily naive | %s |%n", String.join(" | ", rules.keySet()));
    print("| --- | --- |%s%n", " ---: |".repeat(rules.size()));
    double[] ofDaily = new double[rules.size()];
    double[] ofBest = new double[rules.size()];
    double[] ofHindsight = new double[rules.size()];
    double[] worst = new double[rules.size()];
    double byLevel = 0;
    double pooled = 0;
    double calibrated = 0;
    for (MemberStream stream : all) {
      double daily = stream.error("day");
      double weekly = stream.names().contains("week") ? stream.error("week") : daily;
      String best =
          stream.names().stream().reduce((a, b) -> stream.error(b) < stream.error(a) ? b : a).get();
      StringBuilder line =
          new StringBuilder(
              text("| %s | %s %.3f |", stream.title(), best, stream.error(best) / daily));
      int number = 0;
      for (IntFunction<WeightRule> rule : rules.values()) {
        MixedRun run = MixedRun.of(stream, leads, rule.apply(stream.names().size()));
        double error = stream.error(run.mixed());
        double share = error / stream.error(best);
        line.append(text(" %.3f |", share));
        ofDaily[number] += Math.log(error / daily);
        ofBest[number] += Math.log(share);
        ofHindsight[number] += Math.log(error / Math.min(daily, weekly));
        worst[number] = Math.max(worst[number], share);
        if (++number == rules.size() && stream.modelQuantiles(0).length > 0) {
          double[] losses = run.quantileLosses(QUANTILES_EVERY, LEVELS);
          byLevel += Math.log(losses[1] / losses[0]);
          pooled += Math.log(losses[2] / losses[0]);
          calibrated += Math.log(losses[3] / losses[0]);
        }
      }
      print("%s%n", line);
    }
    summary("all, by the best member", ofBest, all.size());
    print(
        "| worst | |%s%n",
        Arrays.stream(worst).mapToObj(w -> text(" %.3f |", w)).reduce("", String::concat));
    summary("all, by daily naive", ofDaily, all.size());
    summary("all, by the better of daily and weekly in hindsight", ofHindsight, all.size());
    if (all.get(0).modelQuantiles(0).length > 0) {
      print(
          "%nPinball loss of the quantiles by that of the model's: mixed by level %.3f, as a linear"
              + " pool %.3f, calibrated around the mixture %.3f%n",
          Math.exp(byLevel / all.size()),
          Math.exp(pooled / all.size()),
          Math.exp(calibrated / all.size()));
    }
    int own = rules.size() - 1;
    boolean holds = worst[own] <= GREATEST_OF_BEST && ofDaily[own] <= ofDaily[0];
    print("%s%n", holds ? "holds" : "DOES NOT HOLD");
    return holds ? 0 : 1;
  }

  private static void summary(String title, double[] logarithms, int sets) {
    print(
        "| %s | |%s%n",
        title,
        Arrays.stream(logarithms)
            .mapToObj(sum -> text(" %.3f |", Math.exp(sum / sets)))
            .reduce("", String::concat));
  }

  private static String text(String format, Object... arguments) {
    return String.format(Locale.ROOT, format, arguments);
  }

  private static void print(String format, Object... arguments) {
    System.out.printf(Locale.ROOT, format, arguments);
  }

  /** The forecasts of a mixture over a stream, with the weights that each was made with. */
  private record MixedRun(MemberStream stream, Leads leads, float[][] mixed, double[][][] weights) {

    static MixedRun of(MemberStream stream, Leads leads, WeightRule rule) {
      int members = stream.names().size();
      float[][] mixed = new float[stream.count()][stream.horizon()];
      double[][][] weights = new double[stream.count()][leads.count()][members];
      float[] then = new float[members];
      for (int i = 0; i < stream.count(); i++) {
        rule.elapse();
        double actual = stream.actual(i, 0);
        for (int lead = 0; lead < leads.count() && !Double.isNaN(actual); lead++) {
          int origin = i - leads.step(lead);
          if (origin >= 0) {
            float[][] said = stream.at(origin);
            for (int k = 0; k < members; k++) {
              then[k] = said[k][leads.step(lead) - 1];
            }
            rule.learn(lead, actual, then, mixed[origin][leads.step(lead) - 1]);
          }
        }
        rule.weights(weights[i]);
        float[][] now = stream.at(i);
        for (int step = 1; step <= stream.horizon(); step++) {
          double sum = 0;
          for (int k = 0; k < members; k++) {
            sum += weight(leads, weights[i], step, k) * now[k][step - 1];
          }
          mixed[i][step - 1] = (float) sum;
        }
      }
      return new MixedRun(stream, leads, mixed, weights);
    }

    private static double weight(Leads leads, double[][] weights, int step, int member) {
      int lead = leads.reaching(step);
      double share = leads.share(step);
      return share * weights[lead][member]
          + (share == 1 ? 0 : (1 - share) * weights[lead - 1][member]);
    }

    /** Pinball losses of the model alone, of quantiles mixed by level, and of a linear pool. */
    double[] quantileLosses(int every, List<Double> levels) {
      double[] losses = new double[4];
      float[][] calibrated = calibrated(levels);
      int members = stream.names().size();
      int count = levels.size();
      Atom[] atoms = new Atom[count + members - 1];
      for (int i = 0; i < stream.count(); i += every) {
        float[][] points = stream.at(i);
        float[] model = stream.modelQuantiles(i);
        for (int step = 1; step <= stream.horizon(); step++) {
          double actual = stream.actual(i, step);
          if (Double.isNaN(actual)) {
            continue;
          }
          int first = (step - 1) * count;
          double own = weight(leads, weights[i], step, 0);
          double others = 0;
          for (int k = 1; k < members; k++) {
            double weight = weight(leads, weights[i], step, k);
            others += weight * points[k][step - 1];
            atoms[count + k - 1] = new Atom(points[k][step - 1], weight);
          }
          for (int level = 0; level < count; level++) {
            atoms[level] = new Atom(model[first + level], own / count);
          }
          Arrays.sort(atoms, (a, b) -> Double.compare(a.value(), b.value()));
          for (int level = 0; level < count; level++) {
            double tau = levels.get(level);
            losses[0] += QuantileErrors.pinball(tau, model[first + level], actual);
            losses[1] += QuantileErrors.pinball(tau, own * model[first + level] + others, actual);
            losses[2] += QuantileErrors.pinball(tau, quantile(atoms, tau), actual);
            losses[3] += QuantileErrors.pinball(tau, calibrated[i][first + level], actual);
          }
        }
      }
      return losses;
    }

    /** The quantiles that a job would give out, {@code [forecast][step][level]}. */
    private float[][] calibrated(List<Double> levels) {
      double[] ofTheSeries = levels.stream().mapToDouble(Double::doubleValue).toArray();
      requireTheMixture(ofTheSeries);
      MixedStream.Begin begin = new MixedStream.Begin(true, 0, stream.context(), null);
      return MixedStream.of(stream, begin, stream.count(), ofTheSeries).quantiles();
    }

    /** What is measured here is what a series mixes. */
    private void requireTheMixture(double[] levels) {
      MixedSeries series = new MixedSeries(leads, stream.names().size(), levels);
      float[] quantiles = new float[stream.horizon() * levels.length];
      float[] points = new float[stream.horizon()];
      for (int i = 0; i < stream.count(); i++) {
        series.close(i, stream.actual(i, 0));
        series.forecast(stream.at(i), points, quantiles);
        if (!Arrays.equals(points, mixed[i])) {
          throw new IllegalStateException("must be the same mixture: forecast=" + i);
        }
      }
    }

    private static double quantile(Atom[] atoms, double level) {
      double below = 0;
      for (Atom atom : atoms) {
        below += atom.weight();
        if (below >= level) {
          return atom.value();
        }
      }
      return atoms[atoms.length - 1].value();
    }

    private record Atom(double value, double weight) {}
  }
}
