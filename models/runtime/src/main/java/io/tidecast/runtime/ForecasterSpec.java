package io.tidecast.runtime;

import java.io.Serializable;
import java.util.List;

/**
 * What a forecaster takes and gives.
 *
 * @param id of the model, for instance {@code patchtst-uk-demand}
 * @param version of the model
 * @param contextLength number of past cells of a window
 * @param predictionLength number of cells a forecast reaches ahead
 * @param channels values per cell, of the context and of the forecast alike
 * @param quantileLevels ascending, each in (0, 1); empty when the model gives points only
 */
public record ForecasterSpec(
    String id,
    String version,
    int contextLength,
    int predictionLength,
    int channels,
    List<Double> quantileLevels)
    implements Serializable {

  public ForecasterSpec {
    Checks.notBlank("id", id);
    Checks.notBlank("version", version);
    Checks.positive("contextLength", contextLength);
    Checks.positive("predictionLength", predictionLength);
    Checks.positive("channels", channels);
    quantileLevels = QuantileLevels.checked(quantileLevels);
  }

  /** Number of floats of one context, {@code [time][channel]}. */
  public int contextSize() {
    return Math.multiplyExact(contextLength, channels);
  }

  /** Number of floats of one row of points, {@code [horizon][channel]}. */
  public int pointsSize() {
    return Math.multiplyExact(predictionLength, channels);
  }

  /** Number of floats of one row of quantiles, {@code [horizon][level]}; 0 without levels. */
  public int quantilesSize() {
    return Math.multiplyExact(predictionLength, quantileLevels.size());
  }
}
