package io.tidecast.runtime.manifest;

import io.tidecast.runtime.manifest.ModelManifest.Patches;
import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a forecaster is given beside the context, or in its place.
 *
 * @param patches how the context is cut for a forecaster that takes patches; null for one that
 *     takes it whole
 * @param futureCovariates values known ahead, for each cell of the horizon
 * @param contextTimeFeatures of the cells of the context, in the order of the input's last axis
 * @param futureTimeFeatures of the cells of the horizon
 * @param noise standard normal draws for each window
 */
public record ForecasterInputs(
    @Nullable Patches patches,
    int futureCovariates,
    List<CalendarFeature> contextTimeFeatures,
    List<CalendarFeature> futureTimeFeatures,
    int noise)
    implements Serializable {

  /** Takes nothing beside the context. */
  public static final ForecasterInputs NONE = new ForecasterInputs(0, List.of(), List.of(), 0);

  public ForecasterInputs {
    Checks.require(
        futureCovariates >= 0, "must not be negative", "futureCovariates", futureCovariates);
    Checks.require(noise >= 0, "must not be negative", "noise", noise);
    contextTimeFeatures = List.copyOf(contextTimeFeatures);
    futureTimeFeatures = List.copyOf(futureTimeFeatures);
  }

  /** Describes a forecaster that takes contexts whole. */
  public ForecasterInputs(
      int futureCovariates,
      List<CalendarFeature> contextTimeFeatures,
      List<CalendarFeature> futureTimeFeatures,
      int noise) {
    this(null, futureCovariates, contextTimeFeatures, futureTimeFeatures, noise);
  }

  /** Takes contexts as they are in the place of patches. */
  ForecasterInputs withWholeContexts() {
    return new ForecasterInputs(futureCovariates, contextTimeFeatures, futureTimeFeatures, noise);
  }
}
