package io.tidecast.benchmarks.online;

import io.tidecast.runtime.calibration.ModelResiduals;
import io.tidecast.runtime.measures.Leads;
import io.tidecast.runtime.mixture.MixturePlan;
import io.tidecast.runtime.mixture.Naive;
import io.tidecast.runtime.mixture.TargetMixture;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A stream with forecasts that are made of it as a job makes them.
 *
 * @param points {@code [forecast][step]}
 * @param quantiles {@code [forecast][step][level]}, row-major
 */
record MixedStream(MemberStream stream, Leads leads, float[][] points, float[][] quantiles) {
  private static final double[] LEVELS = {.05, .25, .75, .95};

  /** From this forecast on what an interval covers counts. */
  static final int WARM_UP = 500;

  /** How a series begins. */
  record Begin(boolean mixes, int first, int cells, @Nullable ModelResiduals known) {}

  /** The mixture of all members, from the first forecast to the last, with a whole context. */
  static MixedStream of(MemberStream stream) {
    return of(stream, new Begin(true, 0, stream.context(), null), stream.count());
  }

  /** So many forecasts of the model alone or of all members, from one of them on. */
  static MixedStream of(MemberStream stream, Begin begin, int count) {
    return of(stream, begin, count, LEVELS);
  }

  /** The same with quantiles of other levels, in which there are no intervals to ask for. */
  static MixedStream of(MemberStream stream, Begin begin, int count, double[] levels) {
    MixturePlan plan = new MixturePlan(1, begin.mixes ? naives(stream) : List.of(), levels, 0);
    TargetMixture series = plan.begin();
    for (int back = Math.min(begin.cells, stream.context()) - 1; back > 0; back--) {
      series.close(begin.first - back, stream.actual(begin.first, -back));
    }
    float[][] points = new float[count][stream.horizon()];
    float[][] quantiles = new float[count][stream.horizon() * levels.length];
    for (int i = 0; i < count; i++) {
      int at = begin.first + i;
      series.close(at, stream.actual(at, 0));
      float[][] said = new float[plan.members()][stream.horizon()];
      said[0] = stream.at(at)[0].clone();
      double[] shares = new double[plan.members()];
      series.forecast(
          at,
          0,
          new TargetMixture.Said(said, said[0].clone(), points[i], quantiles[i], shares),
          begin.known);
    }
    return new MixedStream(stream, Leads.upTo(stream.horizon()), points, quantiles);
  }

  private static List<Naive> naives(MemberStream stream) {
    List<Naive> naives = new ArrayList<>();
    for (int season : stream.seasons()) {
      naives.add(Naive.season("season of " + season, season));
    }
    naives.add(Naive.last("last"));
    naives.add(Naive.line("line", stream.context()));
    return naives;
  }

  /** The intervals that Tidecast gives out, {@code [forecast]} lower and upper bound. */
  double[][] bounds(int steps, double coverage) {
    int at = (steps - 1) * LEVELS.length;
    int low = coverage == .9 ? 0 : 1;
    return Arrays.stream(quantiles)
        .map(q -> new double[] {q[at + low], q[at + LEVELS.length - 1 - low]})
        .toArray(double[][]::new);
  }

  /** The intervals that a rule gives out around the same points. */
  double[][] bounds(int steps, double coverage, DoubleFunction<IntervalRule> rules) {
    IntervalRule rule = rules.apply(coverage);
    double[][] bounds = new double[points.length][];
    double[] issued = new double[points.length];
    for (int i = 0; i < points.length; i++) {
      double actual = stream.actual(i, 0);
      if (i >= steps && !Double.isNaN(actual)) {
        double point = points[i - steps][steps - 1];
        rule.learn(Math.abs(actual - point), issued[i - steps]);
      }
      issued[i] = rule.half();
      bounds[i] = new double[] {points[i][steps - 1] - issued[i], points[i][steps - 1] + issued[i]};
    }
    return bounds;
  }

  /**
   * What intervals covered.
   *
   * @param covered share of what happened
   * @param width mean width by that of the constant interval around the same points that would have
   *     covered as much
   */
  record Held(double covered, double width) {}

  /** How far off the points that many steps ahead were, each that counts. */
  double[] errors(int steps) {
    return IntStream.range(WARM_UP, points.length)
        .mapToDouble(i -> Math.abs(stream.actual(i, steps) - points[i][steps - 1]))
        .filter(error -> !Double.isNaN(error))
        .toArray();
  }

  /** What intervals that many steps ahead covered. */
  Held held(int steps, double[][] bounds) {
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
    return new Held((double) inside / count, width / count / constant);
  }

  /** What intervals of Tidecast covered over several steps ahead, each of which counts alike. */
  Held held(int from, int until, double coverage) {
    double covered = 0;
    double widths = 0;
    for (int steps = from; steps <= until; steps++) {
      Held one = held(steps, bounds(steps, coverage));
      covered += one.covered / (until - from + 1);
      widths += Math.log(one.width) / (until - from + 1);
    }
    return new Held(covered, Math.exp(widths));
  }
}
