package io.tidecast.flink.record;

import static java.util.Objects.requireNonNull;

import io.tidecast.runtime.manifest.ForecasterSpec;
import java.util.Arrays;
import java.util.List;

/**
 * Who made a forecast, and what its numbers are of. One for all the forecasts of a forecaster,
 * which share it by reference: its arrays are never changed.
 *
 * @param modelId of the model; the baseline's for a fallback
 * @param modelVersion of the model; the baseline's for a fallback
 * @param channels number of targets
 * @param targets their names in the order of points and quantiles; empty where it has none for them
 * @param levels of the quantiles, ascending; empty where it gives points only
 * @param slot name of the slot of models that it forecasts for; empty where it is of none
 */
public record Issuer(
    String modelId,
    String modelVersion,
    int channels,
    String[] targets,
    double[] levels,
    String slot) {

  public Issuer {
    requireNonNull(modelId, "modelId is null");
    requireNonNull(modelVersion, "modelVersion is null");
    requireNonNull(levels, "levels is null");
    requireNonNull(slot, "slot is null");
    if (targets.length != 0 && targets.length != channels) {
      throw new IllegalArgumentException(
          "must be as many as channels=%d, or none: targets=%s"
              .formatted(channels, List.of(targets)));
    }
  }

  /** Of no slot of models. */
  public Issuer(
      String modelId, String modelVersion, int channels, String[] targets, double[] levels) {
    this(modelId, modelVersion, channels, targets, levels, "");
  }

  /**
   * A forecaster as it signs its forecasts.
   *
   * @param names of all its channels; empty where they have none
   * @param slot name of the slot of models that it forecasts for; empty for none
   */
  public static Issuer of(ForecasterSpec spec, List<String> names, String slot) {
    return new Issuer(
        spec.id(),
        spec.version(),
        spec.targets().size(),
        names.isEmpty()
            ? new String[0]
            : spec.targets().stream().map(names::get).toArray(String[]::new),
        spec.quantileLevels().stream().mapToDouble(Double::doubleValue).toArray(),
        slot);
  }

  /** The same, of no slot of models. */
  public static Issuer of(ForecasterSpec spec, List<String> names) {
    return of(spec, names, "");
  }

  /** Whether both are the same in everything. */
  @SuppressWarnings("ReferenceEquality") // The usual case, and a cheap one.
  public boolean isLike(Issuer other) {
    return this == other
        || (modelId.equals(other.modelId)
            && modelVersion.equals(other.modelVersion)
            && channels == other.channels
            && slot.equals(other.slot)
            && Arrays.equals(targets, other.targets)
            && Arrays.equals(levels, other.levels));
  }
}
