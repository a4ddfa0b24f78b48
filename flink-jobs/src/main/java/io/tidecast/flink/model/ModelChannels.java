package io.tidecast.flink.model;

import io.tidecast.runtime.manifest.ModelManifest;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The channels of a model by name, as far as a job must know them.
 *
 * @param names in the model's order; empty for a model that needs none
 * @param futureCovariates those whose values are known ahead, in the order in which it takes them
 */
public record ModelChannels(List<String> names, List<String> futureCovariates)
    implements Serializable {

  /** Of a model without future covariates: what its channels are called makes no difference. */
  public static final ModelChannels UNNAMED = new ModelChannels(List.of(), List.of());

  public ModelChannels {
    names = List.copyOf(names);
    futureCovariates = List.copyOf(futureCovariates);
    if (!names.containsAll(futureCovariates)) {
      throw new IllegalArgumentException(
          "must be among %s: futureCovariates=%s".formatted(names, futureCovariates));
    }
  }

  public static ModelChannels of(ModelManifest manifest) {
    boolean ahead = manifest.spec().inputs().futureCovariates() > 0;
    return new ModelChannels(
        manifest.channels().names(), ahead ? manifest.futureCovariates() : List.of());
  }

  /** Where the channels of an observation are among all, in order. */
  public int[] observed() {
    return IntStream.range(0, names.size())
        .filter(channel -> !futureCovariates.contains(names.get(channel)))
        .toArray();
  }

  /** The names of what an observation has, in order; empty where channels have none. */
  public List<String> observedNames() {
    return Arrays.stream(observed()).mapToObj(names::get).toList();
  }
}
