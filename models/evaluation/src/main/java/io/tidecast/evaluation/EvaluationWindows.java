package io.tidecast.evaluation;

import io.tidecast.evaluation.data.DataException;
import io.tidecast.evaluation.data.TimeSeries;
import io.tidecast.evaluation.data.WindowGaps;
import io.tidecast.runtime.context.Bases;
import io.tidecast.runtime.context.GapPolicy;
import io.tidecast.runtime.context.GapSettings;
import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.measures.FloatResolution;
import io.tidecast.runtime.windows.Window;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The windows of a model over a series. A model of as many channels as the series takes them
 * together; to a model of one channel each channel is a series of its own. One thread: the arrays
 * of a window are those of the one before.
 */
public final class EvaluationWindows {
  /** Every window has a series of this name, for which the noise of a generative model is drawn. */
  private static final String SERIES = "evaluation";

  private final TimeSeries series;
  private final int[][] groups;
  private final int[][] targets;
  private final int[] covariates;
  private final float[] context;
  private final float[] futureCovariates;
  private final int contextLength;
  private final TimeSeries filled;
  private final boolean hasGaps;
  private final boolean isCoarse;
  private final GapPolicy gaps;
  private int given;

  /**
   * The windows of a series whose gaps are filled as a job fills them if nothing is said.
   *
   * @param futureCovariates names of the channels that are known ahead, in the model's order
   * @throws DataException if the series has other channels than the model
   */
  public EvaluationWindows(TimeSeries series, ForecasterSpec spec, List<String> futureCovariates) {
    this(series, spec, futureCovariates, GapSettings.DEFAULT);
  }

  /**
   * The windows of a series.
   *
   * @param futureCovariates names of the channels that are known ahead, in the model's order
   * @param settings what becomes of missing values
   * @throws DataException if the series has other channels than the model
   */
  public EvaluationWindows(
      TimeSeries series, ForecasterSpec spec, List<String> futureCovariates, GapSettings settings) {
    int channels = series.channels().size();
    if (spec.channels() != 1 && spec.channels() != channels) {
      throw new DataException(
          "the series must have the model's "
              + spec.channels()
              + " channels, found "
              + series.channels());
    }
    int[] all = IntStream.range(0, channels).toArray();
    this.series = series;
    this.groups =
        spec.channels() == channels
            ? new int[][] {all}
            : IntStream.of(all).mapToObj(c -> new int[] {c}).toArray(int[][]::new);
    this.targets =
        spec.channels() == channels
            ? new int[][] {spec.targets().stream().mapToInt(Integer::intValue).toArray()}
            : groups;
    this.covariates = covariates(series, spec, futureCovariates);
    this.context = new float[spec.contextSize()];
    this.filled = series.filled();
    this.hasGaps = series.missing() > 0;
    this.isCoarse = isCoarse(series);
    this.gaps = WindowGaps.policy(settings, series.grid(), spec.contextLength(), spec.channels());
    this.given = spec.contextLength();
    this.futureCovariates = new float[spec.futureCovariatesSize()];
    this.contextLength = spec.contextLength();
  }

  /** Whether 32-bit floats can't hold the values of a channel well. */
  private static boolean isCoarse(TimeSeries series) {
    int channels = series.channels().size();
    for (int channel = 0; channel < channels; channel++) {
      if (!FloatResolution.of(series.values(), channels, channel).isAmple()) {
        return true;
      }
    }
    return false;
  }

  /** Has the cells of each context before the newest ones missing, as of a young series. */
  void give(int newestCells) {
    given = newestCells;
  }

  private static int[] covariates(TimeSeries series, ForecasterSpec spec, List<String> names) {
    int count = spec.inputs().futureCovariates();
    if (count == 0) {
      return new int[0];
    }
    if (count != names.size() || !series.channels().containsAll(names)) {
      throw new DataException(
          "the series must have the model's "
              + count
              + " future covariates among its channels "
              + series.channels()
              + ", named were "
              + names);
    }
    return names.stream().mapToInt(series.channels()::indexOf).toArray();
  }

  /** Returns the number of windows that end at the same row. */
  int groups() {
    return groups.length;
  }

  /** Returns the numbers of the channels that a group forecasts, in the model's order. */
  int[] targets(int group) {
    return targets[group];
  }

  /** Lists the names of the channels that all groups forecast, one group after the other. */
  List<String> targetNames() {
    return IntStream.range(0, groups.length)
        .flatMap(group -> IntStream.of(targets[group]))
        .mapToObj(series.channels()::get)
        .toList();
  }

  /**
   * Tells whether a job would make a forecast there: not so many values of the context are missing
   * that it would not fill them.
   */
  public boolean isWhole(int originRow, int group) {
    if (!hasGaps) {
      return true;
    }
    float[] known = known(originRow, group, Window.NO_BASES);
    return gaps.fill(known, GapPolicy.missing(known), 0, known.length) == GapPolicy.Outcome.FILLED;
  }

  /** Copies the cells of a context that there are, missing values among them. */
  private float[] known(int originRow, int group, double[] bases) {
    int first = Math.max(0, originRow - given + 1);
    double[] values = new double[(originRow - first + 1) * groups[group].length];
    series.copy(first, groups[group], values);
    float[] known = new float[values.length];
    Bases.subtract(values, bases, known);
    return known;
  }

  /**
   * Returns the window whose last context cell is that row. Missing values are filled as a job
   * fills them; cells before the first row, and before those given, are missing.
   */
  public Window window(int originRow, int group) {
    int first = originRow - contextLength + 1;
    double[] bases = Window.NO_BASES;
    if (isCoarse || hasGaps || given < contextLength || first < 0) {
      bases = isCoarse ? bases(originRow, group) : bases;
      float[] known = known(originRow, group, bases);
      if (hasGaps) {
        var unused = gaps.fill(known, bases, GapPolicy.missing(known), 0, known.length);
      }
      Arrays.fill(context, Float.NaN);
      System.arraycopy(known, 0, context, context.length - known.length, known.length);
    } else {
      series.copy(first, groups[group], context);
    }
    filled.copy(originRow + 1, covariates, futureCovariates);
    return new Window(
        groups.length == 1 ? SERIES : SERIES + "/" + series.channels().get(group),
        series.wallMillis(originRow),
        series.step().toMillis(),
        context,
        futureCovariates,
        bases);
  }

  private double[] bases(int originRow, int group) {
    int first = Math.max(0, originRow - given + 1);
    double[] values = new double[(originRow - first + 1) * groups[group].length];
    series.copy(first, groups[group], values);
    return Bases.of(values, groups[group].length);
  }

  /**
   * Copies what then happened to the targets of a group, {@code [horizon][target]}; NaN is not
   * known.
   */
  void actual(int originRow, int group, float[] destination) {
    series.copy(originRow + 1, targets[group], destination);
  }

  /**
   * The same told from bases.
   *
   * @param bases one per target; empty where all are 0
   */
  void actual(int originRow, int group, double[] bases, float[] destination) {
    if (bases.length == 0) {
      actual(originRow, group, destination);
      return;
    }
    double[] values = new double[destination.length];
    series.copy(originRow + 1, targets[group], values);
    Bases.subtract(values, bases, destination);
  }

  /** Returns the bases of the targets of a group; empty where those of its channels are. */
  double[] ofTargets(double[] bases, int group) {
    return bases.length == 0
        ? bases
        : groups.length > 1
            ? bases
            : IntStream.of(targets[group]).mapToDouble(channel -> bases[channel]).toArray();
  }
}
