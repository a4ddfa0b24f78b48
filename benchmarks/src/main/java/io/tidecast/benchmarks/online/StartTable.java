package io.tidecast.benchmarks.online;

import io.tidecast.evaluation.ResidualSum;
import io.tidecast.runtime.calibration.ModelResiduals;
import io.tidecast.runtime.manifest.Residuals;
import io.tidecast.runtime.measures.Leads;
import io.tidecast.runtime.mixture.MixturePlan;
import io.tidecast.runtime.mixture.Naive;
import io.tidecast.runtime.mixture.RecentCells;
import io.tidecast.runtime.mixture.TargetMixture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the first intervals of a series cover: with the errors of the naive forecaster alone, and
 * with those that a model's manifest would have from the other sets. Of a set whose file is that of
 * the series itself nothing counts.
 */
final class StartTable {
  private static final double[] LEVELS = {.05, .25, .75, .95};
  private static final double[] TAILS = {.05, .25, .25, .05};
  private static final int FIRST = 100;
  private static final int EVERY = 400;

  private final List<MemberStream> streams;
  private final Leads leads;
  private final Map<String, List<Residuals>> residuals = new LinkedHashMap<>();

  StartTable(List<MemberStream> streams) {
    this.streams = streams;
    this.leads = Leads.upTo(streams.get(0).horizon());
    for (MemberStream stream : streams) {
      residuals.put(stream.title(), List.of(measured(stream, List.of()), measured(stream, seasons(stream))));
    }
  }

  private static List<Integer> seasons(MemberStream stream) {
    return stream.names().contains("week")
        ? List.of(stream.set().day(), stream.set().week())
        : stream.names().contains("day") ? List.of(stream.set().day()) : List.of();
  }

  private Residuals measured(MemberStream stream, List<Integer> seasons) {
    ResidualSum sum = new ResidualSum(leads, seasons.stream().mapToInt(Integer::intValue).toArray());
    RecentCells cells = new RecentCells(stream.context());
    for (int back = stream.context() - 1; back > 0; back--) {
      cells.put(-back, stream.actual(0, -back));
    }
    double[] errors = new double[leads.count()];
    for (int i = 0; i < stream.count(); i++) {
      cells.put(i, stream.actual(i, 0));
      for (int lead = 0; lead < errors.length; lead++) {
        errors[lead] = stream.actual(i, leads.step(lead)) - stream.at(i)[0][leads.step(lead) - 1];
      }
      sum.add(cells, errors);
    }
    List<Integer> steps = new ArrayList<>();
    for (int lead = 0; lead < leads.count(); lead++) {
      steps.add(leads.step(lead));
    }
    return new Residuals(
        stream.title(),
        sum.windows(),
        seasons.isEmpty() ? List.of() : List.of("P1D", "P7D").subList(0, seasons.size()),
        steps,
        ResidualSum.LEVELS,
        List.of(sum.target(false)));
  }

  private @Nullable ModelResiduals others(MemberStream stream, boolean seasonal) {
    List<Residuals> others =
        streams.stream()
            .filter(other -> !other.set().file().equals(stream.set().file()))
            .map(other -> residuals.get(other.title()).get(seasonal ? 1 : 0))
            .toList();
    Duration step = Duration.ofDays(1).dividedBy(stream.set().day());
    return ModelResiduals.of(
        others, 0, step.multipliedBy(stream.set().day()).equals(Duration.ofDays(1)) ? step : Duration.ofMinutes(5), seasonal ? seasons(stream) : List.of());
  }

  void print() {
    for (boolean mixes : new boolean[] {false, true}) {
      for (int known : new int[] {1000, 100, 24, 9}) {
        System.out.printf("mixes %s, cells %d%n", mixes, known);
        Figures naive = new Figures(leads);
        Figures model = new Figures(leads);
        for (MemberStream stream : streams) {
          ModelResiduals others = others(stream, mixes && !seasons(stream).isEmpty());
          for (int begin = 0; begin + FIRST + leads.horizon() < stream.count(); begin += EVERY) {
            run(stream, mixes, known, begin, null, naive);
            run(stream, mixes, known, begin, others, model);
          }
          naive.next();
          model.next();
        }
        if (!Boolean.getBoolean("x.quiet")) naive.print("own cells");
        model.print("manifest");
        for (int lead = 0; lead < leads.count(); lead++) {
          double ratio = 0;
          int n = 0;
          for (int s = 0; s < streams.size(); s++) {
            double r = Math.log(model.all.get(s)[lead][3] / naive.all.get(s)[lead][3]);
            if (Double.isFinite(r)) { ratio += r; n++; }
          }
          System.out.printf(Locale.ROOT, " %.3f", Math.exp(ratio / n));
        }
        System.out.println(" pinball ratio");
      }
    }
  }

