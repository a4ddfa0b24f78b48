package io.tidecast.evaluation;

import io.tidecast.evaluation.data.DataException;
import io.tidecast.evaluation.data.TimeSeries;
import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.windows.Window;
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

  /**
   * @param futureCovariates names of the channels that are known ahead, in the model's order
   * @throws DataException if the series has other channels than the model
   */
  public EvaluationWindows(TimeSeries series, ForecasterSpec spec, List<String> futureCovariates) {
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
    this.futureCovariates = new float[spec.futureCovariatesSize()];
    this.contextLength = spec.contextLength();
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

  /** Returns the window whose last context cell is that row. */
  public Window window(int originRow, int group) {
    series.copy(originRow - contextLength + 1, groups[group], context);
    series.copy(originRow + 1, covariates, futureCovariates);
    return new Window(
        groups.length == 1 ? SERIES : SERIES + "/" + series.channels().get(group),
        series.timeMillis(originRow),
        series.step().toMillis(),
        context,
        futureCovariates);
  }

  /** Copies what then happened to the targets of a group, {@code [horizon][target]}. */
  void actual(int originRow, int group, float[] destination) {
    series.copy(originRow + 1, targets[group], destination);
  }
}
