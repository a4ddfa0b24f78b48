package io.tidecast.runtime.manifest;

import com.fasterxml.jackson.annotation.JsonValue;

/** Says what a tensor of a model stands for. */
public enum TensorRole {
  /** {@code [batch, time, channel]}, units of the series. */
  CONTEXT("context", true),
  /**
   * {@code [batch·channel, patch, step]}, {@link ModelManifest.Patches} of the context, units of
   * the series.
   */
  PATCHES("patches", true),
  /** {@code [batch, time, feature]}, {@link CalendarFeature}s of the cells of the context. */
  CONTEXT_TIME_FEATURES("context_time_features", true),
  /** {@code [batch, horizon, feature]}, {@link CalendarFeature}s of the cells ahead. */
  FUTURE_TIME_FEATURES("future_time_features", true),
  /** {@code [batch, time, covariate]}, the channels that the manifest names past covariates. */
  PAST_COVARIATES("past_covariates", true),
  /** {@code [batch, horizon, covariate]}, what is known ahead, in its own units. */
  FUTURE_COVARIATES("future_covariates", true),
  /** {@code [batch, time+horizon, channel]}, the newest cells of the context, then zeros. */
  DECODER_INPUT("decoder_input", true),
  /** Standard normal draws, however many axes follow the batch. */
  NOISE("noise", true),
  /** {@code [batch, horizon, channel]}, the channels that are targets, units of the series. */
  POINT("point", false),
  /**
   * {@code [batch, horizon, channel, level]}, the channels that are targets, units of the series;
   * also {@code [batch, horizon, level]} of a single target.
   */
  QUANTILES("quantiles", false),
  /** {@code [batch, sample, horizon]}, units of the series. */
  SAMPLES("samples", false),
  /** Shaped as the context, 1 where a cell is there and 0 where it may stay missing and is. */
  OBSERVED_MASK("observed_mask", true),
  /** The same for every window, whatever its shape. */
  CONSTANT("constant", true),
  /** {@code [batch, column]}, lags and what else a regression has as its columns. */
  COLUMNS("columns", true),
  /** Is not fetched. */
  IGNORED("ignored", false);

  private final String key;
  private final boolean input;

  TensorRole(String key, boolean input) {
    this.key = key;
    this.input = input;
  }

  /** Returns the name in a manifest, which never changes. */
  @JsonValue
  public String key() {
    return key;
  }

  public boolean isInput() {
    return input;
  }
}
