package io.tidecast.evaluation.linear;

import io.tidecast.architectures.Tensor;
import io.tidecast.architectures.layers.Blocks;
import io.tidecast.architectures.networks.Linear;
import io.tidecast.architectures.networks.LinearConfig;
import io.tidecast.evaluation.data.DataException;
import io.tidecast.evaluation.data.Split;
import io.tidecast.evaluation.data.SplitSeries;
import io.tidecast.evaluation.data.SplitSet;
import io.tidecast.evaluation.data.WindowGaps;
import io.tidecast.runtime.manifest.CalendarFeature;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The weights of {@link Linear}, computed: those with the least squares on the training rows, with
 * a penalty on their squares, of which the validation rows choose the size. Errors count in
 * standard deviations of the training rows, as those of every training.
 *
 * <p>Where windows and steps are so many that it would take minutes, it learns from one window of
 * several.
 *
 * @param config what was asked for
 * @param weights {@code [group][term][step]}: for all channels, or for each; the terms are the
 *     lags, oldest first, the calendar, and 1
 * @param penalty that was chosen, in mean squares of a term
 * @param validationLoss mean squared error on the validation rows, scaled
 * @param stride it has learned from one window of so many
 * @param seconds that it took
 */
@SuppressWarnings("ArrayRecordComponent")
public record Ridge(
    LinearConfig config,
    double[][] weights,
    double penalty,
    double validationLoss,
    int stride,
    double seconds) {

  private static final double[] PENALTIES = {1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1};

  /** Multiplications; some ten seconds of one core. */
  private static final double MOST_WORK = 3e10;

  private static final long MOST_BYTES = 256L << 20;

  /**
   * Computes the weights for every channel of one or more series.
   *
   * @throws DataException if a part of the data holds no window
   */
  public static Ridge fit(SplitSet data, LinearConfig config) {
    return fit(data, config, IntStream.range(0, data.any().series().channels().size()).toArray());
  }

  /**
   * Computes the weights from some channels of one or more series.
   *
   * @param channels their numbers; with weights for each, those of the configuration, in order
   * @throws DataException if a part of the data holds no window
   */
  public static Ridge fit(SplitSet data, LinearConfig config, int[] channels) {
    data.requireWindows(config.seqLen(), config.predLen());
    return new Solver(data, config, channels).solve();
  }

  /** The weights under the names of {@link Linear}. */
  public Map<String, Tensor> tensors() {
    int lags = config.seqLen();
    int steps = config.predLen();
    int terms = config.calendarTerms();
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    float[] calendar = new float[weights.length * steps * terms];
    for (int group = 0; group < weights.length; group++) {
      String name = config.individual() ? "linears." + group : "linear";
      float[] weight = new float[steps * lags];
      float[] bias = new float[steps];
      for (int step = 0; step < steps; step++) {
        for (int lag = 0; lag < lags; lag++) {
          weight[step * lags + lag] = (float) weight(group, lag, step);
        }
        for (int term = 0; term < terms; term++) {
          calendar[(group * steps + step) * terms + term] =
              (float) weight(group, lags + term, step);
        }
        bias[step] = (float) weight(group, lags + terms, step);
      }
      tensors.put(name + ".weight", Tensor.of(weight, steps, lags));
      tensors.put(name + ".bias", Tensor.of(bias, steps));
    }
    if (terms > 0) {
      tensors.put("calendar.weight", Tensor.of(calendar, (long) weights.length * steps, terms));
    }
    return tensors;
  }

  double weight(int group, int term, int step) {
    return weights[group][term * config.predLen() + step];
  }

  /** One computation. */
  private static final class Solver {
    private final SplitSet data;
    private final List<Lesson> lessons = new ArrayList<>();
    private final LinearConfig config;
    private final int[] channels;
    private final int lags;
    private final int steps;
    private final int calendarTerms;
    private final int terms;

    /**
     * What is learned from one series.
     *
     * @param values scaled and filled, {@code [row][channel]}
     * @param marks places in the calendar, {@code [row]}
     */
    private record Lesson(SplitSeries data, WindowGaps gaps, float[] values, float[] marks) {}

    Solver(SplitSet data, LinearConfig config, int[] channels) {
      this.data = data;
      this.config = config;
      this.channels = channels;
      this.lags = config.seqLen();
      this.steps = config.predLen();
      this.calendarTerms = config.calendarTerms();
      this.terms = lags + calendarTerms + 1;
      List<CalendarFeature> calendar =
          new Linear().timeFeatures(config).stream().map(CalendarFeature::named).toList();
      for (SplitSeries one : data.all()) {
        float[] marks = new float[one.series().rows() * calendar.size()];
        CalendarFeature.fill(
            calendar, one.series().wallMillis(0), one.series().step().toMillis(), marks);
        WindowGaps gaps = new WindowGaps(one.series(), data.gaps());
        float[] values = gaps.fill(one.scaler().scale(one.series()), one.scaler());
        lessons.add(new Lesson(one, gaps, values, marks));
      }
    }

    Ridge solve() {
      long start = System.nanoTime();
      int stride = stride();
      int groups = config.individual() ? channels.length : 1;
      double[][] weights = new double[groups][];
      int together = (int) Math.max(1, MOST_BYTES / (2 * NormalEquations.bytes(terms, steps)));
      NormalEquations[][] sums = new NormalEquations[groups][];
      double[] errors = new double[PENALTIES.length];
      // Of many groups one penalty is chosen; their sums are made twice rather than all kept.
      for (int from = 0; from < groups; from += together) {
        int until = Math.min(groups, from + together);
        sum(sums, from, until, stride);
        for (int group = from; group < until; group++) {
          for (int i = 0; i < PENALTIES.length; i++) {
            double[] found = sums[group][0].solve(PENALTIES[i]);
            errors[i] += sums[group][1].squaredErrors(found);
          }
        }
        if (until < groups || from > 0) {
          Arrays.fill(sums, from, until, null);
        }
      }
      int best = 0;
      for (int i = 1; i < errors.length; i++) {
        best = errors[i] < errors[best] ? i : best;
      }
      long outcomes = 0;
      for (int from = 0; from < groups; from += together) {
        int until = Math.min(groups, from + together);
        if (sums[from] == null) {
          sum(sums, from, until, stride);
        }
        for (int group = from; group < until; group++) {
          weights[group] = sums[group][0].solve(PENALTIES[best]);
          outcomes += sums[group][1].outcomes();
        }
        Arrays.fill(sums, from, until, null);
      }
      return new Ridge(
          config,
          weights,
          PENALTIES[best],
          errors[best] / outcomes,
          stride,
          (System.nanoTime() - start) / 1e9);
    }

    private int stride() {
      long windows =
          (long) channels.length
              * (data.windows(Split.Part.TRAIN, lags, steps)
                  + data.windows(Split.Part.VALIDATION, lags, steps));
      return (int) Math.ceil(windows * (double) terms * (terms + steps) / 2 / MOST_WORK);
    }

    /** Adds up training and validation rows of some groups. */
    private void sum(NormalEquations[][] sums, int from, int until, int stride) {
      for (int group = from; group < until; group++) {
        sums[group] =
            new NormalEquations[] {
              new NormalEquations(terms, steps), new NormalEquations(terms, steps)
            };
        int first = config.individual() ? group : 0;
        int last = config.individual() ? group + 1 : channels.length;
        for (int i = first; i < last; i++) {
          sum(Split.Part.TRAIN, channels[i], stride, sums[group][0]);
          sum(Split.Part.VALIDATION, channels[i], stride, sums[group][1]);
        }
      }
    }

    private void sum(Split.Part part, int channel, int stride, NormalEquations to) {
      for (Lesson lesson : lessons) {
        Split split = lesson.data.split();
        int first = split.firstWindow(part, lags);
        int count = split.windowsIfAny(part, lags, steps);
        for (int window = 0; window < count; window += stride) {
          if (lesson.gaps.isWhole(first + window, lags + steps)) {
            fill(lesson, to.row(), channel, first + window);
            to.add();
          }
        }
      }
    }

    /**
     * A row: what the network sees of a window, and what followed, both less the mean of the
     * context. The network divides by the deviation and multiplies again, so that an error counts
     * in units of the series.
     */
    private void fill(Lesson lesson, double[] row, int channel, int first) {
      float[] values = lesson.values;
      int width = lesson.data.series().channels().size();
      int at = first * width + channel;
      double sum = 0;
      for (int lag = 0; lag < lags; lag++) {
        sum += values[at + lag * width];
      }
      double mean = sum / lags;
      double squares = 0;
      for (int lag = 0; lag < lags; lag++) {
        row[lag] = values[at + lag * width] - mean;
        squares += row[lag] * row[lag];
      }
      double deviation = Math.sqrt(squares / lags + Blocks.NORM_EPSILON);
      for (int place = 0; place < calendarTerms; place++) {
        double away = (lesson.marks[first + lags - 1] + 0.5) * (calendarTerms - 1) - place;
        row[lags + place] = deviation * Math.max(0, 1 - Math.abs(away));
      }
      row[terms - 1] = deviation;
      for (int step = 0; step < steps; step++) {
        row[terms + step] = values[at + (lags + step) * width] - mean;
      }
    }
  }
}
