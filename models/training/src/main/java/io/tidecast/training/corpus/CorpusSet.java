package io.tidecast.training.corpus;

import io.tidecast.evaluation.data.Split;
import io.tidecast.evaluation.data.SplitSeries;
import io.tidecast.evaluation.data.SplitSet;
import io.tidecast.evaluation.data.TimeSeries;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A data set of a {@link Corpus}. Its weight, and not its size, decides how often it is drawn from.
 *
 * @param name for messages
 * @param weight against the other sets, positive
 * @param training series to learn from
 * @param validation series, or later ranges of those, that are never learned from; may be empty
 */
public record CorpusSet(
    String name, double weight, List<CorpusSeries> training, List<CorpusSeries> validation) {

  /** Checks the weight and that there is something to learn from. */
  public CorpusSet {
    training = List.copyOf(training);
    validation = List.copyOf(validation);
    if (!(weight > 0) || Double.isInfinite(weight)) {
      throw new IllegalArgumentException(
          "weight of the data set " + name + " must be positive: weight=" + weight);
    }
    if (training.isEmpty()) {
      throw new IllegalArgumentException(
          "data set " + name + " must have a series to learn from, it has none");
    }
  }

  /** The channels of one series, each by itself, without the split's test rows. */
  public static CorpusSet of(String name, double weight, TimeSeries series, Split split) {
    return of(name, weight, SplitSet.of(SplitSeries.of(series, split)));
  }

  /** The channels of one or more series, each by itself, without the split's test rows. */
  public static CorpusSet of(String name, double weight, SplitSet data) {
    List<CorpusSeries> training = new ArrayList<>();
    List<CorpusSeries> validation = new ArrayList<>();
    data.series()
        .forEach(
            (series, one) -> {
              String prefix = series.isEmpty() ? "" : series + "/";
              training.addAll(channels(prefix, one, Split.Part.TRAIN));
              validation.addAll(channels(prefix, one, Split.Part.VALIDATION));
            });
    return new CorpusSet(name, weight, training, validation);
  }

  /** What the manifest tells of the set. */
  Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("data", name);
    map.put("series", training.stream().map(CorpusSeries::name).toList());
    map.put("trainingRows", rows(training));
    map.put("validationRows", rows(validation));
    return map;
  }

  String describe() {
    return String.format(
        Locale.ROOT,
        "`%s`, the first %,d rows of %s, and to choose the epoch the next %,d",
        name,
        rows(training),
        training.stream().map(CorpusSeries::name).collect(Collectors.joining(", ")),
        rows(validation));
  }

  private static int rows(List<CorpusSeries> series) {
    return series.stream().mapToInt(one -> one.values().length).max().orElse(0);
  }

  private static List<CorpusSeries> channels(String prefix, SplitSeries one, Split.Part part) {
    TimeSeries series = one.series();
    Split split = one.split();
    int first = split.begin(part);
    int channels = series.channels().size();
    List<CorpusSeries> ranges = new ArrayList<>(channels);
    for (int c = 0; c < channels; c++) {
      float[] values = new float[split.end(part) - first];
      for (int row = 0; row < values.length; row++) {
        values[row] = (float) series.values()[(first + row) * channels + c];
      }
      ranges.add(new CorpusSeries(prefix + series.channels().get(c), values));
    }
    return ranges;
  }
}
