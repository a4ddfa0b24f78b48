package io.tidecast.runtime.manifest;

import io.tidecast.runtime.manifest.ModelManifest.Patches;
import java.io.Serializable;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * What a forecaster takes and gives.
 *
 * @param id of the model, for instance {@code patchtst-uk-demand}
 * @param version of the model
 * @param contextLength number of past cells of a window
 * @param predictionLength number of cells that one run of the model reaches ahead, and that what it
 *     is given of the future covers
 * @param channels values per cell of the context
 * @param targets which of those channels are forecast, counted from 0, in the order of the
 *     forecast's last axis
 * @param inputs what it is given beside the context, or in its place
 * @param quantileLevels ascending, each in (0, 1); empty when the model gives points only
 * @param leftPadding whether the oldest cells of a context may stay missing
 * @param horizon number of cells of a forecast: the prediction length, unless it is cut or rolled
 *     out
 */
public record ForecasterSpec(
    String id,
    String version,
    int contextLength,
    int predictionLength,
    int channels,
    List<Integer> targets,
    ForecasterInputs inputs,
    List<Double> quantileLevels,
    boolean leftPadding,
    int horizon)
    implements Serializable {

  public ForecasterSpec {
    Checks.notBlank("id", id);
    Checks.notBlank("version", version);
    Checks.positive("contextLength", contextLength);
    Checks.positive("predictionLength", predictionLength);
    Checks.positive("channels", channels);
    Checks.positive("horizon", horizon);
    Checks.present("inputs", inputs);
    targets = List.copyOf(targets);
    Checks.require(!targets.isEmpty(), "must not be empty", "targets", targets);
    Checks.require(
        Set.copyOf(targets).size() == targets.size(), "must be distinct", "targets", targets);
    for (int target : targets) {
      Checks.require(
          target >= 0 && target < channels, "must be below " + channels, "targets", targets);
    }
    Checks.require(
        inputs.patches() == null || inputs.patches().count(contextLength) > 0,
        "must cut a context of " + contextLength + " cells",
        "patches",
        inputs.patches());
    quantileLevels = QuantileLevels.checked(quantileLevels);
  }

  /** Describes forecasts as long as the model makes them. */
  public ForecasterSpec(
      String id,
      String version,
      int contextLength,
      int predictionLength,
      int channels,
      List<Integer> targets,
      ForecasterInputs inputs,
      List<Double> quantileLevels,
      boolean leftPadding) {
    this(
        id,
        version,
        contextLength,
        predictionLength,
        channels,
        targets,
        inputs,
        quantileLevels,
        leftPadding,
        predictionLength);
  }

  /** Describes a model that needs every cell of its context. */
  public ForecasterSpec(
      String id,
      String version,
      int contextLength,
      int predictionLength,
      int channels,
      List<Integer> targets,
      ForecasterInputs inputs,
      List<Double> quantileLevels) {
    this(
        id,
        version,
        contextLength,
        predictionLength,
        channels,
        targets,
        inputs,
        quantileLevels,
        false);
  }

  /** Describes a model that forecasts every channel from the whole context alone. */
  public ForecasterSpec(
      String id,
      String version,
      int contextLength,
      int predictionLength,
      int channels,
      List<Double> quantileLevels) {
    this(
        id,
        version,
        contextLength,
        predictionLength,
        channels,
        IntStream.range(0, channels).boxed().toList(),
        ForecasterInputs.NONE,
        quantileLevels);
  }

  /** Changes the horizon alone. */
  ForecasterSpec withHorizon(int cells) {
    return new ForecasterSpec(
        id,
        version,
        contextLength,
        predictionLength,
        channels,
        targets,
        inputs,
        quantileLevels,
        leftPadding,
        cells);
  }

  /** Changes what the forecaster is given alone. */
  ForecasterSpec withInputs(ForecasterInputs others) {
    return new ForecasterSpec(
        id,
        version,
        contextLength,
        predictionLength,
        channels,
        targets,
        others,
        quantileLevels,
        leftPadding,
        horizon);
  }

  /** Number of floats of one context, {@code [time][channel]}. */
  public int contextSize() {
    return Math.multiplyExact(contextLength, channels);
  }

  /** Number of floats of the covariates of one window, {@code [prediction length][covariate]}. */
  public int futureCovariatesSize() {
    return size(TensorRole.FUTURE_COVARIATES);
  }

  /** Number of floats of one row of points, {@code [horizon][target]}. */
  public int pointsSize() {
    return Math.multiplyExact(horizon, targets.size());
  }

  /**
   * Number of floats of one row of quantiles, {@code [horizon][target][level]}; 0 without levels.
   */
  public int quantilesSize() {
    return Math.multiplyExact(pointsSize(), quantileLevels.size());
  }

  /**
   * Returns the number of floats that one window puts in or gets out there, or 0 where there is
   * nothing.
   */
  public int size(TensorRole role) {
    return switch (role) {
      case CONTEXT -> inputs.patches() == null ? contextSize() : 0;
      case PATCHES -> patchesSize();
      case CONTEXT_TIME_FEATURES ->
          Math.multiplyExact(contextLength, inputs.contextTimeFeatures().size());
      case FUTURE_TIME_FEATURES ->
          Math.multiplyExact(predictionLength, inputs.futureTimeFeatures().size());
      case FUTURE_COVARIATES -> Math.multiplyExact(predictionLength, inputs.futureCovariates());
      case NOISE -> inputs.noise();
      case POINT -> pointsSize();
      case QUANTILES -> quantilesSize();
      case PAST_COVARIATES, DECODER_INPUT, OBSERVED_MASK, CONSTANT, COLUMNS, SAMPLES, IGNORED -> 0;
    };
  }

  private int patchesSize() {
    Patches patches = inputs.patches();
    return patches == null
        ? 0
        : Math.multiplyExact(
            Math.multiplyExact(channels, patches.count(contextLength)), patches.length());
  }
}
