package io.tidecast.cli.train;

import io.tidecast.evaluation.data.DataException;
import io.tidecast.evaluation.data.SeriesSet;
import io.tidecast.runtime.manifest.ModelManifest;
import java.util.ArrayList;
import java.util.List;

/**
 * The channels of a file that a model is measured on.
 *
 * @param series those channels, in the model's order; for a model of one channel as many as there
 *     are, each a series of its own
 * @param futureCovariates which of them are known ahead, in the model's order
 * @param notes what was taken for what, a line each, where names alone did not say
 */
record MeasuredChannels(SeriesSet series, List<String> futureCovariates, List<String> notes) {
  private static final String SYNTHETIC = "channel_\\d+";

  /**
   * Finds the channels by name; where the file has other names than the model, by order.
   *
   * @param wanted channels of the file that alone count; empty for all
   * @throws DataException naming the channels that are missing
   */
  static MeasuredChannels of(ModelManifest manifest, SeriesSet file, List<String> wanted) {
    List<String> names = manifest.channels().names();
    SeriesSet series = wanted.isEmpty() ? file : file.select(wanted);
    List<String> found = series.channels();
    boolean named = found.containsAll(names);
    if (names.size() == 1 && (!named || !wanted.isEmpty())) {
      return new MeasuredChannels(series, List.of(), alone(names.get(0), found));
    }
    if (named) {
      return new MeasuredChannels(series.select(names), manifest.futureCovariates(), List.of());
    }
    boolean synthetic = names.stream().allMatch(name -> name.matches(SYNTHETIC));
    if (found.size() == names.size() || (synthetic && found.size() > names.size())) {
      List<String> taken = found.subList(0, names.size());
      return new MeasuredChannels(
          series.select(taken),
          manifest.futureCovariates().stream().map(c -> taken.get(names.indexOf(c))).toList(),
          List.of("Channels by order: " + taken + " for the model's " + names + "."));
    }
    List<String> missing = new ArrayList<>(names);
    missing.removeAll(found);
    throw new DataException(
        "data must have the model's channels "
            + names
            + ", missing are "
            + missing
            + ", found "
            + found
            + "; --channels says which to take in the model's order");
  }

  private static List<String> alone(String name, List<String> found) {
    if (found.equals(List.of(name))) {
      return List.of();
    }
    return List.of(
        found.size() == 1
            ? "Channel " + found.get(0) + " for the model's " + name + "."
            : "The model has one channel: each of " + found + " is a series of its own.");
  }
}