  private void run(MemberStream stream, boolean mixes, int known, int begin, @Nullable ModelResiduals others, Figures figures) {
    List<Naive> naives = new ArrayList<>();
    if (mixes) {
      for (int season : seasons(stream)) {
        naives.add(Naive.season("s" + season, season));
      }
      naives.add(Naive.last("last"));
      naives.add(Naive.line("line", stream.context()));
    }
    MixturePlan plan = new MixturePlan(1, naives, LEVELS, 0);
    TargetMixture series = plan.begin();
    for (int back = Math.min(known, stream.context()) - 1; back > 0; back--) {
      series.close(begin - back, stream.actual(begin, -back));
    }
    int horizon = stream.horizon();
    float[][] quantiles = new float[FIRST][];
    float[] point = new float[horizon];
    for (int i = 0; i < FIRST; i++) {
      series.close(begin + i, stream.actual(begin + i, 0));
      float[][] points = new float[plan.members()][horizon];
      points[0] = stream.at(begin + i)[0].clone();
      quantiles[i] = new float[horizon * LEVELS.length];
      series.forecast(
          begin + i,
          0,
          new TargetMixture.Said(points, points[0].clone(), point, quantiles[i], new double[plan.members()]),
          others);
      for (int lead = 0; lead < leads.count(); lead++) {
        figures.add(lead, stream.actual(begin + i, leads.step(lead)), quantiles[i], (leads.step(lead) - 1) * LEVELS.length);
      }
    }
  }

  private static final class Figures {
    final Leads leads;
    double[][] sums;
    final List<double[][]> all = new ArrayList<>();

    Figures(Leads leads) {
      this.leads = leads;
      sums = new double[leads.count()][5];
    }

    void add(int lead, double actual, float[] q, int at) {
      if (Double.isNaN(actual) || Double.isNaN(q[at])) {
        return;
      }
      double[] s = sums[lead];
      s[0]++;
      s[1] += q[at] <= actual && actual <= q[at + 3] ? 1 : 0;
      s[2] += q[at + 1] <= actual && actual <= q[at + 2] ? 1 : 0;
      for (int i = 0; i < 4; i++) {
        double d = actual - q[at + i];
        s[3] += Math.max(LEVELS[i] * d, (LEVELS[i] - 1) * d);
      }
      s[4] += q[at + 3] - q[at];
    }

    void next() {
      all.add(sums);
      sums = new double[leads.count()][5];
    }

    void print(String name) {
      for (int lead = 0; lead < leads.count(); lead++) {
        double c90 = 0, c50 = 0, d90 = 0;
        int near = 0;
        for (double[][] one : all) {
          double c = one[lead][1] / one[lead][0];
          c90 += c / all.size();
          d90 += Math.abs(c - .9) / all.size();
          near += Math.abs(c - .9) <= .05 ? 1 : 0;
          c50 += one[lead][2] / one[lead][0] / all.size();
        }
        System.out.printf(Locale.ROOT, "%s lead %d: 90: %.1f off %.1f within5 %d, 50: %.1f%n", name, leads.step(lead), 100 * c90, 100 * d90, near, 100 * c50);
      }
    }
  }

  public static void main(String[] a) throws Exception {
    new picocli.CommandLine(new Run()).execute(a);
  }

  @picocli.CommandLine.Command
  static final class Run implements java.util.concurrent.Callable<Integer> {
    @picocli.CommandLine.Mixin Streams streams;

    @Override
    public Integer call() throws Exception {
      new StartTable(streams.read(false)).print();
      return 0;
    }
  }
}
